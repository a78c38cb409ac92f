import { Effect } from "effect"
import { creditNoteDocument } from "../pdf/creditNoteDocument.ts"
import { renderPdf } from "../pdf/render/renderPdf.ts"
import { BillingStore } from "../store/index.ts"
import type { Actor } from "./Actor.ts"
import { printedOf, readCreditNote } from "./CreditNote.ts"
import { keepPrint, receiptFileName, receiptSubject } from "./keepPrint.ts"
import { refuse } from "./RunError.ts"
import { storedReceipt } from "./receiptEntries.ts"

/** The PDF of a credit note, kept beside that of its receipt: it is rendered once, and afterwards read. */
export const printCreditNote = Effect.fn("printCreditNote")(function* (
  tenant: string,
  number: string,
  /** Who prints it first, as the audit log tells; null: it is not kept. */
  actor: Actor | null,
) {
  const store = yield* BillingStore
  const note = yield* readCreditNote(tenant, number)
  if (note === null) return yield* refuse("not-found", `There is no credit note ${number}.`)
  const name = `${receiptFileName(number)}.pdf`
  const kept = yield* store.file(tenant, receiptSubject(note.receiptId), name)
  if (kept !== null) return { name, bytes: kept.bytes }
  const receipt = yield* storedReceipt(tenant, note.receiptId)
  const bytes = yield* renderPdf(creditNoteDocument(receipt, printedOf(note)))
  if (actor !== null) yield* keepPrint(tenant, note.receiptId, { name, bytes }, actor)
  return { name, bytes }
})
