import type { AccountRoles } from "../chart/Chart.ts"
import type { Entry } from "../Entry.ts"

/**
 * What the books say of one receipt, in minor units: what its payer still owes of it and where the rest went. At any time
 * receivable = billed - credited - received - withheld - written off + refunded.
 */
export interface ReceiptPosition {
  /** Below zero when credit notes took back what had been paid: to be refunded. */
  readonly receivableMinor: bigint
  readonly vatNotYetDueMinor: bigint
  /** Settled by money or prepaid credit; what was paid beyond the debt is not in it. */
  readonly receivedMinor: bigint
  readonly withheldMinor: bigint
  readonly creditedMinor: bigint
  readonly refundedMinor: bigint
  /** Given up and not recovered since; the VAT among it that was not yet due. */
  readonly writtenOffMinor: bigint
  readonly writtenOffVatMinor: bigint
}

export const receiptPosition = (receiptId: string, posted: readonly Entry[], roles: AccountRoles): ReceiptPosition => {
  const position = {
    receivableMinor: 0n,
    vatNotYetDueMinor: 0n,
    receivedMinor: 0n,
    withheldMinor: 0n,
    creditedMinor: 0n,
    refundedMinor: 0n,
    writtenOffMinor: 0n,
    writtenOffVatMinor: 0n,
  }
  const countReceivable = ({ source }: Entry, otherAccount: string, signedMinor: bigint): void => {
    position.receivableMinor += signedMinor
    if (source.kind === "payment") {
      if (otherAccount === roles.withholdingTax) position.withheldMinor -= signedMinor
      else position.receivedMinor -= signedMinor
    }
    if (source.kind === "credit-note") position.creditedMinor -= signedMinor
    if (source.kind === "refund") position.refundedMinor += signedMinor
    if (source.kind === "impairment") {
      position.writtenOffMinor -= signedMinor
      if (otherAccount === roles.vatNotYetDue) position.writtenOffVatMinor -= signedMinor
    }
  }
  for (const entry of posted) {
    if (entry.source.receiptId !== receiptId) continue
    for (const { debitAccount, creditAccount, amountMinor } of entry.transfers) {
      if (debitAccount === roles.receivable) countReceivable(entry, creditAccount, amountMinor)
      if (creditAccount === roles.receivable) countReceivable(entry, debitAccount, -amountMinor)
      if (creditAccount === roles.vatNotYetDue) position.vatNotYetDueMinor += amountMinor
      if (debitAccount === roles.vatNotYetDue) position.vatNotYetDueMinor -= amountMinor
    }
  }
  return position
}
