import { Result } from "effect"
import fc from "fast-check"
import { expect, test } from "vitest"
import { baht } from "../../test/receipts.ts"
import { defaultRoles } from "../chart/Chart.ts"
import { applyPrepaid } from "./applyPrepaid.ts"
import { emptyPrepaid, type Prepaid, type PrepaidOperation, prepaidBalances } from "./Prepaid.ts"
import { topUpEntry } from "./topUpEntry.ts"

const run = (operations: readonly PrepaidOperation[], from = emptyPrepaid("physics", baht)): Prepaid =>
  operations.reduce((prepaid, operation) => Result.getOrThrow(applyPrepaid(prepaid, operation)), from)
const refusal = (prepaid: Prepaid, operation: PrepaidOperation): string => {
  const result = applyPrepaid(prepaid, operation)
  return Result.isFailure(result) ? result.failure.reason : "done"
}
const topUp: PrepaidOperation = { id: "t", kind: "top-up", amountMinor: 1_000n }
const hold: PrepaidOperation = { id: "h", kind: "hold", holdId: "job", amountMinor: 600n, expiresAtSeconds: 100, atSeconds: 0 }
const funded = run([topUp, hold])

test("balances tell settled, in flight and committed apart", () => {
  expect(prepaidBalances(funded)).toEqual({ settledMinor: 1_000n, inFlightMinor: 600n, committedMinor: 400n, availableMinor: 400n })
  const charged = run([{ id: "p", kind: "post", holdId: "job", amountMinor: 250n, isFinal: true, atSeconds: 1 }], funded)
  expect(prepaidBalances(charged)).toEqual({ settledMinor: 750n, inFlightMinor: 0n, committedMinor: 750n, availableMinor: 750n })
})

const rows: readonly (readonly [string, Prepaid, PrepaidOperation, string])[] = [
  ["a top-up of nothing", funded, { id: "x", kind: "top-up", amountMinor: 0n }, "wrong-amount"],
  [
    "a charge of nothing, which gives the hold back",
    funded,
    { id: "x", kind: "post", holdId: "job", amountMinor: 0n, isFinal: true, atSeconds: 1 },
    "done",
  ],
  ["a negative charge", funded, { id: "x", kind: "post", holdId: "job", amountMinor: -1n, isFinal: true, atSeconds: 1 }, "wrong-amount"],
  ["a hold beyond what is available", funded, { ...hold, id: "x", holdId: "job2", amountMinor: 401n }, "insufficient-balance"],
  ["a hold up to what is available", funded, { ...hold, id: "x", holdId: "job2", amountMinor: 400n }, "done"],
  [
    "a hold within the limit below zero",
    run([topUp, hold], emptyPrepaid("physics", baht, 50n)),
    { ...hold, id: "x", holdId: "job2", amountMinor: 450n },
    "done",
  ],
  ["a second hold of the same name", funded, { ...hold, id: "x" }, "wrong-status"],
  [
    "a charge beyond the hold",
    funded,
    { id: "x", kind: "post", holdId: "job", amountMinor: 601n, isFinal: true, atSeconds: 1 },
    "insufficient-balance",
  ],
  [
    "a charge of an unknown hold",
    funded,
    { id: "x", kind: "post", holdId: "none", amountMinor: 1n, isFinal: true, atSeconds: 1 },
    "wrong-status",
  ],
  [
    "voiding an ended hold",
    run([{ id: "v", kind: "void", holdId: "job" }], funded),
    { id: "x", kind: "void", holdId: "job" },
    "wrong-status",
  ],
  [
    "charging an expired hold",
    run([{ id: "e", kind: "expire", atSeconds: 100 }], funded),
    { id: "x", kind: "post", holdId: "job", amountMinor: 1n, isFinal: true, atSeconds: 101 },
    "wrong-status",
  ],
  ["another operation under a used id", funded, { ...topUp, amountMinor: 1n }, "conflict"],
]
test.each(rows)("I5 I11: %s", (_, prepaid, operation, outcome) => {
  expect(refusal(prepaid, operation)).toBe(outcome)
})

test("a top-up can be held at once", () => {
  const toppedUp = run([topUp])
  expect(prepaidBalances(toppedUp)).toEqual({ settledMinor: 1_000n, inFlightMinor: 0n, committedMinor: 1_000n, availableMinor: 1_000n })
  expect([refusal(run([]), hold), refusal(toppedUp, hold)]).toEqual(["insufficient-balance", "done"])
})

test("a hold that has not run out does not expire", () => {
  expect(prepaidBalances(run([{ id: "e", kind: "expire", atSeconds: 99 }], funded)).inFlightMinor).toBe(600n)
})

test("what does not fit is said in money", () => {
  const sentence = (operation: PrepaidOperation): string => {
    const result = applyPrepaid(funded, operation)
    return Result.isFailure(result) ? result.failure.message : ""
  }
  expect(sentence({ ...hold, id: "x", holdId: "job2", amountMinor: 401n })).toBe(
    "Project physics has 4.00 THB available, 4.01 THB is asked for: top up or wait for holds to end.",
  )
  expect(sentence({ id: "x", kind: "post", holdId: "job", amountMinor: 601n, isFinal: true, atSeconds: 1 })).toBe(
    "Hold job has 6.00 THB left, 6.01 THB is charged: bill the rest by receipt.",
  )
})

test("I5: the same operation again changes nothing", () => {
  expect(run([topUp, hold, topUp], funded)).toEqual(funded)
})

test("I12: whatever is charged in however many parts, a hold ends as charged, voided and expired, to the minor unit", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.bigInt(0n, 300n), fc.boolean()), { maxLength: 5 }), fc.boolean(), (parts, voids) => {
      let prepaid = funded
      parts.forEach(([amountMinor, isFinal], index) => {
        const result = applyPrepaid(prepaid, { id: `p${index}`, kind: "post", holdId: "job", amountMinor, isFinal, atSeconds: 1 })
        if (Result.isSuccess(result)) prepaid = result.success
      })
      const end: PrepaidOperation = voids ? { id: "v", kind: "void", holdId: "job" } : { id: "e", kind: "expire", atSeconds: 100 }
      const ended = applyPrepaid(prepaid, end)
      const { holds, settledMinor } = Result.isSuccess(ended) ? ended.success : prepaid
      const job = holds.get("job")
      expect((job?.postedMinor ?? 0n) + (job?.voidedMinor ?? 0n) + (job?.expiredMinor ?? 0n)).toBe(600n)
      expect(settledMinor).toBe(1_000n - (job?.postedMinor ?? 0n))
    }),
  )
})

test("a top-up is booked as unearned revenue", () => {
  const of = { tenant: "mu", topUpId: "t1", payerId: "p1", month: "2026-10", date: "2026-10-05", currency: baht, amountMinor: 1_000n }
  expect(topUpEntry(of, defaultRoles)).toMatchObject({
    id: "mu/top-up/t1",
    source: { kind: "payment", receiptId: null, receiptNumber: null },
    transfers: [{ debitAccount: "1000", creditAccount: "2000", amountMinor: 1_000n }],
  })
  expect(() => topUpEntry({ ...of, amountMinor: 0n }, defaultRoles)).toThrow(/not above zero/)
})
