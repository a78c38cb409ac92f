import { expect, test } from "vitest"
import { entryOf } from "../../test/entries.ts"
import { entriesAsOf, entriesBetween, entriesOfPayer } from "./selectEntries.ts"

const dates = ["2026-09-30", "2026-10-01", "2026-10-31", "2026-11-01"]
const entries = [
  ...dates.map((date) => entryOf(date, date, [["1100", "4000", 1n]])),
  entryOf("late", "2026-08-01", [["1100", "4000", 1n]], { month: "2026-10" }),
]

test("a first and a last day belong to what lies between them; late entries to the month they are posted in", () => {
  expect(entriesAsOf(entries, "2026-10-01").map(({ id }) => id)).toEqual(["2026-09-30", "2026-10-01", "late"])
  expect(entriesBetween(entries, "2026-10-01", "2026-10-31").map(({ id }) => id)).toEqual(["2026-10-01", "2026-10-31", "late"])
})

test("of an entry with several payers each has its transfers alone", () => {
  const shared = entryOf("shared", "2026-10-31", [
    ["6100", "1190", 5n, "p1"],
    ["6100", "1190", 7n, "p2"],
  ])
  expect(entriesOfPayer([shared, ...entries], "p2")).toEqual([{ ...shared, transfers: shared.transfers.slice(1) }])
})
