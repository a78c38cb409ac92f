import { expect, test } from "vitest"
import { journalLines } from "./journalLines.ts"

test("one line per side, account and payer, debits first, in order of first mention", () => {
  const transfer = (debitAccount: string, creditAccount: string, amountMinor: bigint, payerId: string) => {
    return { debitAccount, creditAccount, amountMinor, payerId, memo: "" }
  }
  const lines = journalLines({
    id: "mu/e",
    tenant: "mu",
    effectiveDate: "2026-10-31",
    month: "2026-10",
    currency: "THB",
    currencyExponent: 2,
    memo: "",
    source: { kind: "adjustment", receiptId: null, receiptNumber: null },
    transfers: [
      transfer("1100", "4000", 100n, "p2"),
      transfer("1100", "2100", 7n, "p2"),
      transfer("1100", "4000", 50n, "p1"),
      transfer("1000", "1100", 30n, "p2"),
      transfer("1000", "4000", 4n, "p2"),
    ],
    reverses: null,
  })
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
