import type { TaxTreatment } from "@hpc-billing/core"
import { expect, test } from "vitest"
import { type DocumentKindId, documentKindOf } from "./DocumentKind.ts"
import { sampleReceipt } from "./sampleReceipt.ts"

const taxable: TaxTreatment = { kind: "taxable", code: "VAT7", ratePercent: "7" }
const exempt: TaxTreatment = { kind: "exempt", code: "EX", basis: "s.81(1)(f)" }
const internal: TaxTreatment = { kind: "out-of-scope", code: "INT", basis: "one legal person" }

test.each<["draft" | "issued" | "paid" | "void", TaxTreatment, DocumentKindId]>([
  ["draft", taxable, "invoice"],
  ["issued", taxable, "invoice"],
  ["void", exempt, "invoice"],
  ["paid", taxable, "receipt-tax-invoice"],
  ["paid", exempt, "receipt"],
  ["issued", internal, "internal-transfer-note"],
  ["paid", internal, "internal-transfer-note"],
])("%s, %o: %s", (status, taxTreatment, kind) => {
  const receipt = sampleReceipt(1, status)
  expect(documentKindOf({ ...receipt, payer: { ...receipt.payer, taxTreatment } })).toBe(kind)
})
