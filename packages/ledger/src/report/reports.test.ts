import { Result } from "effect"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { issuedOf, payerOf } from "../../test/receipts.ts"
import { yearOfEntries } from "../../test/year.ts"
import { defaultChart, defaultPolicy, defaultRoles } from "../chart/Chart.ts"
import { closeYear } from "../close/closeYear.ts"
import { deriveEntries } from "../derive/deriveEntries.ts"
import { impairByAge } from "../derive/impairByAge.ts"
import type { Entry } from "../Entry.ts"
import { trialBalance } from "../journal/trialBalance.ts"
import { accountStatement } from "./accountStatement.ts"
import { receivablesByAge } from "./receivablesByAge.ts"
import { entriesAsOf, entriesBetween, entriesOfPayer } from "./selectEntries.ts"
import { balanceSheet, incomeStatement } from "./statements.ts"

const { entries } = yearOfEntries(300, 5)
const balanceOf = (of: readonly Entry[], account: string): bigint =>
  trialBalance(of, defaultChart).accounts.find((balance) => balance.account === account)?.balanceMinor ?? 0n
const year = { tenant: "mu", name: "2026", firstMonth: "2026-01", lastMonth: "2026-12" }
const dates = fc
  .date({ min: new Date("2026-01-01T00:00:00Z"), max: new Date("2027-02-01T00:00:00Z"), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10))

test("the balance sheet balances on any day, and revenue less expenses is what it calls current earnings", () => {
  fc.assert(
    fc.property(dates, (date) => {
      const then = entriesAsOf(entries, date)
      const sheet = balanceSheet(then, defaultChart, "THB")
      expect(sheet.assetsMinor).toBe(sheet.liabilitiesAndEquityMinor)
      expect(sheet.currentEarningsMinor).toBe(incomeStatement(then, defaultChart, "THB").profitMinor)
    }),
    { numRuns: 30 },
  )
})

test("receivables by age sum to the receivable account on any day, and payers' parts to the whole", () => {
  const payers = [...new Set(entries.flatMap(({ transfers }) => transfers.map(({ payerId }) => payerId)))]
  fc.assert(
    fc.property(dates, (date) => {
      const sum = (of: readonly Entry[]): bigint =>
        receivablesByAge(of, date, defaultRoles).reduce((total, { openMinor }) => total + openMinor, 0n)
      expect(sum(entries)).toBe(balanceOf(entriesAsOf(entries, date), "1100"))
      expect(payers.reduce((total, payer) => total + sum(entriesOfPayer(entries, payer)), 0n)).toBe(sum(entries))
    }),
    { numRuns: 10 },
  )
})

test("a receipt ages from its issue through the buckets", () => {
  const receipt = issuedOf(payerOf("p1"), [10_000n])
  const posted = Result.getOrThrow(deriveEntries({ kind: "issued", receipt, month: "2026-10" }, defaultPolicy))
  const aged = (date: string): unknown =>
    receivablesByAge(posted, date, defaultRoles).map(({ ageDays, bucket, openMinor, issuedDate }) => [
      issuedDate,
      ageDays,
      bucket,
      openMinor,
    ])
  expect(aged("2026-10-30")).toEqual([])
  expect(aged("2026-11-30")).toEqual([["2026-10-31", 30, 0, 10_700n]])
  expect(aged("2026-12-01")).toEqual([["2026-10-31", 31, 1, 10_700n]])
  expect(aged("2027-02-01")).toEqual([["2026-10-31", 93, 3, 10_700n]])
})

test("an account statement goes from opening to closing balance, and months join", () => {
  const of = (fromDate: string, untilDate: string): ReturnType<typeof accountStatement> =>
    accountStatement(entries, { account: "1000", currency: "THB", fromDate, untilDate })
  const [june, july] = [of("2026-06-01", "2026-06-30"), of("2026-07-01", "2026-07-31")]
  expect(june.closingMinor).toBe(july.openingMinor)
  expect(june.closingMinor).toBe(balanceOf(entriesAsOf(entries, "2026-06-30"), "1000"))
  expect(june.lines.reduce((sum, { debitMinor, creditMinor }) => sum + debitMinor - creditMinor, june.openingMinor)).toBe(june.closingMinor)
  expect(june.lines.at(-1)?.balanceMinor).toBe(june.closingMinor)
  expect(june.lines.length).toBe(
    entriesBetween(entries, "2026-06-01", "2026-06-30").filter(({ transfers }) =>
      transfers.some((each) => [each.debitAccount, each.creditAccount].includes("1000")),
    ).length,
  )
})

describe("impairment by age", () => {
  const losses = {
    buckets: [30],
    rates: [
      { units: 1n, scale: 2 },
      { units: 1n, scale: 1 },
    ],
  }
  const receipt = issuedOf(payerOf("p1"), [10_000n])
  const posted = Result.getOrThrow(deriveEntries({ kind: "issued", receipt, month: "2026-10" }, defaultPolicy))
  const age = (of: readonly Entry[], month: string): readonly Entry[] =>
    impairByAge(of, { tenant: "mu", month, losses, roles: defaultRoles })

  test("raises the allowance as debts age, changes nothing twice, gives back what is paid", () => {
    const october = age(posted, "2026-10")
    expect(october.flatMap(({ transfers }) => transfers)).toMatchObject([
      { debitAccount: "6100", creditAccount: "1190", amountMinor: 107n, payerId: "p1" },
    ])
    expect(age([...posted, ...october], "2026-10")).toEqual([])
    const december = age([...posted, ...october], "2026-12")
    expect(balanceOf([...october, ...december], "1190")).toBe(-1_070n)
    const all = [...posted, ...october, ...december]
    const paid = Result.getOrThrow(
      deriveEntries(
        {
          kind: "paid",
          receipt,
          month: "2027-01",
          paymentId: "b",
          date: "2027-01-05",
          from: "bank",
          receivedMinor: 10_700n,
          withheldMinor: 0n,
          posted: all,
        },
        defaultPolicy,
      ),
    )
    expect(balanceOf([...all, ...paid, ...age([...all, ...paid], "2027-01")], "1190")).toBe(0n)
  })

  test("needs a rate for every bucket", () => {
    expect(() => impairByAge(posted, { tenant: "mu", month: "2026-10", losses: { ...losses, rates: [] }, roles: defaultRoles })).toThrow(
      /loss rates/,
    )
  })
})

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
})
