import type { Entry } from "../Entry.ts"
import { postedDate } from "../export/postedDate.ts"

export interface AccountStatement {
  readonly openingMinor: bigint
  readonly lines: readonly {
    readonly date: string
    readonly entryId: string
    readonly memo: string
    readonly debitMinor: bigint
    readonly creditMinor: bigint
    /** Debits less credits, up to and with this line. */
    readonly balanceMinor: bigint
  }[]
  readonly closingMinor: bigint
}

/** What moved on one account in one currency, day by day, between two dates inclusive. */
export const accountStatement = (
  entries: Iterable<Entry>,
  of: { readonly account: string; readonly currency: string; readonly fromDate: string; readonly untilDate: string },
): AccountStatement => {
  const dated = [...entries].filter(({ currency }) => currency === of.currency).map((entry) => ({ entry, date: postedDate(entry) }))
  dated.sort((left, right) => {
    if (left.date !== right.date) return left.date < right.date ? -1 : 1
    return left.entry.id < right.entry.id ? -1 : 1
  })
  let balanceMinor = 0n
  let openingMinor = 0n
  const lines: AccountStatement["lines"][number][] = []
  for (const { entry, date } of dated) {
    if (date > of.untilDate) break
    let [debitMinor, creditMinor] = [0n, 0n]
    for (const { debitAccount, creditAccount, amountMinor } of entry.transfers) {
      if (debitAccount === of.account) debitMinor += amountMinor
      if (creditAccount === of.account) creditMinor += amountMinor
    }
    if (debitMinor === 0n && creditMinor === 0n) continue
    balanceMinor += debitMinor - creditMinor
    if (date < of.fromDate) openingMinor = balanceMinor
    else lines.push({ date, entryId: entry.id, memo: entry.memo, debitMinor, creditMinor, balanceMinor })
  }
  return { openingMinor, lines, closingMinor: balanceMinor }
}
