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

/** The document of a kind as published, the latest or the given version; null when there is none. */
export const readBook = Effect.fnUntraced(function* <A>(tenant: string, kind: string, version: number | null = null) {
  const store = yield* BillingStore
  const stored = yield* store.document(tenant, kind, version)
  return stored === null ? null : (JSON.parse(new TextDecoder().decode(stored.bytes)) as A)
})

export interface BookVersions {
  readonly rateBookVersion: number
  readonly payerBookVersion: number
}

/** The latest books, or those of the given versions (to price a closed month as it was priced). */
export const loadBooks = Effect.fn("loadBooks")(function* (tenant: string, versions: BookVersions | null = null) {
  const store = yield* BillingStore
  const site = yield* readBook<Site>(tenant, "site")
  const rateBook = yield* readBook<RateBook>(tenant, "rate-book", versions?.rateBookVersion ?? null)
  const payerBook = yield* readBook<PayerBook>(tenant, "payer-book", versions?.payerBookVersion ?? null)
  if (site === null || rateBook === null || payerBook === null) {
    return yield* refuse("not-published", say("not-published", { tenant }))
  }
  const latestVersion = (kind: string) =>
    Effect.map(store.documents(tenant, kind), (list) => Math.max(...list.map(({ version }) => version)))
  const payers = preparePayers(payerBook.payers, payerBook.mappings, site.zone)
  if (Result.isFailure(payers)) throw new Error(`the published payer book of ${tenant} does not pass its own check`)
  return {
    site,
    rateBook,
    rates: prepareRates(rateBook, sha256Hex),
    rateBookVersion: versions?.rateBookVersion ?? (yield* latestVersion("rate-book")),
    payerBook,
    payers: payers.success,
    payerBookVersion: versions?.payerBookVersion ?? (yield* latestVersion("payer-book")),
  } satisfies Books
})
