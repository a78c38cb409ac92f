import fc from "fast-check"
import { expect, test } from "vitest"
import { sampleLineWith, sampleReceipt } from "./sampleReceipt.ts"
import { summariseLines } from "./summariseLines.ts"

test("one row a service and price, in a fixed order", () => {
  const { rows } = summariseLines(sampleReceipt(9).lines)
  expect(rows.map((row) => [row.sku, row.jobCount])).toEqual([
    ["cpu", 3],
    ["gpu-a100", 3],
    ["mem", 3],
  ])
  expect(summariseLines([...sampleReceipt(9).lines].reverse())).toEqual({ rows, zeroCount: 0 })
})

test("another price is another row, corrections are one row a month, zero lines are counted", () => {
  const corrects = { month: "2026-05", lineId: null, receiptNumber: null }
  const { rows, zeroCount } = summariseLines([
    sampleLineWith(0, {}),
    sampleLineWith(0, { id: "dearer", unitPrice: { units: 4n, scale: 1 } }),
    sampleLineWith(1, { id: "correction-1", kind: "correction", corrects }),
    sampleLineWith(2, { id: "correction-2", kind: "correction", corrects }),
    sampleLineWith(3, { id: "minimum", kind: "period", jobId: "" }),
    sampleLineWith(4, { id: "zero", kind: "zero", zeroReason: "never started", billedMinor: 0n }),
  ])
  expect(rows.map((row) => [row.kind, row.correctsMonth, row.jobCount])).toEqual([
    ["usage", null, 1],
    ["usage", null, 1],
    ["period", null, 0],
    ["correction", "2026-05", 2],
  ])
  expect(zeroCount).toBe(1)
})

test("the rows sum to the receipt's net total", () => {
  fc.assert(
    fc.property(fc.nat({ max: 300 }), (count) => {
      const receipt = sampleReceipt(count)
      expect(summariseLines(receipt.lines).rows.reduce((sum, row) => sum + row.amountMinor, 0n)).toBe(receipt.netMinor)
    }),
    { numRuns: 30 },
  )
})
