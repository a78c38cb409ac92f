import { documentDateOf, type Receipt } from "@hpc-billing/core"

/** `documentDateOf` of receipts, by receipt id; drafts have none. */
export const documentDatesOf = (receipts: Iterable<Pick<Receipt, "id" | "status" | "zone">>): ReadonlyMap<string, string> => {
  const dates = new Map<string, string>()
  for (const receipt of receipts) {
    const date = documentDateOf(receipt)
    if (date !== null) dates.set(receipt.id, date)
  }
  return dates
}
