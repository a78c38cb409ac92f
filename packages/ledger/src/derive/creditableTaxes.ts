import { type Receipt, type ReceiptTax, taxesOfPart } from "@hpc-billing/core"
import type { AccountRoles } from "../chart/Chart.ts"
import type { Entry } from "../Entry.ts"

/** What of each of a receipt's taxes no credit note has taken back yet; sums to `creditableOf`. */
export const creditableTaxes = (receipt: Receipt, posted: readonly Entry[], roles: AccountRoles): readonly ReceiptTax[] => {
  let left = receipt.taxes
  for (const { source, transfers } of posted) {
    if (source.receiptId !== receipt.id || source.kind !== "credit-note") continue
    let [netMinor, taxMinor] = [0n, 0n]
    for (const { debitAccount, amountMinor } of transfers) {
      if (debitAccount === roles.revenue) netMinor += amountMinor
      else taxMinor += amountMinor
    }
    const parts = taxesOfPart(left, netMinor, taxMinor)
    left = left.map((tax, index) => {
      const part = parts[index] as ReceiptTax
      return { ...tax, netMinor: tax.netMinor - part.netMinor, taxMinor: tax.taxMinor - part.taxMinor }
    })
  }
  return left
}
