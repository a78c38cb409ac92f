import { expect, it } from "vitest"
import { usageWith } from "../../fixtures/makeUsage.ts"
import { lineJson, sliceJson } from "./lineJson.ts"
import type { RatedLine } from "./RatedLine.ts"

const line: RatedLine = {
  id: "l",
  kind: "usage",
  usageId: "ci/1/2",
  payerId: "p",
  cluster: "ci",
  account: "a",
  user: "u",
  jobId: "1",
  jobName: "j",
  partition: "gpu",
  qos: "high",
  state: "COMPLETED",
  window: { startSeconds: 1, endSeconds: 2 },
  sku: "cpu",
  quantity: { units: 1_500n, scale: 3 },
  unit: "core-h",
  unitPrice: { units: 20n, scale: 1 },
  amount: { units: 30_000n, scale: 4 },
  currency: "THB",
  rate: { cardId: "c", cardVersion: 2, cardHash: "h", tier: "MU", overrideId: "o", basis: "allocated" },
  zeroReason: null,
  corrects: null,
  provisional: false,
  flags: ["imputed"],
}

it("holds every field of a line, numbers without trailing zeros", () => {
  expect(lineJson(line)).toEqual({ ...line, quantity: "1.5", unitPrice: "2", amount: "3" })
  const corrects = { month: "2026-05", lineId: null, receiptNumber: "R-1" }
  const tax = { code: "X", ratePercent: "0", basis: "law", basisThai: "กฎหมาย" }
  expect(lineJson({ ...line, corrects, tax })).toEqual({ ...line, corrects, tax, quantity: "1.5", unitPrice: "2", amount: "3" })
})

it("holds which usage a slice is of, when, and what it held", () => {
  const usage = usageWith({})
  const slice = { usage, startSeconds: 5, endSeconds: 9, before: { cpu: 1n }, quantities: { cpu: 8n, mem: 9_007_199_254_740_993n } }
  expect(sliceJson(slice)).toEqual({ usageId: usage.id, startSeconds: 5, endSeconds: 9, quantities: { cpu: "8", mem: "9007199254740993" } })
})
