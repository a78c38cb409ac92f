import type { Receipt } from "@hpc-billing/core"
import { Effect } from "effect"
import { receiptDocument } from "../pdf/receiptDocument.ts"
import { renderPdf } from "../pdf/render/renderPdf.ts"
import { BillingStore } from "../store/index.ts"
import type { Actor } from "./Actor.ts"
import { keepPrint, receiptFileName, receiptSubject } from "./keepPrint.ts"

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
  /** Who prints it first, as the audit log tells; null: it is not kept. */
  actor: Actor | null,
  options: { readonly annex: boolean } = { annex: true },
) {
  const store = yield* BillingStore
  const name = fileNameOf(receipt)
  const isDraft = receipt.status.kind === "draft"
  const kept = isDraft ? null : yield* store.file(tenant, receiptSubject(receipt.id), name)
  if (kept !== null) return { name, bytes: kept.bytes, isNew: false }
  const bytes = yield* renderPdf(receiptDocument(receipt, options))
  if (!isDraft && actor !== null) yield* keepPrint(tenant, receipt.id, { name, bytes }, actor)
  return { name, bytes, isNew: true }
})
