import { type Month, monthWindow } from "@hpc-billing/core"
import { Clock, Effect } from "effect"
import { BillingStore } from "../../store/index.ts"
import { type Books, loadBooks } from "../Books.ts"
import { standingLinesOf } from "../billedLines.ts"
import { type ClosedRating, closedRatings, type Seen } from "../closedRatings.ts"
import { type LateUsages, lateUsages } from "../lateUsages.ts"
import { checkMonth } from "../monthPeriod.ts"
import { readingsOf, readingsVersionOf } from "../Readings.ts"
import { rateWindow } from "../rateWindow.ts"
import { rateWithLaterPayers } from "../rateWithLaterPayers.ts"
import { recordsOfMonth } from "../recordsOfMonth.ts"
import type { Fate } from "./Fate.ts"
import { fatesOf } from "./fatesOf.ts"
import { isInMonth } from "./isInMonth.ts"
import type { MonthCharges } from "./MonthCharges.ts"
import { unreadUsages } from "./unreadUsages.ts"

export interface MonthFates {
  readonly month: Month
  readonly status: "open" | "closed"
  /** In order of their ids; the rejected records, whose month is not known, are not among them. */
  readonly fates: readonly Fate[]
}

/** What became of every job and reading of a month, from what stands now. */
export const fatesOfMonth = Effect.fn("fatesOfMonth")(function* (tenant: string, month: string) {
  yield* checkMonth(month)
  const closed = yield* closedRatings(tenant)
  const seen = yield* seenNow(tenant)
  const rating = closed.find((each) => each.month === month)
  const books = yield* loadBooks(tenant, rating ?? null)
  const charges = yield* monthCharges(tenant, month, books, seen)
  if (rating === undefined) return { month, status: "open", fates: fatesOf(charges, () => false) } satisfies MonthFates
  return { month, status: "closed", fates: closedFates(charges, rating, yield* lateUsages(tenant, closed, seen)) } satisfies MonthFates
})

/** What no bill can correct any more in the closed months, one month after the other: everything that their closes saw must stand. */
export const closedBreaches = Effect.fnUntraced(function* (tenant: string) {
  const closed = yield* closedRatings(tenant)
  const seen = yield* seenNow(tenant)
  const late = yield* lateUsages(tenant, closed, seen)
  const breaches: { readonly month: Month; readonly fates: readonly Fate[] }[] = []
  for (const rating of closed) {
    const charges = yield* monthCharges(tenant, rating.month, yield* loadBooks(tenant, rating), seen)
    breaches.push({ month: rating.month, fates: closedFates(charges, rating, late).filter(({ breach }) => breach !== null) })
  }
  return breaches
})

const seenNow = Effect.fnUntraced(function* (tenant: string) {
  const store = yield* BillingStore
  return { ingestSequence: yield* store.ingestHead(tenant), readingsVersion: yield* readingsVersionOf(tenant) } satisfies Seen
})

const monthCharges = Effect.fnUntraced(function* (tenant: string, month: Month, books: Books, seen: Seen) {
  const window = monthWindow(month, books.site.zone)
  const records = yield* recordsOfMonth(tenant, window, seen.ingestSequence)
  const readings = yield* readingsOf(tenant, seen.readingsVersion)
  const nowSeconds = Math.floor((yield* Clock.currentTimeMillis) / 1_000)
  const asOfSeconds = Math.min(nowSeconds, window.endSeconds)
  let unlined: ReturnType<typeof rateWindow>["unlined"] = []
  const rated = yield* rateWithLaterPayers(tenant, books, (payers) => {
    const priced = rateWindow(records, readings, { rates: books.rates, payers }, window, asOfSeconds)
    unlined = priced.unlined
    return priced.lines
  })
  const standing = yield* standingLinesOf(tenant, month)
  return {
    month,
    rated,
    standing,
    pending: unlined.filter((usage) => usage.provisional && isInMonth(usage, window)),
    unread: yield* unreadUsages(tenant, standing, records, readings),
  } satisfies MonthCharges
})

/** Of a closed month only late usages may still be left to bill; its period as a whole, while there are any. */
const closedFates = (charges: MonthCharges, { month }: ClosedRating, late: LateUsages): readonly Fate[] => {
  const lines = [...charges.rated, ...charges.standing.map(({ line }) => line)]
  const hasLate = late.voidedPeriods.has(month) || lines.some(({ usageId }) => usageId !== null && late.usages.has(usageId))
  const isSettled = (usageId: string | null): boolean => (usageId === null ? !hasLate : !late.usages.has(usageId))
  // no month closes over usage without a payer
  return fatesOf(charges, isSettled).map((fate) =>
    fate.kind === "unmapped" && isSettled(fate.id) ? { ...fate, breach: "not-billed" } : fate,
  )
}
