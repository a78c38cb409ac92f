import type { ReceiptStatus } from "@hpc-billing/core"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { sampleLine, sampleReceipt } from "../../testing/samples.ts"
import { decodeLine, decodeParticulars, decodeStatus, encodeLine, encodeParticulars, encodeStatus } from "./receiptBody.ts"

const minor = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
const decimal = fc.record(
  { units: fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), scale: fc.nat({ max: 40 }) },
  { noNullPrototype: true },
)

describe("receipt rows are read back as they were written", () => {
  it("lines", () => {
    const line = fc
      .record({ quantity: decimal, unitPrice: decimal, amount: decimal, billedMinor: minor, jobName: fc.string({ unit: "binary" }) })
      .map((change) => sampleLine(1, change))
    fc.assert(fc.property(line, (value) => void expect(decodeLine(encodeLine(value))).toEqual(value)))
  })

  it("particulars, without lines and status", () => {
    fc.assert(
      fc.property(minor, minor, (netMinor, taxMinor) => {
        const receipt = {
          ...sampleReceipt("t", 1, { kind: "draft" }, [sampleLine(1)]),
          netMinor,
          taxMinor,
          grossMinor: netMinor + taxMinor,
          taxes: [{ code: "VAT7", ratePercent: "7", basis: "", netMinor, taxMinor }],
        }
        const { lines: _, status: __, ...particulars } = receipt
        expect(decodeParticulars(encodeParticulars(receipt))).toEqual(particulars)
      }),
    )
  })

  const issued = { number: "INV-1", issuedAtSeconds: 1 }
  const statuses: readonly ReceiptStatus[] = [
    { kind: "draft" },
    { kind: "issued", ...issued },
    { kind: "paid", ...issued, paidAtSeconds: 2, paidMinor: 9_007_199_254_740_993n, withheldMinor: 0n },
    { kind: "void", ...issued, voidedAtSeconds: 2, reason: 'ผิด "paidMinor"' },
  ]
  it.each(statuses)("status $kind", (status) => {
    expect(decodeStatus(encodeStatus(status))).toEqual(status)
  })
})
