import { type CanonicalValue, canonicalJson, type Receipt, type ReceiptTax } from "@hpc-billing/core"
import { Effect } from "effect"
import type { PrintedCreditNote } from "../pdf/creditNoteDocument.ts"
import { readBook } from "./Books.ts"

/**
 * A credit note as stored, immutable, as document `credit-note/NUMBER`: what it takes back of which receipt, and why. Amounts as
 * text in minor units.
 */
export interface CreditNote {
  readonly format: 1
  readonly number: string
  /** Local, `2026-11-11`. */
  readonly date: string
  readonly issuedAtSeconds: number
  readonly receiptId: string
  readonly receiptNumber: string
  readonly reason: string
  readonly netMinor: string
  readonly taxMinor: string
  /** Taken back by the notes before it. */
  readonly earlierNetMinor: string
  readonly earlierTaxMinor: string
  /** By tax code, in the order of the receipt; absent on notes that were issued before they were kept. */
  readonly taxes?: readonly NotedTax[]
  readonly currency: string
  readonly issuer: Receipt["issuer"]
  readonly payer: Receipt["payer"]
}

export interface NotedTax extends Omit<ReceiptTax, "netMinor" | "taxMinor"> {
  readonly netMinor: string
  readonly taxMinor: string
  readonly earlierNetMinor: string
  readonly earlierTaxMinor: string
}

export const creditNoteKind = (number: string): string => `credit-note/${number}`

export const encodeCreditNote = (note: CreditNote): Uint8Array => new TextEncoder().encode(canonicalJson(note as unknown as CanonicalValue))

/** null when there is none of the number. */
export const readCreditNote = Effect.fnUntraced(function* (tenant: string, number: string) {
  return yield* readBook<CreditNote>(tenant, creditNoteKind(number))
})

export const printedOf = (note: CreditNote): PrintedCreditNote => ({
  number: note.number,
  issuedAtSeconds: note.issuedAtSeconds,
  reason: note.reason,
  netMinor: BigInt(note.netMinor),
  taxMinor: BigInt(note.taxMinor),
  earlierNetMinor: BigInt(note.earlierNetMinor),
  earlierTaxMinor: BigInt(note.earlierTaxMinor),
  taxes: (note.taxes ?? []).map((tax) => ({
    ...tax,
    netMinor: BigInt(tax.netMinor),
    taxMinor: BigInt(tax.taxMinor),
    earlierNetMinor: BigInt(tax.earlierNetMinor),
    earlierTaxMinor: BigInt(tax.earlierTaxMinor),
  })),
})
