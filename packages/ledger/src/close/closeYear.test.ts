import { addMonths } from "@hpc-billing/core"
import { describe, expect, test } from "vitest"
import { yearOfEntries } from "../../test/year.ts"
import { defaultChart, defaultPolicy } from "../chart/Chart.ts"
import type { Entry } from "../Entry.ts"
import { trialBalance } from "../journal/trialBalance.ts"
import { balanceSheet, incomeStatement } from "../report/statements.ts"
import { closeYear } from "./closeYear.ts"

const { entries } = yearOfEntries(60, 5)
const year = { tenant: "mu", name: "2026", firstMonth: "2026-01", lastMonth: "2026-12" }
const balanceOf = (of: readonly Entry[], account: string): bigint =>
  trialBalance(of, defaultChart).accounts.find((balance) => balance.account === account)?.balanceMinor ?? 0n

describe("year close", () => {
  const closing = closeYear(year, entries, defaultPolicy)

  test("moves the result to retained earnings and leaves the income statement as it was", () => {
    const after = [...entries, ...closing]
    const before = incomeStatement(entries, defaultChart, "THB")
    expect(closing).toMatchObject([{ id: "mu/2026/year-close/THB/1", effectiveDate: "2026-12-31", month: "2026-12" }])
    expect(balanceOf(after, "4000")).toBe(0n)
    expect(balanceOf(after, "3000")).toBe(-before.profitMinor)
    expect(incomeStatement(after, defaultChart, "THB")).toEqual(before)
    expect(balanceSheet(after, defaultChart, "THB")).toMatchObject({ currentEarningsMinor: 0n })
  })

  test("after a reopening it moves only what came since; a year of nothing has no closing", () => {
    const late = yearOfEntries(3, 9).entries.map((entry) => ({ ...entry, id: `late/${entry.id}` }))
    const again = closeYear(year, [...entries, ...closing, ...late], defaultPolicy)
    expect(again[0]?.id).toBe("mu/2026/year-close/THB/2")
    expect(balanceOf([...entries, ...closing, ...late, ...again], "4000")).toBe(0n)
    expect(closeYear(year, [...entries, ...closing], defaultPolicy)).toEqual([])
    expect(closeYear({ ...year, name: "2027", firstMonth: "2027-01", lastMonth: "2027-12" }, entries, defaultPolicy)).toEqual([])
  })

  test("each currency has its own closing, with its own number; other years and asset accounts stay out of it", () => {
    const dollars = entries.map((entry) => ({ ...entry, id: `usd/${entry.id}`, currency: "USD", currencyExponent: 3 }))
    const both = closeYear(year, [...entries, ...closing, ...dollars], defaultPolicy)
    expect(both).toMatchObject([
      {
        id: "mu/2026/year-close/USD/1",
        currencyExponent: 3,
        source: { kind: "year-close", receiptId: null, receiptNumber: null },
        reverses: null,
      },
    ])
    expect(new Set(both.flatMap(({ transfers }) => transfers.flatMap((each) => [each.debitAccount, each.creditAccount])))).toEqual(
      new Set(["3000", "4000"]),
    )
  })

  test("a year is its first month to its last, both within", () => {
    const months = Array.from({ length: 12 }, (_, index) => addMonths("2026-01", index))
    const resultOf = (firstMonth: string, lastMonth: string): bigint =>
      balanceOf(closeYear({ ...year, firstMonth, lastMonth }, entries, defaultPolicy), "3000")
    const single = months.map((month) => resultOf(month, month))
    expect(new Set(single).size).toBe(12)
    expect(resultOf("2026-03", "2026-05")).toBe((single[2] as bigint) + (single[3] as bigint) + (single[4] as bigint))
    expect(resultOf("2026-01", "2026-12")).toBe(single.reduce((sum, each) => sum + each, 0n))
  })

  test("expenses are closed as revenue is", () => {
    const entry = entries[0] as Entry
    const transfer = entry.transfers[0] as Entry["transfers"][number]
    const loss: Entry = { ...entry, id: "loss", transfers: [{ ...transfer, debitAccount: "6100", creditAccount: "1190" }] }
    expect(closeYear(year, [loss], defaultPolicy)[0]?.transfers).toMatchObject([
      { debitAccount: "3000", creditAccount: "6100", amountMinor: transfer.amountMinor },
    ])
  })
})
