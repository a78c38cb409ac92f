import {
  correctionLines,
  type JobRecord,
  jobKey,
  type Month,
  monthOf,
  monthWindow,
  normalise,
  overlap,
  type RatedLine,
  rateUsage,
  type Usage,
} from "@hpc-billing/core"
import { Effect, Stream } from "effect"
import { BillingStore } from "../store/index.ts"
import { loadBooks } from "./Books.ts"
import { billedLinesOf } from "./billedLines.ts"
import { decodeMonthRating, type MonthRating, monthRatingKind } from "./MonthRating.ts"

/**
 * What records that came or changed since the last billing mean for closed months: their differences, at the prices of then,
 * as lines for `month` that name what they correct. Closed months themselves are only read.
 */
export const correctClosedMonths = Effect.fnUntraced(function* (tenant: string, month: Month, ingestSequence: bigint) {
  const store = yield* BillingStore
  const ratings = yield* closedRatings(tenant, month)
  if (ratings.closed.length === 0) return []
  const jobs = yield* changedJobs(tenant, ratings.seenSequence, ingestSequence)
  if (jobs.size === 0) return []
  const usages: Usage[] = []
  for (const { cluster, jobId } of jobs.values()) {
    const versions = yield* store.recordVersions(tenant, { cluster, jobId })
    const current = versions.filter((version) => version.ingestSequence !== null && version.replacedBy === null).map(({ record }) => record)
    usages.push(...normalise(current, { asOfSeconds: 0 }).usages.filter(({ provisional }) => !provisional))
  }
  const corrections: RatedLine[] = []
  for (const rating of ratings.closed) {
    const books = yield* loadBooks(tenant, rating)
    const window = monthWindow(rating.month, books.site.zone)
    for (const usage of usages) {
      const billed = (yield* billedLinesOf(tenant, { usageId: usage.id })).filter(
        ({ line }) => (line.corrects?.month ?? monthOf(line.window.startSeconds, books.site.zone)) === rating.month,
      )
      if (billed.length === 0 && !touches(usage, window)) continue
      const rerated = rateUsage(usage, { rates: books.rates, payers: books.payers, windows: [window] })
      corrections.push(...correctionLines(billed, rerated, { month: rating.month }))
    }
  }
  return corrections
})

const touches = (usage: Usage, window: { readonly startSeconds: number; readonly endSeconds: number }): boolean =>
  usage.startSeconds === usage.endSeconds
    ? window.startSeconds <= usage.startSeconds && usage.startSeconds < window.endSeconds
    : overlap(usage, window) !== null

/** The rating of every closed month before `month`, and how far the versions of records were seen by any billing. */
const closedRatings = Effect.fnUntraced(function* (tenant: string, month: Month) {
  const store = yield* BillingStore
  const closed: MonthRating[] = []
  let seenSequence = 0n
  for (const period of yield* store.periods(tenant)) {
    const stored = yield* store.document(tenant, monthRatingKind(period.month), null)
    if (stored === null) continue
    const rating = decodeMonthRating(stored.bytes)
    if (rating.ingestSequence > seenSequence) seenSequence = rating.ingestSequence
    if (period.status.kind === "closed" && period.month < month) closed.push(rating)
  }
  return { closed, seenSequence }
})

const changedJobs = Effect.fnUntraced(function* (tenant: string, afterSequence: bigint, throughSequence: bigint) {
  const store = yield* BillingStore
  const jobs = new Map<string, Pick<JobRecord, "cluster" | "jobId">>()
  yield* Stream.runForEach(store.recordsSince(tenant, afterSequence), ({ ingestSequence, record }) =>
    Effect.sync(() => {
      if (ingestSequence <= throughSequence)
        jobs.set(jobKey({ ...record, submitSeconds: 0 }), { cluster: record.cluster, jobId: record.jobId })
    }),
  )
  return jobs
})
