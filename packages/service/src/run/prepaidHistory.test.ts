import { applyPrepaid, drawPrepaid, emptyPrepaid, type PrepaidOperation } from "@hpc-billing/ledger"
import { Result } from "effect"
import { expect, test } from "vitest"
import { prepaidHistory } from "./prepaidHistory.ts"

const baht = { code: "THB", exponent: 2 }

test("a credit is told change by change, what one receipt drew as one", () => {
  const operations: PrepaidOperation[] = [
    { id: "top-up/bank-1", kind: "top-up", amountMinor: 1_000n },
    { id: "expire/2", kind: "expire", atSeconds: 5 },
    { id: "hold/7", kind: "hold", holdId: "7", amountMinor: 300n, expiresAtSeconds: 100, atSeconds: 5 },
    { id: "hold/8", kind: "hold", holdId: "8", amountMinor: 100n, expiresAtSeconds: 9, atSeconds: 6 },
    { id: "hold/9", kind: "hold", holdId: "9", amountMinor: 50n, expiresAtSeconds: 100, atSeconds: 7 },
    { id: "release/9", kind: "void", holdId: "9" },
  ]
  const before = operations.reduce((prepaid, each) => Result.getOrThrow(applyPrepaid(prepaid, each)), emptyPrepaid("reef", baht))
  const { operations: drawn } = drawPrepaid(before, { receiptId: "t/m/p/1", owedMinor: 450n, jobIds: new Set(["7"]), atSeconds: 20 })
  operations.push(...drawn)
  operations.push({ id: "refund/t/m/p/1/1/expire", kind: "expire", atSeconds: 30 })
  operations.push({ id: "refund/t/m/p/1/1", kind: "refund", receiptId: "t/m/p/1", amountMinor: 200n })
  const rows = prepaidHistory("reef", baht, operations).map((each) => Object.values(each))
  expect(rows).toEqual([
    ["top-up", "bank-1", null, 1_000n, 1_000n, 0n, 1_000n],
    ["hold", "7", 5, 300n, 1_000n, 300n, 700n],
    ["hold", "8", 6, 100n, 1_000n, 400n, 600n],
    ["hold", "9", 7, 50n, 1_000n, 450n, 550n],
    ["release", "9", 7, 50n, 1_000n, 400n, 600n],
    ["expiry", "8", 20, 100n, 1_000n, 300n, 700n],
    ["charge", "t/m/p/1", 20, 450n, 550n, 0n, 550n],
    ["refund", "t/m/p/1", 30, 200n, 750n, 0n, 750n],
  ])
})

test("what a final charge leaves of a hold is given back", () => {
  const operations: PrepaidOperation[] = [
    { id: "top-up/x/y", kind: "top-up", amountMinor: 1_000n },
    { id: "hold/7", kind: "hold", holdId: "7", amountMinor: 300n, expiresAtSeconds: 100, atSeconds: 5 },
    { id: "draw/r/post/7", kind: "post", holdId: "7", amountMinor: 0n, isFinal: true, atSeconds: 8 },
  ]
  const [first, , last] = prepaidHistory("reef", baht, operations)
  expect(first?.reference).toBe("x/y")
  expect(last).toMatchObject({ kind: "release", reference: "7", amountMinor: 300n, availableMinor: 1_000n, atSeconds: 8 })
})
