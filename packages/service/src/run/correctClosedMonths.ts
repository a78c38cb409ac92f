import {
  type BilledLine,
  correctionLines,
  type JobRecord,
  jobKey,
  type Month,
  monthOf,
  monthWindow,
  normalise,
  type RateBook,
  type RatedLine,
  type Reading,
  rateReading,
  rateUsage,
  type Usage,
  usageOfReading,
} from "@hpc-billing/core"
import { Effect, Stream } from "effect"
import { BillingStore } from "../store/index.ts"
import { type Books, loadBooks } from "./Books.ts"
import { billedLinesOf } from "./billedLines.ts"
import { decodeMonthRating, type MonthRating, monthRatingKind } from "./MonthRating.ts"
import { readingsOf } from "./Readings.ts"
import { recordsOfMonth } from "./rateMonth.ts"
import { rateWindow } from "./rateWindow.ts"

/** How far the versions of records and readings go. */
interface Seen {
  readonly ingestSequence: bigint
  readonly readingsVersion: number
}

/** A job or reading that came or changed since it was last looked at, with the rule that prices it. */
interface Changed {
  readonly usage: Usage
  readonly rate: (books: Books, rating: MonthRating) => readonly RatedLine[]
}

/**
 * What records and readings that came or changed since the last billing mean for closed months: their differences, at the prices
 * of then, as lines for `month` that name what they correct. Closed months themselves are only read.
 */
export const correctClosedMonths = Effect.fnUntraced(function* (tenant: string, month: Month, seen: Seen) {
  const { closed, before } = yield* closedRatings(tenant, month)
  if (closed.length === 0) return []
  const { site } = yield* loadBooks(tenant)
  const closedUntilSeconds = Math.max(...closed.map((rating) => monthWindow(rating.month, site.zone).endSeconds))
  const changed = [...(yield* changedJobs(tenant, before, seen, closedUntilSeconds)), ...(yield* changedReadings(tenant, before, seen))]
  if (changed.length === 0) return []
  const billedOf = new Map<string, readonly BilledLine[]>()
  for (const { usage } of changed) billedOf.set(usage.id, yield* billedLinesOf(tenant, { usageId: usage.id }))
  const corrections: RatedLine[] = []
  for (const rating of closed) {
    const books = yield* loadBooks(tenant, rating)
    const own: RatedLine[] = []
    for (const { usage, rate } of changed) {
      const billed = (billedOf.get(usage.id) ?? []).filter(({ line }) => monthOfLine(line, site.zone) === rating.month)
      own.push(...correctionLines(billed, rate(books, rating), { month: rating.month }))
    }
    if (own.length > 0 && hasPeriodRules(books.rateBook)) own.push(...(yield* correctPeriod(tenant, rating, books, seen, month)))
    corrections.push(...own)
  }
  return corrections
})

const windowsOf = (rating: MonthRating, books: Books) => [monthWindow(rating.month, books.site.zone)]

/** The month whose bill a line belongs to: its own, or the one that it corrects. */
const monthOfLine = (line: RatedLine, zone: string): Month => line.corrects?.month ?? monthOf(anchorOf(line), zone)

/** The last second of a line's part: a part that was not cut lies in the month in which it ended. */
const anchorOf = ({ window }: RatedLine): number => Math.max(window.startSeconds, window.endSeconds - 1)

const hasPeriodRules = (book: RateBook): boolean =>
  book.cards.some(
    (card) =>
      card.minimum !== undefined ||
      card.cap !== undefined ||
      card.meters.some(
        (meter) =>
          meter.allowance !== undefined ||
          meter.minimum !== undefined ||
          meter.cap !== undefined ||
          (meter.model?.kind ?? "flat") !== "flat",
      ),
  )

/** The period as a whole (allowances, bands, minimums) as it would be today, less what was billed for it. */
const correctPeriod = Effect.fnUntraced(function* (tenant: string, rating: MonthRating, books: Books, seen: Seen, until: Month) {
  const store = yield* BillingStore
  const [window] = windowsOf(rating, books)
  if (window === undefined) return []
  const records = yield* recordsOfMonth(tenant, window, seen.ingestSequence)
  const { lines } = rateWindow(records, yield* readingsOf(tenant, seen.readingsVersion), books, window, window.endSeconds)
  const billed: BilledLine[] = []
  for (const { month } of yield* store.periods(tenant)) {
    if (month < rating.month || month > until) continue
    for (const entry of yield* billedLinesOf(tenant, { month })) {
      if (entry.line.usageId === null && (entry.line.corrects?.month ?? month) === rating.month) billed.push(entry)
    }
  }
  return correctionLines(
    billed,
    lines.filter(({ usageId }) => usageId === null),
    { month: rating.month },
  )
})

/** The rating of every closed month before `month`, and how far records and readings were seen by any billing. */
const closedRatings = Effect.fnUntraced(function* (tenant: string, month: Month) {
  const store = yield* BillingStore
  const closed: MonthRating[] = []
  let before: Seen = { ingestSequence: 0n, readingsVersion: 0 }
  for (const period of yield* store.periods(tenant)) {
    const stored = yield* store.document(tenant, monthRatingKind(period.month), null)
    if (stored === null) continue
    const rating = decodeMonthRating(stored.bytes)
    before = {
      ingestSequence: rating.ingestSequence > before.ingestSequence ? rating.ingestSequence : before.ingestSequence,
      readingsVersion: Math.max(rating.readingsVersion, before.readingsVersion),
    }
    if (period.status.kind === "closed" && period.month < month) closed.push(rating)
  }
  return { closed, before }
})

/** Jobs submitted after the last closed month can neither touch one nor have been billed in one: only a resize starts before its submit. */
const changedJobs = Effect.fnUntraced(function* (tenant: string, before: Seen, seen: Seen, closedUntilSeconds: number) {
  const store = yield* BillingStore
  const jobs = new Map<string, Pick<JobRecord, "cluster" | "jobId">>()
  yield* Stream.runForEach(store.recordsSince(tenant, before.ingestSequence), ({ ingestSequence, record }) =>
    Effect.sync(() => {
      const earliestSeconds = Math.min(record.submitSeconds, record.startSeconds ?? record.submitSeconds)
      if (earliestSeconds < closedUntilSeconds && ingestSequence <= seen.ingestSequence)
        jobs.set(jobKey({ ...record, submitSeconds: 0 }), { cluster: record.cluster, jobId: record.jobId })
    }),
  )
  const changed: Changed[] = []
  for (const { cluster, jobId } of jobs.values()) {
    const versions = yield* store.recordVersions(tenant, { cluster, jobId })
    const current = versions.filter((version) => version.ingestSequence !== null && version.replacedBy === null).map(({ record }) => record)
    for (const usage of normalise(current, { asOfSeconds: 0 }).usages) {
      if (usage.provisional) continue
      changed.push({
        usage,
        rate: (books, rating) => rateUsage(usage, { rates: books.rates, payers: books.payers, windows: windowsOf(rating, books) }),
      })
    }
  }
  return changed
})

const changedReadings = Effect.fnUntraced(function* (tenant: string, before: Seen, seen: Seen) {
  if (before.readingsVersion === seen.readingsVersion) return []
  const textOf = (reading: Reading): string => JSON.stringify(reading, (_, value) => (typeof value === "bigint" ? String(value) : value))
  const known = new Set((yield* readingsOf(tenant, before.readingsVersion)).map(textOf))
  const fresh = (yield* readingsOf(tenant, seen.readingsVersion)).filter((reading) => !known.has(textOf(reading)))
  return fresh.map(
    (reading): Changed => ({
      usage: usageOfReading(reading),
      rate: (books, rating) => rateReading(reading, { rates: books.rates, payers: books.payers, windows: windowsOf(rating, books) }),
    }),
  )
})
