import { localDate } from "@hpc-billing/core"
import {
  accountStatement,
  balanceSheet,
  entriesAsOf,
  entriesBetween,
  entriesOfPayer,
  incomeStatement,
  receivablesByAge,
  trialBalance,
} from "@hpc-billing/ledger"
import { Clock, Effect, Stream } from "effect"
import { BillingStore } from "../store/index.ts"
import { loadBooks } from "./Books.ts"
import { policyOf } from "./journalMonth.ts"
import { refuse } from "./RunError.ts"

/** The reports over all that is posted, or over one payer's part of it. Dates are local, and inclusive. */
export const loadReports = Effect.fn("loadReports")(function* (tenant: string, payerId: string | null) {
  const store = yield* BillingStore
  const { site, payerBook, rates } = yield* loadBooks(tenant)
  const posted = Array.from(yield* Stream.runCollect(store.entries(tenant, {})), ({ entry }) => entry)
  const entries = payerId === null ? posted : entriesOfPayer(posted, payerId)
  if (payerId !== null && entries.length === 0 && !payerBook.payers.some(({ id }) => id === payerId)) {
    return yield* refuse("not-found", `There is no payer ${payerId}: payers.yaml and the journal do not name it.`)
  }
  const { chart, roles } = policyOf(site)
  const exponents = new Map([
    [rates.currency.code, rates.currency.exponent],
    ...entries.map(({ currency, currencyExponent }) => [currency, currencyExponent] as const),
  ])
  const currencies = [...exponents].map(([code, exponent]) => ({ code, exponent }))
  const nowMilliseconds = yield* Clock.currentTimeMillis
  return {
    today: localDate(Math.floor(nowMilliseconds / 1_000), site.zone),
    currencies,
    trialBalance: (asOfDate: string) => trialBalance(entriesAsOf(entries, asOfDate), chart),
    incomeStatements: (fromDate: string, untilDate: string) =>
      currencies.map((currency) => ({ ...incomeStatement(entriesBetween(entries, fromDate, untilDate), chart, currency.code), currency })),
    balanceSheets: (asOfDate: string) =>
      currencies.map((currency) => ({ ...balanceSheet(entriesAsOf(entries, asOfDate), chart, currency.code), currency })),
    receivables: (asOfDate: string) => receivablesByAge(entries, asOfDate, roles),
    statements: (account: string, fromDate: string, untilDate: string) =>
      chart.accounts.some(({ id }) => id === account)
        ? Effect.succeed(
            currencies.map((currency) => ({
              ...accountStatement(entries, { account, currency: currency.code, fromDate, untilDate }),
              currency,
            })),
          )
        : Effect.fail(
            refuse("not-found", `There is no account ${account}: the chart has ${chart.accounts.map(({ id }) => id).join(", ")}.`),
          ),
  }
})
