import type { Entry } from "../Entry.ts"
import { postedDate } from "../export/postedDate.ts"

/** The books as they stood at the end of a day. */
export const entriesAsOf = (entries: Iterable<Entry>, date: string): readonly Entry[] =>
  [...entries].filter((entry) => postedDate(entry) <= date)

export const entriesBetween = (entries: Iterable<Entry>, fromDate: string, untilDate: string): readonly Entry[] =>
  [...entries].filter((entry) => postedDate(entry) >= fromDate && postedDate(entry) <= untilDate)

/** The part of the books that belongs to one payer: its transfers alone. */
export const entriesOfPayer = (entries: Iterable<Entry>, payerId: string): readonly Entry[] => entriesOfPayers(entries, new Set([payerId]))

/** As `entriesOfPayer`, of any of the payers. */
export const entriesOfPayers = (entries: Iterable<Entry>, payerIds: ReadonlySet<string>): readonly Entry[] =>
  [...entries].flatMap((entry) => {
    const transfers = entry.transfers.filter((transfer) => payerIds.has(transfer.payerId))
    return transfers.length === 0 ? [] : [{ ...entry, transfers }]
  })
