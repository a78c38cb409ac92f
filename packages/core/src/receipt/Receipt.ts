import type { Currency } from "../money/Currency.ts"
import type { RatedLine } from "../rating/RatedLine.ts"
import type { TaxRule } from "../rating/TaxRule.ts"
import type { Month } from "../time/Month.ts"
import type { Issuer, Payer } from "./Payer.ts"

/**
 * The billing record of one payer and month: draft -> issued -> paid or void. Its printed faces are the invoice, the receipt
 * or tax invoice and the credit note. Once issued nothing in it changes but the status; corrections are lines of a later receipt.
 */
export interface Receipt {
  /** `tenant/month/payer/sequence`. */
  readonly id: string
  readonly tenant: string
  readonly month: Month
  readonly zone: string
  readonly window: { readonly startSeconds: number; readonly endSeconds: number }
  readonly issuer: Issuer
  readonly payer: Payer
  readonly currency: Currency
  readonly lines: readonly ReceiptLine[]
  readonly taxes: readonly ReceiptTax[]
  readonly netMinor: bigint
  readonly taxMinor: bigint
  readonly grossMinor: bigint
  readonly status: ReceiptStatus
}

export type ReceiptStatus =
  | { readonly kind: "draft" }
  | { readonly kind: "issued"; readonly number: string; readonly issuedAtSeconds: number }
  | {
      readonly kind: "paid"
      readonly number: string
      readonly issuedAtSeconds: number
      readonly paidAtSeconds: number
      readonly paidMinor: bigint
      readonly withheldMinor: bigint
    }
  | {
      readonly kind: "void"
      readonly number: string
      readonly issuedAtSeconds: number
      readonly voidedAtSeconds: number
      readonly reason: string
    }

export interface ReceiptLine extends RatedLine {
  /** The line's part of the receipt's rounded net total; these sum to it. */
  readonly billedMinor: bigint
}

/** The tax of one rule on what the receipt's lines under it sum to. */
export interface ReceiptTax extends TaxRule {
  readonly netMinor: bigint
  readonly taxMinor: bigint
}
