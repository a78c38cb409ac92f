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
  const debits: Side[] = []
  const credits: Side[] = []
  for (const { debitAccount, creditAccount, amountMinor, payerId } of entry.transfers) {
    sideOf(debits, debitAccount, payerId).debitMinor += amountMinor
    sideOf(credits, creditAccount, payerId).creditMinor += amountMinor
  }
  return debits.concat(credits)
}

type Side = { -readonly [Field in keyof JournalLine]: JournalLine[Field] }

const sideOf = (sides: Side[], account: string, payerId: string): Side => {
  for (const side of sides) if (side.account === account && side.payerId === payerId) return side
  const side = { account, payerId, debitMinor: 0n, creditMinor: 0n }
  sides.push(side)
  return side
}
