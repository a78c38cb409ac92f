import { isTaxInvoice, type Receipt } from "@hpc-billing/core"
import type { Phrase } from "./catalogue/say.ts"

export type DocumentKindId = "invoice" | "receipt" | "receipt-tax-invoice" | "internal-transfer-note" | "credit-note"

/** One printed face of a receipt, as data: its words, who signs, and the law it rests on. */
export interface DocumentKind {
  readonly id: DocumentKindId
  readonly title: Phrase
  /** What the receiving side is called on this face. */
  readonly payer: Phrase
  readonly signatures: readonly Phrase[]
  /** null: custom only. */
  readonly basis: Phrase | null
}

export const documentKinds: Readonly<Record<DocumentKindId, DocumentKind>> = {
  invoice: {
    id: "invoice",
    title: "kind.invoice",
    payer: "payer.billed",
    signatures: ["signature.prepared", "signature.authorised"],
    basis: null,
  },
  receipt: {
    id: "receipt",
    title: "kind.receipt",
    payer: "payer.paying",
    signatures: ["signature.collector", "signature.authorised"],
    basis: "basis.receipt",
  },
  "receipt-tax-invoice": {
    id: "receipt-tax-invoice",
    title: "kind.receipt-tax-invoice",
    payer: "payer.paying",
    signatures: ["signature.collector", "signature.authorised"],
    basis: "basis.receipt-tax-invoice",
  },
  "internal-transfer-note": {
    id: "internal-transfer-note",
    title: "kind.internal-transfer-note",
    payer: "payer.unit",
    signatures: ["signature.prepared", "signature.authorised"],
    basis: null,
  },
  "credit-note": {
    id: "credit-note",
    title: "kind.credit-note",
    payer: "payer.billed",
    signatures: ["signature.prepared", "signature.authorised"],
    basis: "basis.credit-note",
  },
}

/** The face a receipt has by itself: a claim until it is paid; between units of one legal person a transfer note. */
export const documentKindOf = (receipt: Receipt): DocumentKindId => {
  if (receipt.payer.taxTreatment.kind === "out-of-scope") return "internal-transfer-note"
  if (receipt.status.kind !== "paid") return "invoice"
  return isTaxInvoice(receipt) ? "receipt-tax-invoice" : "receipt"
}
