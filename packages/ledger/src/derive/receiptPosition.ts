import type { AccountRoles } from "../chart/Chart.ts"
import type { Entry } from "../Entry.ts"

/** What the books say of one receipt: what its payer still owes of it and the part of its VAT that is not yet due. */
export interface ReceiptPosition {
  readonly receivableMinor: bigint
  readonly vatNotYetDueMinor: bigint
}

export const receiptPosition = (receiptId: string, posted: readonly Entry[], roles: AccountRoles): ReceiptPosition => {
  let receivableMinor = 0n
  let vatNotYetDueMinor = 0n
  for (const entry of posted) {
    if (entry.source.receiptId !== receiptId) continue
    for (const { debitAccount, creditAccount, amountMinor } of entry.transfers) {
      if (debitAccount === roles.receivable) receivableMinor += amountMinor
      if (creditAccount === roles.receivable) receivableMinor -= amountMinor
      if (creditAccount === roles.vatNotYetDue) vatNotYetDueMinor += amountMinor
      if (debitAccount === roles.vatNotYetDue) vatNotYetDueMinor -= amountMinor
    }
  }
  return { receivableMinor, vatNotYetDueMinor }
}
