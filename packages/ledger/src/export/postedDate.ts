import { lastDayOf } from "@hpc-billing/core"
import type { Entry } from "../Entry.ts"

/** The date in the books: that of the event when it lies in the month of posting, else the month's nearest day. */
export const postedDate = (entry: Pick<Entry, "effectiveDate" | "month">): string => {
  const [first, last] = [`${entry.month}-01`, lastDayOf(entry.month)]
  if (entry.effectiveDate < first) return first
  if (entry.effectiveDate > last) return last
  return entry.effectiveDate
}
