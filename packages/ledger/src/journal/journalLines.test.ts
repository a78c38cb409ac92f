import { expect, test } from "vitest"
import { entryOf } from "../../test/entries.ts"
import { journalLines } from "./journalLines.ts"

test("one line per side, account and payer, debits first, in order of first mention", () => {
  const lines = journalLines(
    entryOf("mu/e", "2026-10-31", [
      ["1100", "4000", 100n, "p2"],
      ["1100", "2100", 7n, "p2"],
      ["1100", "4000", 50n, "p1"],
      ["1000", "1100", 30n, "p2"],
      ["1000", "4000", 4n, "p2"],
    ]),
  )
  expect(lines).toEqual([
    { account: "1100", payerId: "p2", debitMinor: 107n, creditMinor: 0n },
    { account: "1100", payerId: "p1", debitMinor: 50n, creditMinor: 0n },
    { account: "1000", payerId: "p2", debitMinor: 34n, creditMinor: 0n },
    { account: "4000", payerId: "p2", debitMinor: 0n, creditMinor: 104n },
    { account: "2100", payerId: "p2", debitMinor: 0n, creditMinor: 7n },
    { account: "4000", payerId: "p1", debitMinor: 0n, creditMinor: 50n },
    { account: "1100", payerId: "p2", debitMinor: 0n, creditMinor: 30n },
  ])
})
