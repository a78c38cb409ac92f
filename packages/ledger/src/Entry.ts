/**
 * A balanced set of two-leg transfers: each moves a positive amount from a credited to a debited account, so that an entry
 * that does not balance cannot be written down. Journal lines (account, debit, credit) are a view of it.
 */
export interface Entry {
  /** Stable over runs: built from what it books, `receipt-id/issued`. Posting it twice is posting it once. */
  readonly id: string
  readonly tenant: string
  /** Local date of the service or event, `2026-10-31`. */
  readonly effectiveDate: string
  /** The month it is posted in. */
  readonly month: string
  readonly currency: string
  readonly currencyExponent: number
  readonly memo: string
  readonly source: EntrySource
  readonly transfers: readonly Transfer[]
  /** The entry that this one undoes; null when none. */
  readonly reverses: string | null
}

export interface Transfer {
  readonly debitAccount: string
  readonly creditAccount: string
  /** Greater than zero, minor units. */
  readonly amountMinor: bigint
  readonly payerId: string
  readonly memo: string
}

export interface EntrySource {
  readonly kind:
    | "accrual"
    | "issue"
    | "payment"
    | "void"
    | "credit-note"
    | "refund"
    | "impairment"
    | "reversal"
    | "adjustment"
    | "year-close"
  readonly receiptId: string | null
  readonly receiptNumber: string | null
}
