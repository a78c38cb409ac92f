import { expect, test } from "vitest"
import { entryOf } from "../../test/entries.ts"
import { accountStatement } from "./accountStatement.ts"

const entries = [
  entryOf("d", "2026-10-31", [["1000", "1100", 40n]]),
  entryOf("b", "2026-10-05", [
    ["1100", "4000", 100n],
    ["1100", "2100", 7n],
  ]),
  entryOf("a", "2026-10-05", [["1100", "4000", 30n]]),
  entryOf("before", "2026-09-30", [["1100", "4000", 50n]]),
  entryOf("first", "2026-10-01", [["4000", "1100", 20n]]),
  entryOf("after", "2026-11-01", [["1100", "4000", 900n]]),
  entryOf("elsewhere", "2026-10-06", [["1000", "4000", 800n]]),
  entryOf("nothing in sum", "2026-10-07", [
    ["1100", "4000", 5n],
    ["4000", "1100", 5n],
  ]),
  entryOf("yen", "2026-10-06", [["1100", "4000", 700n]], { currency: "JPY", currencyExponent: 0 }),
  entryOf("late", "2026-08-15", [["1100", "4000", 3n]], { month: "2026-10" }),
]

test("what moved on one account in one currency, by day and id, each line with its balance", () => {
  const statement = accountStatement(entries, { account: "1100", currency: "THB", fromDate: "2026-10-01", untilDate: "2026-10-31" })
  expect(statement.lines.map((line) => [line.date, line.entryId, line.debitMinor, line.creditMinor, line.balanceMinor])).toEqual([
    ["2026-10-01", "first", 0n, 20n, 30n],
    ["2026-10-01", "late", 3n, 0n, 33n],
    ["2026-10-05", "a", 30n, 0n, 63n],
    ["2026-10-05", "b", 107n, 0n, 170n],
    ["2026-10-07", "nothing in sum", 5n, 5n, 170n],
    ["2026-10-31", "d", 0n, 40n, 130n],
  ])
  expect([statement.openingMinor, statement.closingMinor, statement.lines[0]?.memo]).toEqual([50n, 130n, "memo of first"])
})

test("of an account that nothing moved there is nothing to state", () => {
  expect(accountStatement(entries, { account: "9999", currency: "THB", fromDate: "2026-10-01", untilDate: "2026-10-31" })).toEqual({
    openingMinor: 0n,
    lines: [],
    closingMinor: 0n,
  })
})
