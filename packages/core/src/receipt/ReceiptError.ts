/** An action that the receipt's status does not allow, or an amount that does not fit it. */
export interface ReceiptError {
  readonly _tag: "ReceiptError"
  readonly reason: "not-a-draft" | "not-issued" | "amount-differs" | "negative-amount" | "reason-missing" | "empty-number"
  readonly message: string
}

export const receiptError = (reason: ReceiptError["reason"], message: string): ReceiptError => ({ _tag: "ReceiptError", reason, message })
