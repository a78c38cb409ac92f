import { type BilledLine, correctionLines, type Month, type RateBook, type RatedLine, type Usage, type Window } from "@hpc-billing/core"
import { Effect } from "effect"
import { type Books, loadBooks } from "./Books.ts"
import { billedLinesOf, type StandingLine, standingLinesOf } from "./billedLines.ts"
import { type ClosedRating, closedRatings, type Seen } from "./closedRatings.ts"
import type { MonthCharges } from "./fate/MonthCharges.ts"
import { type LateUsage, type LateUsages, lateUsages } from "./lateUsages.ts"
import { readingsOf } from "./Readings.ts"
import { rateWindow } from "./rateWindow.ts"
import { rateWithLaterPayers } from "./rateWithLaterPayers.ts"
import { recordsOfMonth } from "./recordsOfMonth.ts"

/**
 * What late usages change in the closed months before `month`: their rating of today at the prices of then, less what stands for them, as
 * lines for `month` that name what they correct. Nothing is remembered of earlier corrections but their lines, so that a void gives them
 * back. Closed months themselves are only read.
 */
export const correctClosedMonths = Effect.fnUntraced(function* (tenant: string, month: Month, seen: Seen) {
  const closed = yield* closedRatings(tenant)
  const late = yield* lateUsages(tenant, closed, seen)
  const standing = Map.groupBy(yield* linesOfUsages(tenant, [...late.usages.keys()]), ({ chargedMonth }) => chargedMonth)
  const lines: RatedLine[] = []
  const charges: MonthCharges[] = []
  for (const rating of closed) {
    if (rating.month >= month) continue
    const charged = yield* chargesOf(tenant, rating, late, standing.get(rating.month) ?? [], seen)
    if (charged === null) continue
    lines.push(...correctionLines(charged.standing, charged.rated, rating))
    charges.push(charged)
  }
  return { lines, charges }
})

const idsAQuery = 1_000

const linesOfUsages = Effect.fnUntraced(function* (tenant: string, usageIds: readonly string[]) {
  const lines: StandingLine[] = []
  for (let from = 0; from < usageIds.length; from += idsAQuery)
    lines.push(...(yield* billedLinesOf(tenant, { usageIds: usageIds.slice(from, from + idsAQuery) })))
  return lines
})

/** What the late usages of a closed month, and with them its period as a whole, are rated at and what stands for them; null: it has none. */
const chargesOf = Effect.fnUntraced(function* (
  tenant: string,
  rating: ClosedRating,
  late: LateUsages,
  standing: readonly BilledLine[],
  seen: Seen,
) {
  const charged = new Set(standing.map(({ line }) => line.usageId))
  const own = [...late.usages.values()].filter(({ usage }) => touches(usage, rating.window) || charged.has(usage.id))
  if (own.length === 0 && !late.voidedPeriods.has(rating.month)) return null
  const books = yield* loadBooks(tenant, rating)
  const rated = yield* rateWithLaterPayers(tenant, books, (payers) =>
    own.flatMap(({ rate }: LateUsage) => rate({ rates: books.rates, payers, windows: [rating.window] })),
  )
  const isChanged = standing.length > 0 || rated.some(({ provisional }) => !provisional) || late.voidedPeriods.has(rating.month)
  const period = isChanged && hasPeriodRules(books.rateBook) ? yield* chargesOfPeriod(tenant, rating, books, seen) : null
  return {
    month: rating.month,
    rated: [...rated, ...(period?.rated ?? [])],
    standing: [...standing, ...(period?.standing ?? [])],
    pending: [],
    unread: new Set(),
  } satisfies MonthCharges
})

const touches = ({ startSeconds, endSeconds }: Usage, window: Window): boolean =>
  startSeconds < window.endSeconds && endSeconds >= window.startSeconds

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

/** The period as a whole (allowances, bands, minimums) as it would be today, and what stands for it. */
const chargesOfPeriod = Effect.fnUntraced(function* (tenant: string, rating: ClosedRating, books: Books, seen: Seen) {
  const records = yield* recordsOfMonth(tenant, rating.window, seen.ingestSequence)
  const readings = yield* readingsOf(tenant, seen.readingsVersion)
  const lines = yield* rateWithLaterPayers(
    tenant,
    books,
    (payers) => rateWindow(records, readings, { rates: books.rates, payers }, rating.window, rating.window.endSeconds).lines,
  )
  return {
    rated: lines.filter(({ usageId }) => usageId === null),
    standing: yield* standingLinesOf(tenant, rating.month, { only: { usageId: null } }),
  }
})
