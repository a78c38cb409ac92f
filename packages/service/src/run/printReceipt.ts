import type { Receipt } from "@hpc-billing/core"
import { Effect } from "effect"
import { receiptDocument } from "../pdf/receiptDocument.ts"
import { renderPdf } from "../pdf/render/renderPdf.ts"
import { BillingStore } from "../store/index.ts"

export const receiptSubject = (receiptId: string): string => `receipt/${receiptId}`

/** Document numbers are file names too. */
export const receiptFileName = (number: string): string => number.replaceAll(/[^A-Za-z0-9._-]/g, "_")

/** The receipt as it was issued, whatever became of it since. */
export const asIssued = (receipt: Receipt): Receipt => {
  if (receipt.status.kind === "draft") return receipt
  const { number, issuedAtSeconds } = receipt.status
  return { ...receipt, status: { kind: "issued", number, issuedAtSeconds } }
}

/** `R2026-000001.pdf` as issued; the faces that come later have names of their own. */
const fileNameOf = ({ id, status }: Receipt): string => {
  if (status.kind === "draft") return `draft-${receiptFileName(id)}.pdf`
  return `${receiptFileName(status.number)}${status.kind === "issued" ? "" : `-${status.kind}`}.pdf`
}

/**
 * The PDF of a receipt as it stands: rendered once for each status and kept, a draft not. What was printed at issue stays as it was;
 * a paid receipt has a face that says when it was paid, and how much.
 */
export const printReceipt = Effect.fn("printReceipt")(function* (
  tenant: string,
  receipt: Receipt,
  options: { readonly annex: boolean } = { annex: true },
) {
  const store = yield* BillingStore
  const subject = receiptSubject(receipt.id)
  const name = fileNameOf(receipt)
  const kept = receipt.status.kind === "draft" ? null : yield* store.file(tenant, subject, name)
  if (kept !== null) return { name, bytes: kept.bytes, isNew: false }
  const bytes = yield* renderPdf(receiptDocument(receipt, options))
  if (receipt.status.kind !== "draft") yield* store.attachFile(tenant, { subject, name, mediaType: "application/pdf", bytes })
  return { name, bytes, isNew: true }
})
