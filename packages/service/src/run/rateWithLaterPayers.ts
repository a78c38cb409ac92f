import { type Payers, preparePayers, type RatedLine, unmappedPayerId } from "@hpc-billing/core"
import { Effect, Result } from "effect"
import type { PayerBook } from "../site/PayerBook.ts"
import { BillingStore } from "../store/index.ts"
import { type Books, readBook } from "./Books.ts"

/**
 * Rates usage of a closed month with the payers of that month. What they leave without a payer goes to the payer that the first later
 * publication names for its instant: publications after that one move nothing.
 */
export const rateWithLaterPayers = Effect.fnUntraced(function* (
  tenant: string,
  { payers, payerBookVersion, site }: Pick<Books, "payers" | "payerBookVersion" | "site">,
  rate: (payers: Payers) => readonly RatedLine[],
) {
  let lines = rate(payers)
  if (!lines.some(isWithoutPayer)) return lines
  const store = yield* BillingStore
  const later: Payers[] = []
  for (const { version } of yield* store.documents(tenant, "payer-book")) {
    if (version <= payerBookVersion) continue
    const accounts = new Set(lines.filter(isWithoutPayer).map(accountOf))
    if (accounts.size === 0) break
    const published = yield* payersOfAccounts(tenant, version, accounts, site.zone)
    if (published.byAccount.size === 0) continue
    later.push(published)
    lines = rate(inTurn([payers, ...later]))
  }
  return lines
})

/** Priced and not running, but billed to nobody until its account is mapped. */
export const isWithoutPayer = ({ payerId, provisional }: RatedLine): boolean => payerId === unmappedPayerId && !provisional

const accountOf = ({ cluster, account }: Pick<RatedLine, "cluster" | "account">): string => JSON.stringify([cluster, account])

/** The payers that a published version names for some accounts; the rest of a large book is left unprepared. */
const payersOfAccounts = Effect.fnUntraced(function* (tenant: string, version: number, accounts: ReadonlySet<string>, zone: string) {
  const book = yield* readBook<PayerBook>(tenant, "payer-book", version)
  const mappings = (book?.mappings ?? []).filter((mapping) => accounts.has(accountOf(mapping)))
  const prepared = preparePayers(book?.payers ?? [], mappings, zone)
  if (Result.isFailure(prepared)) throw new Error(`the published payer book ${version} of ${tenant} does not pass its own check`)
  return prepared.success
})

const inTurn = (list: readonly Payers[]): Payers => list.reduceRight((later, payers) => ({ ...payers, later }))
