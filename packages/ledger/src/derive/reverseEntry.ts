import type { Entry, EntrySource } from "../Entry.ts"

/** The entry that undoes another: the same transfers with their legs swapped. Its id is built from what it reverses: once only. */
export const reverseEntry = (
  entry: Entry,
  reversal: { readonly month: string; readonly date: string; readonly reason: string; readonly kind?: EntrySource["kind"] },
): Entry => {
  if (entry.reverses !== null)
    throw new Error(`entry ${entry.id} is itself a reversal: post the event again instead of reversing its reversal`)
  return {
    ...entry,
    id: `${entry.id}/reversed`,
    month: reversal.month,
    effectiveDate: reversal.date,
    memo: `Reversal of ${entry.id}: ${reversal.reason}`,
    source: { ...entry.source, kind: reversal.kind ?? "reversal" },
    transfers: entry.transfers.map((transfer) => ({
      ...transfer,
      debitAccount: transfer.creditAccount,
      creditAccount: transfer.debitAccount,
    })),
    reverses: entry.id,
  }
}
