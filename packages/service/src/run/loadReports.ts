import { localDate } from "@hpc-billing/core"
import {
  accountStatement,
  balanceSheet,
  entriesAsOf,
  entriesBetween,
  entriesOfPayers,
  incomeStatement,
  trialBalance,
} from "@hpc-billing/ledger"
import { Clock, Effect, Stream } from "effect"
import { say } from "../api/sentences.ts"
import { policyOf } from "../site/policyOf.ts"
import { BillingStore } from "../store/index.ts"
import { loadBooks } from "./Books.ts"
import { loadReceivables } from "./loadReceivables.ts"
import { refuse } from "./RunError.ts"

/** The reports over all that is posted, or over the part of some payers. Dates are local, and inclusive. */
export const loadReports = Effect.fn("loadReports")(function* (tenant: string, payerIds: readonly string[] | null) {
  const store = yield* BillingStore
  const { site, payerBook, rates } = yield* loadBooks(tenant)
  const posted = Array.from(yield* Stream.runCollect(store.entries(tenant, {})), ({ entry }) => entry)
  const entries = payerIds === null ? posted : entriesOfPayers(posted, new Set(payerIds))
  if (payerIds !== null && entries.length === 0 && !payerBook.payers.some(({ id }) => payerIds.includes(id))) {
    return yield* refuse("not-found", say("payer-not-published", { payer: payerIds.join(", ") }))
  }
  const { chart } = policyOf(site)
  const exponents = new Map([
    [rates.currency.code, rates.currency.exponent],
    ...entries.map(({ currency, currencyExponent }) => [currency, currencyExponent] as const),
  ])
  const currencies = [...exponents].map(([code, exponent]) => ({ code, exponent }))
  const nowMilliseconds = yield* Clock.currentTimeMillis
  return {
    today: localDate(Math.floor(nowMilliseconds / 1_000), site.zone),
    currencies,
    chart,
    trialBalance: (asOfDate: string) => trialBalance(entriesAsOf(entries, asOfDate), chart),
    incomeStatements: (fromDate: string, untilDate: string) =>
      currencies.map((currency) => ({ ...incomeStatement(entriesBetween(entries, fromDate, untilDate), chart, currency.code), currency })),
    balanceSheets: (asOfDate: string) =>
      currencies.map((currency) => ({ ...balanceSheet(entriesAsOf(entries, asOfDate), chart, currency.code), currency })),
    receivables: (asOfDate: string) => loadReceivables(site, asOfDate, payerIds),
    statements: (account: string, fromDate: string, untilDate: string) =>
      chart.accounts.some(({ id }) => id === account)
        ? Effect.succeed(
            currencies.map((currency) => ({
              ...accountStatement(entries, { account, currency: currency.code, fromDate, untilDate }),
              currency,
            })),
          )
        : Effect.fail(refuse("not-found", say("account-unknown", { account, accounts: chart.accounts.map(({ id }) => id).join(", ") }))),
  }
})
