import { type Payers, preparePayers, prepareRates, type RateBook, type Rates } from "@hpc-billing/core"
import { Effect, Result } from "effect"
import { say } from "../api/sentences.ts"
import { sha256Hex } from "../crypto/nodeCryptography.ts"
import type { PayerBook } from "../site/PayerBook.ts"
import type { Site } from "../site/Site.ts"
import { BillingStore } from "../store/index.ts"
import { refuse } from "./RunError.ts"

/** The site, prices and payers in force for a tenant, made ready for rating, with the versions that they are. */
export interface Books {
  readonly site: Site
  readonly rateBook: RateBook
  readonly rates: Rates
  readonly rateBookVersion: number
  readonly payerBook: PayerBook
  readonly payers: Payers
  readonly payerBookVersion: number
}

/** The document of a kind as published with the version that it is, the latest or the given one; null when there is none. */
const versionedBook = Effect.fnUntraced(function* <A>(tenant: string, kind: string, version: number | null = null) {
  const store = yield* BillingStore
  const stored = yield* store.document(tenant, kind, version)
  return stored === null ? null : { book: JSON.parse(new TextDecoder().decode(stored.bytes)) as A, version: stored.version }
})

/** The document of a kind as published, the latest or the given version; null when there is none. */
export const readBook = Effect.fnUntraced(function* <A>(tenant: string, kind: string, version: number | null = null) {
  return (yield* versionedBook<A>(tenant, kind, version))?.book ?? null
})

/** The site in force, refused before the first publication. */
export const loadSite = Effect.fnUntraced(function* (tenant: string) {
  const site = yield* readBook<Site>(tenant, "site")
  return site === null ? yield* refuse("not-published", say("not-published", { tenant })) : site
})

export interface BookVersions {
  readonly rateBookVersion: number
  readonly payerBookVersion: number
}

/** The latest books, or those of the given versions (to price a closed month as it was priced). */
export const loadBooks = Effect.fn("loadBooks")(function* (tenant: string, versions: BookVersions | null = null) {
  const site = yield* loadSite(tenant)
  const rates = yield* versionedBook<RateBook>(tenant, "rate-book", versions?.rateBookVersion ?? null)
  const mapped = yield* versionedBook<PayerBook>(tenant, "payer-book", versions?.payerBookVersion ?? null)
  if (rates === null || mapped === null) return yield* refuse("not-published", say("not-published", { tenant }))
  const { book: rateBook } = rates
  const { book: payerBook } = mapped
  const payers = preparePayers(payerBook.payers, payerBook.mappings, site.zone)
  if (Result.isFailure(payers)) throw new Error(`the published payer book of ${tenant} does not pass its own check`)
  return {
    site,
    rateBook,
    rates: prepareRates(rateBook, sha256Hex),
    rateBookVersion: rates.version,
    payerBook,
    payers: payers.success,
    payerBookVersion: mapped.version,
  } satisfies Books
})
