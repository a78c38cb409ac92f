import type { Chart } from "../chart/Chart.ts"
import type { Entry } from "../Entry.ts"
import { type PlainTextJournal, plainTextJournal } from "./plainTextJournal.ts"

/** Transactions and closing assertions, as both hledger and ledger read them. */
export const ledgerTransactions = ({ transactions, closing, commodities, lastDate, payees }: PlainTextJournal): string => {
  const parts: string[] = []
  for (const { date, payee, id, memo, postings } of transactions) {
    parts.push(`\n${date} ${payee}\n    ; entry: ${id}\n    ; ${memo}\n`)
    for (const { account, amount, commodity } of postings) parts.push(`    ${account}    ${amount} ${commodity}\n`)
  }
  if (closing.length === 0) return parts.join("")
  const zeroOf = new Map(commodities.map(({ code, zero }) => [code, zero]))
  parts.push(`\n${lastDate} ${payees[0]}\n    ; closing balances\n`)
  for (const { account, amount, commodity } of closing) {
    parts.push(`    ${account}    ${zeroOf.get(commodity)} ${commodity} = ${amount} ${commodity}\n`)
  }
  return parts.join("")
}

/** `hledger -f FILE check accounts commodities balancednoautoconversion ordereddates payees uniqueleafnames` accepts it. */
export const hledgerJournal = (entries: Iterable<Entry>, chart: Chart): string => {
  const journal = plainTextJournal(entries, chart)
  return [
    ...journal.commodities.map(({ code, zero }) => `commodity ${zero.includes(".") ? zero : `${zero}.`} ${code}\n`),
    ...journal.accounts.map(({ name, title }) => `account ${name}  ; ${title}\n`),
    ...journal.payees.map((payee) => `payee ${payee}\n`),
    ledgerTransactions(journal),
  ].join("")
}
