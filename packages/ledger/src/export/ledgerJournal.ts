import type { Chart } from "../chart/Chart.ts"
import type { Entry } from "../Entry.ts"
import { ledgerTransactions } from "./hledgerJournal.ts"
import { plainTextJournal } from "./plainTextJournal.ts"

/** `ledger -f FILE --strict --pedantic --explicit --check-payees balance` accepts it. */
export const ledgerJournal = (entries: Iterable<Entry>, chart: Chart): string => {
  const journal = plainTextJournal(entries, chart)
  return [
    ...journal.commodities.map(({ code, zero }) => `commodity ${code}\n    format ${zero} ${code}\n`),
    "tag entry\n",
    ...journal.accounts.map(({ name, title }) => `account ${name}\n    note ${title}\n`),
    ...journal.payees.map((payee) => `payee ${payee}\n`),
    ledgerTransactions(journal),
  ].join("")
}
