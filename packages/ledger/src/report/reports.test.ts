import { Result } from "effect"
import fc from "fast-check"
import { expect, test } from "vitest"
import { issuedOf, payerOf } from "../../test/receipts.ts"
import { yearOfEntries } from "../../test/year.ts"
import { defaultChart, defaultPolicy, defaultRoles } from "../chart/Chart.ts"
import { deriveEntries } from "../derive/deriveEntries.ts"
import type { Entry } from "../Entry.ts"
import { trialBalance } from "../journal/trialBalance.ts"
import { accountStatement } from "./accountStatement.ts"
import { documentDatesOf } from "./documentDatesOf.ts"
import { receivablesByAge } from "./receivablesByAge.ts"
import { entriesAsOf, entriesBetween, entriesOfPayer } from "./selectEntries.ts"
import { balanceSheet, incomeStatement } from "./statements.ts"

const { entries, receipts } = yearOfEntries(300, 5)
const documentDates = documentDatesOf(receipts)
const balanceOf = (of: readonly Entry[], account: string): bigint =>
  trialBalance(of, defaultChart).accounts.find((balance) => balance.account === account)?.balanceMinor ?? 0n
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
        receivablesByAge(of, { asOfDate: date, roles: defaultRoles, documentDates }).reduce((total, { openMinor }) => total + openMinor, 0n)
      expect(sum(entries)).toBe(balanceOf(entriesAsOf(entries, date), "1100"))
      expect(payers.reduce((total, payer) => total + sum(entriesOfPayer(entries, payer)), 0n)).toBe(sum(entries))
    }),
    { numRuns: 10 },
  )
})

test("a receipt ages from the date of its document through the buckets, whatever day it is booked on", () => {
  const receipt = issuedOf(payerOf("p1"), [10_000n])
  const posted = Result.getOrThrow(deriveEntries({ kind: "issued", receipt, month: "2026-10" }, defaultPolicy))
  expect(posted.map(({ effectiveDate }) => effectiveDate)).toEqual(["2026-10-31"])
  const aged = (date: string): unknown =>
    receivablesByAge(posted, { asOfDate: date, roles: defaultRoles, documentDates: documentDatesOf([receipt]) }).map(
      ({ ageDays, bucket, openMinor, issuedDate }) => [issuedDate, ageDays, bucket, openMinor],
    )
  expect(aged("2026-10-30")).toEqual([])
  expect(aged("2026-10-31")).toEqual([["2026-11-01", 0, 0, 10_700n]])
  expect(aged("2026-12-01")).toEqual([["2026-11-01", 30, 0, 10_700n]])
  expect(aged("2026-12-02")).toEqual([["2026-11-01", 31, 1, 10_700n]])
  expect(aged("2027-02-01")).toEqual([["2026-11-01", 92, 3, 10_700n]])
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
