import { expect, test } from "vitest"
import { entryOf, type Move } from "../../test/entries.ts"
import { defaultChart } from "../chart/Chart.ts"
import type { Entry } from "../Entry.ts"
import { trialBalance } from "./trialBalance.ts"

const moving = (currency: string, ...moves: readonly Move[]): Entry =>
  entryOf("mu/e", "2026-10-31", moves, { currency, currencyExponent: currency === "JPY" ? 0 : 2 })

test("turnover and balance of every account, by currency, then account; each currency's sides are equal", () => {
  const { accounts, totals } = trialBalance(
    [moving("THB", ["1100", "4000", 100n], ["1100", "2100", 7n]), moving("JPY", ["X9", "4000", 5n]), moving("THB", ["1000", "1100", 60n])],
    defaultChart,
  )
  expect(
    accounts.map((of) => [of.currency, of.currencyExponent, of.account, of.name, of.debitMinor, of.creditMinor, of.balanceMinor]),
  ).toEqual([
    ["JPY", 0, "4000", "Service revenue", 0n, 5n, -5n],
    ["JPY", 0, "X9", "X9", 5n, 0n, 5n],
    ["THB", 2, "1000", "Cash and bank", 60n, 0n, 60n],
    ["THB", 2, "1100", "Accounts receivable", 107n, 60n, 47n],
    ["THB", 2, "2100", "Output VAT payable", 0n, 7n, -7n],
    ["THB", 2, "4000", "Service revenue", 0n, 100n, -100n],
  ])
  expect(totals).toEqual([
    { currency: "JPY", debitMinor: 5n, creditMinor: 5n },
    { currency: "THB", debitMinor: 167n, creditMinor: 167n },
  ])
})
