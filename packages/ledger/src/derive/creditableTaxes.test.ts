import { type ReceiptTax, taxesOfPart } from "@hpc-billing/core"
import { Result } from "effect"
import fc from "fast-check"
import { expect, test } from "vitest"
import { issuedOf, payerOf } from "../../test/receipts.ts"
import { defaultPolicy } from "../chart/Chart.ts"
import type { Entry } from "../Entry.ts"
import { creditableOf } from "./creditableOf.ts"
import { creditableTaxes } from "./creditableTaxes.ts"
import { deriveEntries } from "./deriveEntries.ts"

const { roles } = defaultPolicy
const whole = issuedOf(payerOf("p1"), [10_000n])
const codes = [
  { code: "VAT7", ratePercent: "7", basis: "" },
  { code: "education", ratePercent: "0", basis: "s.81" },
  { code: "equipment", ratePercent: "10", basis: "" },
]
const taxes: readonly ReceiptTax[] = codes.map((code, index) => ({
  ...code,
  netMinor: [6_000n, 3_000n, 1_000n][index] as bigint,
  taxMinor: [420n, 0n, 100n][index] as bigint,
}))
const receipt = { ...whole, taxes, taxMinor: 520n, grossMinor: 10_520n }

const note = (posted: readonly Entry[], number: number, netMinor: bigint, taxMinor: bigint): readonly Entry[] =>
  Result.getOrElse(
    deriveEntries(
      {
        kind: "credited",
        receipt,
        month: "2026-11",
        creditNoteNumber: `CN-${number}`,
        date: "2026-11-05",
        netMinor,
        taxMinor,
        posted,
      },
      defaultPolicy,
    ),
    () => [],
  )

test("what is left of each tax sums to what is left of the receipt, whatever the notes before took", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.bigInt(1n, 6_000n), fc.bigInt(-30n, 30n)), { maxLength: 5 }), (wanted) => {
      const posted: Entry[] = []
      for (const [number, [netMinor, oddMinor]] of wanted.entries()) {
        const ownMinor = taxesOfPart(creditableTaxes(receipt, posted, roles), netMinor).reduce((sum, tax) => sum + tax.taxMinor, 0n)
        posted.push(...note(posted, number, netMinor, ownMinor + oddMinor))
        const left = creditableTaxes(receipt, posted, roles)
        const { netMinor: netLeft, taxMinor: taxLeft } = creditableOf(receipt, posted, roles)
        expect(left.reduce((sum, tax) => sum + tax.netMinor, 0n)).toBe(netLeft)
        expect(left.reduce((sum, tax) => sum + tax.taxMinor, 0n)).toBe(taxLeft)
        expect(left.every((tax) => tax.netMinor >= 0n && tax.taxMinor >= 0n)).toBe(true)
      }
    }),
    { numRuns: 100 },
  )
})

test("notes of other receipts take nothing", () => {
  const foreign = note([], 1, 100n, 7n).map((entry) => ({ ...entry, source: { ...entry.source, receiptId: "other" } }))
  expect(foreign).toHaveLength(1)
  expect(creditableTaxes(receipt, foreign, roles)).toEqual(taxes)
})

test("its own issue and payments take nothing", () => {
  const issued = Result.getOrThrow(deriveEntries({ kind: "issued", receipt, month: "2026-10" }, defaultPolicy))
  const payment = { month: "2026-11", paymentId: "b", date: "2026-11-05", from: "bank", receivedMinor: 5_000n, withheldMinor: 0n } as const
  const paid = Result.getOrThrow(deriveEntries({ kind: "paid", receipt, ...payment, posted: issued }, defaultPolicy))
  expect([issued.length, paid.length]).toEqual([1, 1])
  expect(creditableTaxes(receipt, [...issued, ...paid], roles)).toEqual(taxes)
})
