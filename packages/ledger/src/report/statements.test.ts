import { expect, test } from "vitest"
import { entryOf } from "../../test/entries.ts"
import { defaultChart } from "../chart/Chart.ts"
import { balanceSheet, incomeStatement, type StatementLine } from "./statements.ts"

const entries = [
  entryOf("sale", "2026-10-31", [
    ["1100", "4000", 1_000n],
    ["1100", "2100", 70n],
  ]),
  entryOf("paid", "2026-11-30", [["1000", "1100", 400n]]),
  entryOf("cost", "2026-11-30", [["5000", "1000", 150n]]),
  entryOf("loss", "2026-12-31", [["6100", "1190", 50n]]),
  entryOf("yen", "2026-12-31", [["1100", "4000", 9n]], { currency: "JPY", currencyExponent: 0 }),
]
const closed = [
  ...entries,
  entryOf("year", "2026-12-31", [["4000", "3000", 600n]], { source: { kind: "year-close", receiptId: null, receiptNumber: null } }),
]
const texts = (lines: readonly StatementLine[]): string[] => lines.map(({ account, amountMinor }) => `${account.id} ${amountMinor}`)

test("an income statement has revenue and expenses above zero, and a closed year still shows its result", () => {
  for (const of of [entries, closed]) {
    const { revenue, expenses, ...sums } = incomeStatement(of, defaultChart, "THB")
    expect([texts(revenue), texts(expenses)]).toEqual([["4000 1000"], ["5000 150", "6100 50"]])
    expect(sums).toEqual({ currency: "THB", revenueMinor: 1_000n, expensesMinor: 200n, profitMinor: 800n })
  }
})

test("a balance sheet has every account on its own side; what a year close moved is equity, the rest current earnings", () => {
  const { assets, liabilities, equity, ...sums } = balanceSheet(closed, defaultChart, "THB")
  expect([texts(assets), texts(liabilities), texts(equity)]).toEqual([["1000 250", "1100 670", "1190 -50"], ["2100 70"], ["3000 600"]])
  expect(sums).toEqual({ currency: "THB", currentEarningsMinor: 200n, assetsMinor: 870n, liabilitiesAndEquityMinor: 870n })
  expect(balanceSheet(entries, defaultChart, "THB").currentEarningsMinor).toBe(800n)
})

test("each currency has statements of its own", () => {
  expect(balanceSheet(entries, defaultChart, "JPY")).toMatchObject({ currency: "JPY", assetsMinor: 9n, liabilitiesAndEquityMinor: 9n })
  expect(texts(incomeStatement(entries, defaultChart, "JPY").revenue)).toEqual(["4000 9"])
  expect(incomeStatement(entries, defaultChart, "EUR")).toMatchObject({ revenue: [], expenses: [], profitMinor: 0n })
})
