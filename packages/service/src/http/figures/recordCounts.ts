import { type JobRecord, monthWindow } from "@hpc-billing/core"

import { expandNodeList } from "@hpc-billing/slurm-adapter"
import { Effect, Result, Stream } from "effect"
import { BillingStore } from "../../store/index.ts"

/** How the cluster did in a month, counted over the records whose time lies in it. */
export interface RecordCounts {
  readonly jobs: number
  readonly states: ReadonlyMap<string, number>
  /** Of jobs that did not complete. */
  readonly exitCodes: ReadonlyMap<string, number>
  readonly nodes: ReadonlyMap<string, number>
  /** null: no job reported any. */
  readonly energyJoules: bigint | null
}

const add = (counts: Map<string, number>, key: string): void => {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

export const loadRecordCounts = Effect.fn("loadRecordCounts")(function* (tenant: string, month: string, zone: string) {
  const store = yield* BillingStore
  const [states, exitCodes, nodes] = [new Map<string, number>(), new Map<string, number>(), new Map<string, number>()]
  const expanded = new Map<string, readonly string[]>()
  let jobs = 0
  let energyJoules: bigint | null = null
  const count = (record: JobRecord): void => {
    jobs += 1
    add(states, record.state)
    if (record.state !== "COMPLETED" && record.endSeconds !== null) add(exitCodes, record.exitCode)
    if (record.energyJoules !== null) energyJoules = (energyJoules ?? 0n) + record.energyJoules
    if (record.nodeList === "") return
    let names = expanded.get(record.nodeList)
    if (names === undefined) {
      // a list that is damaged stands as it was written
      names = Result.getOrElse(expandNodeList(record.nodeList), () => [record.nodeList])
      expanded.set(record.nodeList, names)
    }
    for (const name of names) add(nodes, name)
  }
  yield* Stream.runForEach(store.records(tenant, { window: monthWindow(month, zone) }), (record) => Effect.sync(() => count(record)))
  return { jobs, states, exitCodes, nodes, energyJoules } satisfies RecordCounts
})

/** The most frequent, at most ten. */
export const topCounts = (counts: ReadonlyMap<string, number>): readonly { readonly key: string; readonly jobs: number }[] =>
  [...counts]
    .map(([key, jobs]) => ({ key, jobs }))
    .sort((left, right) => right.jobs - left.jobs || (left.key < right.key ? -1 : 1))
    .slice(0, 10)
