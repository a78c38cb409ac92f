import {
  type JobRecord,
  jobKey,
  type Month,
  normalise,
  type RatedLine,
  type RatingContext,
  type Reading,
  rateReading,
  rateUsage,
  type Usage,
  usageOfReading,
} from "@hpc-billing/core"
import { Effect, Stream } from "effect"
import { BillingStore } from "../store/index.ts"
import type { ClosedRating, Seen } from "./closedRatings.ts"
import { receiptHeadersOf } from "./journalMonth.ts"
import { readingsOf } from "./Readings.ts"
import { recordsOfJob } from "./recordsOfJob.ts"

/** A job or reading that may be rated otherwise than closed months charge it, with the rule that prices it. */
export interface LateUsage {
  readonly usage: Usage
  readonly rate: (context: RatingContext) => readonly RatedLine[]
}

export interface LateUsages {
  /** By usage id. */
  readonly usages: ReadonlyMap<string, LateUsage>
  /** Months of which a void receipt corrected the period as a whole. */
  readonly voidedPeriods: ReadonlySet<Month>
}

/**
 * The usages that closed months must be looked at for. A month is closed only when it and the closed months before it charge what is
 * rated, and nobody can void a receipt of a closed month. So closed months can differ from their rating only by what the rating of the
 * last of them did not see, and by what a void on a receipt of an open month gave back.
 */
export const lateUsages = Effect.fnUntraced(function* (tenant: string, closed: readonly ClosedRating[], seen: Seen) {
  const last = closed.at(-1)
  if (last === undefined) return { usages: new Map(), voidedPeriods: new Set() } as LateUsages
  const voided = yield* voidedCorrections(tenant)
  const beforeSeconds = last.window.endSeconds
  const readings = yield* readingsToLookAt(tenant, last, seen, voided.usageIds)
  const records = [
    ...(yield* changedRecords(tenant, last, seen, beforeSeconds)),
    ...(yield* recordsOfUsages(tenant, voided.usageIds, seen.ingestSequence)),
  ]
  const late: readonly LateUsage[] = [
    ...normalise(records, { asOfSeconds: beforeSeconds }).usages.map((usage) => ({
      usage,
      rate: (context: RatingContext) => rateUsage(usage, context),
    })),
    ...readings.map((reading) => ({
      usage: usageOfReading(reading),
      rate: (context: RatingContext) => rateReading(reading, context),
    })),
  ]
  return { usages: new Map(late.map((each) => [each.usage.id, each])), voidedPeriods: voided.periods } as LateUsages
})

const changedRecords = Effect.fnUntraced(function* (tenant: string, last: Seen, seen: Seen, beforeSeconds: number) {
  const store = yield* BillingStore
  const query = { sinceSequence: last.ingestSequence, asOfSequence: seen.ingestSequence, beforeSeconds }
  const records = new Map<string, JobRecord>()
  yield* Stream.runForEach(store.changedRecords(tenant, query), (record) => Effect.sync(() => records.set(jobKey(record), record)))
  return [...records.values()]
})

/** Which usages, and which months as a whole, are corrected by lines of void receipts in months that are open. */
const voidedCorrections = Effect.fnUntraced(function* (tenant: string) {
  const store = yield* BillingStore
  const usageIds = new Set<string>()
  const periods = new Set<Month>()
  for (const period of yield* store.periods(tenant)) {
    if (period.status.kind !== "open") continue
    for (const { id, status } of yield* receiptHeadersOf(tenant, period.month)) {
      if (status.kind !== "void") continue
      yield* Stream.runForEach(store.lines(tenant, { receiptId: id }), ({ line }) =>
        Effect.sync(() => {
          if (line.corrects === null) return
          if (line.usageId === null) periods.add(line.corrects.month)
          else usageIds.add(line.usageId)
        }),
      )
    }
  }
  return { usageIds, periods }
})

/** Every attempt of the jobs that the usages are of. */
const recordsOfUsages = Effect.fnUntraced(function* (tenant: string, usageIds: ReadonlySet<string>, asOfSequence: bigint) {
  const records: JobRecord[] = []
  for (const id of usageIds) records.push(...(yield* recordsOfJob(tenant, jobOfUsage(id), asOfSequence)))
  return records
})

/** `cluster/job/submit`, as `jobKey` writes it. */
export const jobOfUsage = (usageId: string): { readonly cluster: string; readonly jobId: string } => {
  const [, jobId = "", ...cluster] = usageId.split("/").reverse()
  return { cluster: cluster.reverse().join("/"), jobId }
}

const readingsToLookAt = Effect.fnUntraced(function* (tenant: string, last: Seen, seen: Seen, usageIds: ReadonlySet<string>) {
  if (last.readingsVersion === seen.readingsVersion && usageIds.size === 0) return []
  const textOf = (reading: Reading): string => JSON.stringify(reading, (_, value) => (typeof value === "bigint" ? String(value) : value))
  const known = new Set((yield* readingsOf(tenant, last.readingsVersion)).map(textOf))
  const readings = yield* readingsOf(tenant, seen.readingsVersion)
  return readings.filter((reading) => !known.has(textOf(reading)) || usageIds.has(usageOfReading(reading).id))
})
