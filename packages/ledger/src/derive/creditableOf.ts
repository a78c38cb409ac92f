import type { Receipt } from "@hpc-billing/core"
import type { AccountRoles } from "../chart/Chart.ts"
import type { Entry } from "../Entry.ts"

/** What of a receipt no credit note has taken back yet. */
export const creditableOf = (
  receipt: Receipt,
  posted: readonly Entry[],
  roles: AccountRoles,
): { readonly netMinor: bigint; readonly taxMinor: bigint } => {
  let { netMinor, taxMinor } = receipt
  for (const { source, transfers } of posted) {
    if (source.receiptId !== receipt.id || source.kind !== "credit-note") continue
    for (const { debitAccount, amountMinor } of transfers) {
      if (debitAccount === roles.revenue) netMinor -= amountMinor
      else taxMinor -= amountMinor
    }
  }
  return { netMinor, taxMinor }
}
