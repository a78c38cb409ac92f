import type { PrepaidOperation } from "./Prepaid.ts"

/** What a receipt has of a project's credit: drawn for it, less what came back. */
export const drawnMinorOf = (operations: Iterable<PrepaidOperation>, receiptId: string): bigint => {
  let drawnMinor = 0n
  for (const operation of operations) {
    if (operation.kind === "post" && operation.id.startsWith(`draw/${receiptId}/post/`)) drawnMinor += operation.amountMinor
    if (operation.kind === "refund" && operation.receiptId === receiptId) drawnMinor -= operation.amountMinor
  }
  return drawnMinor
}
