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
const documentDates = new Map(["r1", "r2", "r3", "r5", "r6", "r7"].map((id) => [id, id === "r7" ? "2026-12-01" : "2026-10-31"]))
const at = (date: string, buckets: readonly number[] = [30, 60, 90]) =>
  receivablesByAge(entries, { asOfDate: date, roles: defaultRoles, documentDates, buckets })

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

test("age counts from the document, whatever is booked before it, after it and in which order", () => {
  const issue = of("r", "issue", "2026-09-30", [["1100", "1150", 9n]])
  const acts = [
    of("r", "payment", "2026-09-01", [["1000", "1100", 1n]]),
    of("r", "payment", "2027-01-20", [["1000", "1100", 2n]]),
    of("r", "credit-note", "2027-01-21", [["4000", "1100", 1n]]),
    of("r", "impairment", "2027-01-22", [["1190", "1100", 5n]]),
    of("r", "refund", "2027-01-23", [["1100", "1000", 3n]]),
  ]
  const aged = (booked: readonly Entry[], issuedDate: string) =>
    receivablesByAge(booked, { asOfDate: "2027-01-31", roles: defaultRoles, documentDates: new Map([["r", issuedDate]]) }).map((row) => [
      row.issuedDate,
      row.ageDays,
      row.openMinor,
    ])
  for (let count = 0; count <= acts.length; count += 1) {
    const booked = [issue, ...acts.slice(0, count)]
    const openMinor = [9n, 8n, 6n, 5n, 0n, 3n][count]
    const expected = openMinor === 0n ? [] : [["2027-01-02", 29, openMinor]]
    expect(aged(booked, "2027-01-02")).toEqual(expected)
    expect(aged(booked.toReversed(), "2027-01-02")).toEqual(expected)
  }
  expect(aged([issue], "2027-02-03")).toEqual([["2027-02-03", 0, 9n]])
})

test("what has no document ages from the first booking that touched the receivable", () => {
  const aged = (...booked: readonly Entry[]) =>
    receivablesByAge(booked, { asOfDate: "2026-11-30", roles: defaultRoles, documentDates: new Map() }).map(({ issuedDate }) => issuedDate)
  const early = of(null, "adjustment", "2026-10-01", [["1000", "1100", 1n]])
  const late = of(null, "adjustment", "2026-11-02", [["1000", "1100", 1n]])
  const elsewhere = of(null, "adjustment", "2026-09-30", [["1150", "4000", 9n]])
  expect([aged(early, late), aged(late, early)]).toEqual([["2026-10-01"], ["2026-10-01"]])
  expect([aged(elsewhere, late), aged(late, elsewhere)]).toEqual([["2026-11-02"], ["2026-11-02"]])
})
