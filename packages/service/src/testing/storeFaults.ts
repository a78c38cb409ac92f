import assert from "node:assert/strict"
import { Effect, Redacted, Stream } from "effect"
import type { StoreFunctions } from "../store/BillingStore.ts"
import { openStore, type StoreLocation } from "../store/openStore.ts"
import type { TestingPostgres } from "./postgres.ts"
import { startWriter, type WriterReport } from "./startWriter.ts"
import { verifyBalances, verifyStoredChain } from "./storeConformance.ts"
import { testingChain } from "./testingChain.ts"
import { writeOne } from "./writer.ts"

export interface FaultReport {
  readonly rounds: number
  readonly acknowledged: number
  /** Commits that were stored although their writer died before it could say so. */
  readonly unacknowledged: number
}

const opened = <A, E>(location: StoreLocation, use: (store: StoreFunctions) => Effect.Effect<A, E>) =>
  Effect.scoped(Effect.flatMap(openStore({ location, chain: testingChain }), use))

/** No acknowledged commit is lost or changed, the numbers are dense, the chain whole, the balances the fold of the journal. */
const verifyAfterFault = (store: StoreFunctions, tenant: string, acknowledged: WriterReport["acknowledged"]) =>
  Effect.gen(function* () {
    const head = yield* store.head(tenant)
    yield* verifyStoredChain(store, tenant)
    yield* verifyBalances(store, tenant)
    assert.deepEqual(yield* Stream.runCollect(store.contradictions(tenant)), [])
    assert.equal(head.nextNumber("INV", 2026), head.commitSequence + 1n)
    assert.equal(head.entryCount, head.commitSequence)
    assert.ok(head.commitSequence >= BigInt(acknowledged.length))
    for (const { key, commitSequence, number } of acknowledged) {
      assert.deepEqual(yield* writeOne(store, tenant, key), { answer: number, replayed: true, commitSequence, entriesPosted: 1 })
    }
    return Number(head.commitSequence) - acknowledged.length
  })

/** Kills a process that writes into an embedded database, and opens what it left: once per round, on the same folder. */
export const killDuringCommits = (folder: string, rounds: number) =>
  Effect.gen(function* () {
    const acknowledged: WriterReport["acknowledged"][number][] = []
    let unacknowledged = 0
    for (let round = 0; round < rounds; round++) {
      const writer = startWriter({ location: { folder }, tenant: "faults", name: `round-${round}`, fibers: 8, commits: 1_000_000 })
      const report = yield* Effect.promise(async () => {
        await writer.acknowledges(20 + ((round * 37) % 60))
        writer.kill()
        return writer.ended
      })
      assert.equal(report.error, null)
      acknowledged.push(...report.acknowledged)
      unacknowledged = yield* opened({ kind: "folder", folder }, (store) => verifyAfterFault(store, "faults", acknowledged))
    }
    return { rounds, acknowledged: acknowledged.length, unacknowledged } satisfies FaultReport
  })

/** Stops a PostgreSQL server at once while a process writes, starts it and looks: once per round, on the same database. */
export const stopDuringCommits = (server: TestingPostgres, database: string, rounds: number) =>
  Effect.gen(function* () {
    const acknowledged: WriterReport["acknowledged"][number][] = []
    let unacknowledged = 0
    const url = server.urlOf(database)
    for (let round = 0; round < rounds; round++) {
      const writer = startWriter({ location: { url }, tenant: "faults", name: `round-${round}`, fibers: 8, commits: 1_000_000 })
      const report = yield* Effect.promise(async () => {
        await writer.acknowledges(20 + ((round * 37) % 60))
        await server.stopImmediately()
        const ended = await writer.ended
        await server.start()
        return ended
      })
      assert.match(report.error ?? "", /^Unavailable /)
      acknowledged.push(...report.acknowledged)
      unacknowledged = yield* opened({ kind: "postgres", url: Redacted.make(url) }, (store) =>
        verifyAfterFault(store, "faults", acknowledged),
      )
    }
    return { rounds, acknowledged: acknowledged.length, unacknowledged } satisfies FaultReport
  })

/** Several processes write into one database at once: no fork, no gap, dense numbers, every commit once. */
export const writeFromProcesses = (url: string, processes: number, fibers: number, commits: number) =>
  Effect.gen(function* () {
    const reports = yield* Effect.promise(() =>
      Promise.all(
        Array.from(
          { length: processes },
          (_, index) => startWriter({ location: { url }, tenant: "many", name: `p${index}`, fibers, commits }).ended,
        ),
      ),
    )
    assert.deepEqual(
      reports.map(({ error }) => error),
      reports.map(() => null),
    )
    const acknowledged = reports.flatMap((report) => report.acknowledged)
    assert.equal(acknowledged.length, processes * commits)
    const places = acknowledged.map(({ commitSequence }) => commitSequence).sort((left, right) => Number(left - right))
    assert.deepEqual(
      places,
      places.map((_, index) => BigInt(index + 1)),
    )
    for (const { commitSequence, number } of acknowledged) assert.equal(number, commitSequence.toString())
    yield* opened({ kind: "postgres", url: Redacted.make(url) }, (store) => verifyAfterFault(store, "many", acknowledged))
    return acknowledged.length
  })
