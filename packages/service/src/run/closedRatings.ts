import type { Month } from "@hpc-billing/core"
import type { Period } from "@hpc-billing/ledger"
import { Effect } from "effect"
import { BillingStore } from "../store/index.ts"
import type { BookVersions } from "./Books.ts"
import { decodeMonthRating, monthRatingKind } from "./MonthRating.ts"

/** How far the versions of records and readings go. */
export interface Seen {
  readonly ingestSequence: bigint
  readonly readingsVersion: number
}

/** What a closed month was priced from. */
export interface ClosedRating extends BookVersions, Seen {
  readonly month: Month
  readonly window: Period["window"]
}

/** The closed months in order, each with what it was priced from. One that was closed without a bill has the books of its close, and saw nothing. */
export const closedRatings = Effect.fnUntraced(function* (tenant: string) {
  const store = yield* BillingStore
  const ratings: ClosedRating[] = []
  for (const { month, window, status } of yield* store.periods(tenant)) {
    if (status.kind !== "closed") continue
    const stored = yield* store.document(tenant, monthRatingKind(month), null)
    const rating: BookVersions & Seen = stored === null ? yield* unbilled(tenant, status.closedAtSeconds) : decodeMonthRating(stored.bytes)
    const { ingestSequence, readingsVersion, rateBookVersion, payerBookVersion } = rating
    ratings.push({ month, window, ingestSequence, readingsVersion, rateBookVersion, payerBookVersion })
  }
  return ratings as readonly ClosedRating[]
})

const unbilled = Effect.fnUntraced(function* (tenant: string, closedAtSeconds: number) {
  const store = yield* BillingStore
  const untilMicroseconds = BigInt(closedAtSeconds + 1) * 1_000_000n
  const versionAtClose = (kind: string) =>
    Effect.map(store.documents(tenant, kind), (versions) => {
      const then = versions.filter(({ storedAtMicroseconds }) => storedAtMicroseconds < untilMicroseconds)
      return (then.at(-1) ?? versions[0])?.version ?? 1
    })
  return {
    ingestSequence: 0n,
    readingsVersion: 0,
    rateBookVersion: yield* versionAtClose("rate-book"),
    payerBookVersion: yield* versionAtClose("payer-book"),
  } satisfies BookVersions & Seen
})
