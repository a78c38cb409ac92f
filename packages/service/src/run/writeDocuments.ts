import { Effect } from "effect"
import { receiptDocument } from "../pdf/receiptDocument.ts"
import { renderPdf } from "../pdf/render/renderPdf.ts"
import { BillingStore } from "../store/index.ts"
import { receiptsOf } from "./journalMonth.ts"

export const receiptSubject = (receiptId: string): string => `receipt/${receiptId}`

/** Document numbers are file names too. */
export const receiptFileName = (number: string): string => number.replaceAll(/[^A-Za-z0-9._-]/g, "_")

/** Prints every issued receipt of a month that has no PDF yet and keeps the bytes: a document is rendered once. */
export const writeDocuments = Effect.fn("writeDocuments")(function* (
  tenant: string,
  month: string,
  options: { readonly annex?: boolean; readonly onProgress?: (done: number, of: number) => void } = {},
) {
  const onProgress = options.onProgress ?? (() => {})
  const store = yield* BillingStore
  const receipts = yield* receiptsOf(tenant, month)
  let written = 0
  for (const [index, receipt] of receipts.entries()) {
    onProgress(index, receipts.length)
    if (receipt.status.kind === "draft") continue
    const name = `${receiptFileName(receipt.status.number)}.pdf`
    const subject = receiptSubject(receipt.id)
    if ((yield* store.files(tenant, subject)).some((file) => file.name === name)) continue
    yield* store.attachFile(tenant, {
      subject,
      name,
      mediaType: "application/pdf",
      bytes: yield* renderPdf(receiptDocument(receipt, { annex: options.annex ?? true })),
    })
    written += 1
  }
  onProgress(receipts.length, receipts.length)
  return { written }
})
