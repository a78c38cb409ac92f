import { lastDayOf } from "@hpc-billing/core"
import type { Entry } from "../Entry.ts"

/** The date in the books: that of the event when it lies in the month of posting, else the month's nearest day. */
export const postedDate = (entry: Pick<Entry, "effectiveDate" | "month">): string => {
  if (entry.effectiveDate.startsWith(entry.month)) return entry.effectiveDate
  return entry.effectiveDate < entry.month ? `${entry.month}-01` : lastDayOf(entry.month)
}
