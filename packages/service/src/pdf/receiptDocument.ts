import type { Receipt } from "@hpc-billing/core"
import { annex } from "./annex.ts"
import { type Bilingual, say, sayBoth } from "./catalogue/say.ts"
import { type DocumentKindId, documentKindOf, documentKinds } from "./DocumentKind.ts"
import { closing, letterhead, particulars, summaryTable, totals } from "./face.ts"
import { linesCsv, linesFileName } from "./linesCsv.ts"
import type { PrintedDocument } from "./PrintedDocument.ts"

export interface ReceiptDocumentOptions {
  /** The face to print; left out: the one `documentKindOf` says. */
  readonly kind?: DocumentKindId
  /** Prints every line behind the first page (when left out, yes); as CSV the lines are attached either way. */
  readonly annex?: boolean
  /** A copy instead of the original. */
  readonly copy?: boolean
  /** Names of services by sku, where the catalogue's are not wanted or lacking. */
  readonly skuNames?: Readonly<Record<string, Bilingual>>
  /** The audit chain's tag of the issue, hex; printed in the footer. */
  readonly seal?: string
  /** Printed as a QR code and as text. */
  readonly verifyUrl?: string
}

const createdAt = (receipt: Receipt): number => {
  const { status } = receipt
  switch (status.kind) {
    case "draft":
      return receipt.window.endSeconds
    case "issued":
      return status.issuedAtSeconds
    case "paid":
      return status.paidAtSeconds
    case "void":
      return status.voidedAtSeconds
  }
}

const watermarkOf = (receipt: Receipt): string | null => {
  const phrase = receipt.status.kind === "draft" ? "watermark.draft" : receipt.status.kind === "void" ? "watermark.void" : null
  if (phrase === null) return null
  const { thai, english } = sayBoth(phrase)
  return `${thai} ${english}`
}

const hashCharactersPrinted = 12
const cardsPrintedMaximum = 3

const rateCards = (receipt: Receipt): string => {
  const priced = receipt.lines.filter(({ rate }) => rate.cardId !== "")
  const cards = new Set(
    priced.map(({ rate }) => `${rate.cardId} v${rate.cardVersion} (sha256 ${rate.cardHash.slice(0, hashCharactersPrinted)}…)`),
  )
  const shown = [...cards].sort().slice(0, cardsPrintedMaximum)
  return shown.length === 0 ? "" : ` · Rate card ${shown.join(", ")}${cards.size > shown.length ? ` +${cards.size - shown.length}` : ""}`
}

/**
 * The printed face of a receipt: one page of particulars, summary and totals in Thai and English, then the line details. Pure: the
 * same receipt and options give the same document, and `renderPdf` the same bytes.
 */
export const receiptDocument = (receipt: Receipt, options: ReceiptDocumentOptions = {}): PrintedDocument => {
  const kind = documentKinds[options.kind ?? documentKindOf(receipt)]
  const title = sayBoth(kind.title)
  const number = receipt.status.kind === "draft" ? say("en", "watermark.draft") : receipt.status.number
  return {
    title: `${title.thai} ${number}`,
    author: receipt.issuer.nameEnglish,
    subject: `${title.english} ${number}, ${receipt.month}`,
    language: "th-TH",
    createdAtSeconds: createdAt(receipt),
    watermark: watermarkOf(receipt),
    runningHead: { left: `${title.thai}  ${title.english}`, right: number },
    runningFoot: {
      lines: [
        `${receipt.issuer.nameEnglish}${rateCards(receipt)}`,
        ...(options.seal === undefined ? [] : [`Seal (HMAC-SHA-256) ${options.seal}`]),
      ],
      pageWord: say("th", "page"),
    },
    attachments: [{ name: linesFileName, mimeType: "text/csv", description: say("en", "attachment.lines"), text: linesCsv(receipt) }],
    content: [
      ...letterhead(receipt, kind, options.copy ?? false),
      particulars(receipt, kind),
      ...summaryTable(receipt, options.skuNames ?? {}),
      totals(receipt),
      ...closing(kind, options.verifyUrl ?? null),
      ...(options.annex === false ? [] : annex(receipt)),
    ],
  }
}
