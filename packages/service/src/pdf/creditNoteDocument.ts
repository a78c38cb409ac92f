import type { Receipt, ReceiptTax } from "@hpc-billing/core"
import { say, sayBoth } from "./catalogue/say.ts"
import { documentKinds } from "./DocumentKind.ts"
import { closing, creditParticulars, creditTable, creditTotals, letterhead } from "./face.ts"
import type { PrintedDocument } from "./PrintedDocument.ts"
import { printedMinor } from "./printedNumber.ts"

/** What a credit note says beside the receipt that it corrects; amounts in minor units. */
export interface PrintedCreditNote {
  readonly number: string
  readonly issuedAtSeconds: number
  readonly reason: string
  readonly netMinor: bigint
  readonly taxMinor: bigint
  /** Taken back by the notes before it. */
  readonly earlierNetMinor: bigint
  readonly earlierTaxMinor: bigint
  /** By tax code, in the order of the receipt; empty on notes that know only their sums. */
  readonly taxes: readonly CreditedTax[]
}

/** What the note takes back of one tax of its receipt. */
export interface CreditedTax extends ReceiptTax {
  readonly earlierNetMinor: bigint
  readonly earlierTaxMinor: bigint
}

export interface CreditNoteDocumentOptions {
  /** A copy instead of the original. */
  readonly copy?: boolean
  /** The audit chain's tag of the issue, hex; printed in the footer. */
  readonly seal?: string
  /** Printed as a QR code and as text. */
  readonly verifyUrl?: string
}

/**
 * The printed face of a credit note: the receipt it corrects with its date and value, the reason, the value before and after, the
 * difference with its tax. Pure, as `receiptDocument` is.
 */
export const creditNoteDocument = (receipt: Receipt, note: PrintedCreditNote, options: CreditNoteDocumentOptions = {}): PrintedDocument => {
  const kind = { ...documentKinds["credit-note"], ...(receipt.taxMinor === 0n ? { basis: null } : {}) }
  const title = sayBoth(kind.title)
  const { number } = note
  const earlier = `${printedMinor(note.earlierNetMinor + note.earlierTaxMinor, receipt.currency)} ${receipt.currency.code}`
  return {
    title: `${title.thai} ${number}`,
    author: receipt.issuer.nameEnglish,
    subject: `${title.english} ${number} for receipt ${receipt.status.kind === "draft" ? receipt.id : receipt.status.number}`,
    language: "th-TH",
    createdAtSeconds: note.issuedAtSeconds,
    watermark: null,
    runningHead: { left: `${title.thai}  ${title.english}`, right: number },
    runningFoot: {
      lines: [receipt.issuer.nameEnglish, ...(options.seal === undefined ? [] : [`Seal (HMAC-SHA-256) ${options.seal}`])],
      pageWord: say("th", "page"),
    },
    attachments: [],
    content: [
      ...letterhead(receipt, kind, options.copy ?? false),
      creditParticulars(receipt, kind, note),
      creditTable(receipt, note),
      creditTotals(receipt, note),
      ...closing(kind, options.verifyUrl ?? null, sayBoth("credit.note", { earlier })),
    ],
  }
}
