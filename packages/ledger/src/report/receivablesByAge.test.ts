import { expect, test } from "vitest"
import { entryOf, type Move } from "../../test/entries.ts"
import { defaultRoles } from "../chart/Chart.ts"
import type { Entry, EntrySource } from "../Entry.ts"
import { receivablesByAge } from "./receivablesByAge.ts"

const of = (
  receiptId: string | null,
  kind: EntrySource["kind"],
  date: string,
  moves: readonly Move[],
  change: Partial<Entry> = {},
): Entry =>
  entryOf(`${receiptId}/${kind}/${date}`, date, moves, { source: { kind, receiptId, receiptNumber: `IV-${receiptId}` }, ...change })

const entries = [
  of("r2", "issue", "2026-10-31", [
    ["1100", "1150", 100n, "p2"],
    ["1100", "2110", 7n, "p2"],
  ]),
  of("r2", "payment", "2026-11-15", [["1000", "1100", 60n, "p2"]]),
  of("r1", "issue", "2026-10-31", [["1100", "1150", 50n]]),
  of("r3", "issue", "2026-10-31", [["1100", "1150", 10n]]),
  of("r3", "payment", "2026-11-01", [["1000", "1100", 10n]]),
  of("r4", "credit-note", "2026-11-10", [["4000", "1100", 5n]]),
  of("r5", "payment", "2026-09-01", [["1000", "1100", 20n]]),
  of("r5", "issue", "2026-10-31", [["1100", "1150", 30n]]),
  of("r6", "issue", "2026-10-31", [["1100", "1150", 9n]], { currency: "JPY", currencyExponent: 0 }),
  of("r6", "issue", "2026-10-31", [["1100", "1150", 8n]]),
  of("r7", "issue", "2026-12-01", [["1100", "1150", 1n]]),
  of("r8", "adjustment", "2026-10-31", [["1000", "4000", 1n]]),
  of(null, "adjustment", "2026-10-31", [["1100", "4000", 4n]]),
]
const at = (date: string, buckets?: readonly number[]) => receivablesByAge(entries, date, defaultRoles, buckets)

test("what is open of every receipt, payer and currency at the end of a day, by receipt; nothing of what is settled or comes later", () => {
  expect(
    at("2026-11-30").map((row) => [row.receiptId, row.payerId, row.currency, row.currencyExponent, row.openMinor, row.issuedDate]),
  ).toEqual([
    ["", "p1", "THB", 2, 4n, "2026-10-31"],
    ["r1", "p1", "THB", 2, 50n, "2026-10-31"],
    ["r2", "p2", "THB", 2, 47n, "2026-10-31"],
    ["r4", "p1", "THB", 2, -5n, "2026-11-10"],
    ["r5", "p1", "THB", 2, 10n, "2026-10-31"],
    ["r6", "p1", "JPY", 0, 9n, "2026-10-31"],
    ["r6", "p1", "THB", 2, 8n, "2026-10-31"],
  ])
  expect(at("2026-11-30")[1]?.receiptNumber).toBe("IV-r1")
  expect(at("2026-12-01").some(({ receiptId }) => receiptId === "r7")).toBe(true)
  expect(at("2026-10-30").map(({ receiptId, openMinor }) => [receiptId, openMinor])).toEqual([["r5", -20n]])
})

test("the first day of a bucket follows the last of the one before; the oldest fall into one more", () => {
  const bucketOfFirst = (date: string, buckets?: readonly number[]): unknown => {
    const row = at(date, buckets).find(({ receiptId }) => receiptId === "r1")
    return [row?.ageDays, row?.bucket]
  }
  expect(
    ["2026-10-31", "2026-11-30", "2026-12-01", "2026-12-30", "2026-12-31", "2027-01-29", "2027-01-30"].map((date) => bucketOfFirst(date)),
  ).toEqual([
    [0, 0],
    [30, 0],
    [31, 1],
    [60, 1],
    [61, 2],
    [90, 2],
    [91, 3],
  ])
  expect([bucketOfFirst("2026-11-30", []), bucketOfFirst("2026-11-30", [7])]).toEqual([
    [30, 0],
    [30, 1],
  ])
})

test("age counts from the issue, whatever stands before it or comes first; without one, from the first that touched the receivable", () => {
  const aged = (...booked: readonly Entry[]) => receivablesByAge(booked, "2026-11-30", defaultRoles).map(({ issuedDate }) => issuedDate)
  const issue = of("r", "issue", "2026-10-31", [["1100", "1150", 9n]])
  const early = of("r", "payment", "2026-10-01", [["1000", "1100", 1n]])
  const late = of("r", "payment", "2026-11-02", [["1000", "1100", 1n]])
  const elsewhere = of("r", "accrual", "2026-09-30", [["1150", "4000", 9n]])
  expect([aged(early, issue), aged(issue, early), aged(early, late), aged(late, early)]).toEqual([
    ["2026-10-31"],
    ["2026-10-31"],
    ["2026-10-01"],
    ["2026-10-01"],
  ])
  expect([aged(elsewhere, late), aged(late, elsewhere)]).toEqual([["2026-11-02"], ["2026-11-02"]])
})
