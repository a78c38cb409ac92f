import { Effect } from "effect"
import { creditNoteDocument } from "../pdf/creditNoteDocument.ts"
import { renderPdf } from "../pdf/render/renderPdf.ts"
import { BillingStore } from "../store/index.ts"
import { printedOf, readCreditNote } from "./CreditNote.ts"
import { receiptFileName, receiptSubject } from "./printReceipt.ts"
import { refuse } from "./RunError.ts"
import { storedReceipt } from "./receiptEntries.ts"

/** The PDF of a credit note, kept beside that of its receipt: it is rendered once, and afterwards read. */
export const printCreditNote = Effect.fn("printCreditNote")(function* (tenant: string, number: string) {
  const store = yield* BillingStore
  const note = yield* readCreditNote(tenant, number)
  if (note === null) return yield* refuse("not-found", `There is no credit note ${number}.`)
  const subject = receiptSubject(note.receiptId)
  const name = `${receiptFileName(number)}.pdf`
  const kept = yield* store.file(tenant, subject, name)
  if (kept !== null) return { name, bytes: kept.bytes }
  const receipt = yield* storedReceipt(tenant, note.receiptId)
  const bytes = yield* renderPdf(creditNoteDocument(receipt, printedOf(note)))
  yield* store.attachFile(tenant, { subject, name, mediaType: "application/pdf", bytes })
  return { name, bytes }
})
