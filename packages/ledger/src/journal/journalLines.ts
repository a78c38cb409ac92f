import type { Entry } from "../Entry.ts"

/** One line of the journal as accountants read it: one of the two amounts is zero, the other above zero. */
export interface JournalLine {
  readonly account: string
  readonly payerId: string
  readonly debitMinor: bigint
  readonly creditMinor: bigint
}

/** The view of an entry's transfers, one line per side, account and payer, debits first, in order of first mention. */
export const journalLines = (entry: Entry): readonly JournalLine[] => {
  const debits = new Map<string, JournalLine>()
  const credits = new Map<string, JournalLine>()
  for (const { debitAccount, creditAccount, amountMinor, payerId } of entry.transfers) {
    const debitKey = `${debitAccount}\n${payerId}`
    const creditKey = `${creditAccount}\n${payerId}`
    debits.set(debitKey, {
      account: debitAccount,
      payerId,
      debitMinor: (debits.get(debitKey)?.debitMinor ?? 0n) + amountMinor,
      creditMinor: 0n,
    })
    credits.set(creditKey, {
      account: creditAccount,
      payerId,
      debitMinor: 0n,
      creditMinor: (credits.get(creditKey)?.creditMinor ?? 0n) + amountMinor,
    })
  }
  return [...debits.values(), ...credits.values()]
}
