import {
  monthWindow,
  normalise,
  prepareRates,
  type RateBook,
  type RatedLine,
  type Rates,
  rateUsage,
  roundAndAllocate,
  unmappedPayerId,
} from "@hpc-billing/core"
import { Clock, Effect } from "effect"
import { sha256Hex } from "../crypto/nodeCryptography.ts"
import { BillingStore } from "../store/index.ts"
import { loadBooks } from "./Books.ts"
import { checkMonth } from "./monthPeriod.ts"
import { recordsOfMonth } from "./rateMonth.ts"

export interface PlannedPayer {
  readonly payerId: string
  readonly nowMinor: bigint
  readonly plannedMinor: bigint
}

/** What a candidate rate book would make of a real month, payer by payer, beside the book in force. Nothing is stored. */
export const planRates = Effect.fn("planRates")(function* (tenant: string, month: string, candidate: RateBook) {
  yield* checkMonth(month)
  const store = yield* BillingStore
  const books = yield* loadBooks(tenant)
  const window = monthWindow(month, books.site.zone)
  const records = yield* recordsOfMonth(tenant, window, yield* store.ingestHead(tenant))
  const atSeconds = Math.floor((yield* Clock.currentTimeMillis) / 1_000)
  const { usages } = normalise(records, { asOfSeconds: Math.min(atSeconds, window.endSeconds) })
  const sumsBy = (rates: Rates): Map<string, bigint> => {
    const lines = Map.groupBy(
      usages.flatMap((usage): readonly RatedLine[] => rateUsage(usage, { rates, payers: books.payers, windows: [window] })),
      ({ payerId }) => payerId,
    )
    lines.delete(unmappedPayerId)
    return new Map(
      [...lines].map(([payerId, own]) => {
        const amounts = own.filter(({ provisional }) => !provisional).map(({ id, amount }) => ({ key: id, amount }))
        return [payerId, roundAndAllocate(amounts, rates.currency.exponent, "half-up").totalMinor]
      }),
    )
  }
  const now = sumsBy(books.rates)
  const planned = sumsBy(prepareRates(candidate, sha256Hex))
  return [...new Set([...now.keys(), ...planned.keys()])]
    .sort()
    .map((payerId): PlannedPayer => ({ payerId, nowMinor: now.get(payerId) ?? 0n, plannedMinor: planned.get(payerId) ?? 0n }))
})
