import { formatMinor } from "@hpc-billing/core"
import type { Account, Chart } from "../chart/Chart.ts"
import type { Entry } from "../Entry.ts"
import { inJournalOrder } from "../journal/canonicalJournal.ts"
import { type JournalLine, journalLines } from "../journal/journalLines.ts"
import { type CsvCell, type CsvProfile, csvText } from "./csv.ts"
import { postedDate } from "./postedDate.ts"

/** One line of the general ledger with all that a profile may print. */
export interface LedgerLine {
  readonly entry: Entry
  readonly line: JournalLine
  readonly account: Account
  /** From 1 within its entry. */
  readonly lineNumber: number
  readonly date: string
  readonly debit: string
  readonly credit: string
  readonly batchId: string
}

export interface GeneralLedgerProfile {
  readonly columns: readonly (readonly [name: string, cell: (line: LedgerLine) => CsvCell])[]
}

export const exact = (text: string): CsvCell => ({ exact: text })

/** Every fact of a line; debit and credit both written, zero as zero. */
export const genericProfile: GeneralLedgerProfile = {
  columns: [
    ["entry_id", ({ entry }) => entry.id],
    ["line", ({ lineNumber }) => exact(String(lineNumber))],
    ["date", ({ date }) => exact(date)],
    ["effective_date", ({ entry }) => exact(entry.effectiveDate)],
    ["period", ({ entry }) => exact(entry.month)],
    ["kind", ({ entry }) => entry.source.kind],
    ["account", ({ account }) => exact(account.id)],
    ["account_name", ({ account }) => account.name],
    ["account_type", ({ account }) => account.type],
    ["debit", ({ debit }) => exact(debit)],
    ["credit", ({ credit }) => exact(credit)],
    ["currency", ({ entry }) => entry.currency],
    ["payer", ({ line }) => line.payerId],
    ["receipt_id", ({ entry }) => entry.source.receiptId ?? ""],
    ["receipt_number", ({ entry }) => entry.source.receiptNumber ?? ""],
    ["reverses", ({ entry }) => entry.reverses ?? ""],
    ["memo", ({ entry }) => entry.memo],
    ["tenant", ({ entry }) => entry.tenant],
    ["batch_id", ({ batchId }) => batchId],
  ],
}

/** The eleven columns that the first finance systems of the field read: the amount that is not there is empty. */
export const elevenColumnProfile: GeneralLedgerProfile = {
  columns: [
    ["date", ({ date }) => exact(date)],
    ["ref", ({ entry }) => entry.source.receiptNumber ?? entry.id],
    ["memo", ({ entry }) => entry.memo],
    ["account_id", ({ account }) => exact(account.id)],
    ["account_name", ({ account }) => account.name],
    ["account_type", ({ account }) => account.type],
    ["debit", ({ line, debit }) => exact(line.debitMinor === 0n ? "" : debit)],
    ["credit", ({ line, credit }) => exact(line.creditMinor === 0n ? "" : credit)],
    ["batch_id", ({ batchId }) => batchId],
    ["line_seq", ({ lineNumber }) => exact(String(lineNumber))],
    ["external_txn_id", ({ entry }) => entry.id],
  ],
}

export const generalLedgerCsv = (
  entries: Iterable<Entry>,
  options: { readonly chart: Chart; readonly batchId: string; readonly profile: GeneralLedgerProfile; readonly csv: CsvProfile },
): string => {
  const accounts = new Map(options.chart.accounts.map((account) => [account.id, account]))
  const { columns } = options.profile
  const rows = function* (): Generator<readonly CsvCell[]> {
    for (const entry of inJournalOrder(entries)) {
      const currency = { code: entry.currency, exponent: entry.currencyExponent }
      const date = postedDate(entry)
      let lineNumber = 0
      for (const line of journalLines(entry)) {
        const account = accounts.get(line.account)
        if (account === undefined) throw new Error(`entry ${entry.id} names account ${line.account}, which the chart does not have`)
        lineNumber += 1
        const debit = formatMinor(line.debitMinor, currency)
        const credit = formatMinor(line.creditMinor, currency)
        const full: LedgerLine = { entry, line, account, lineNumber, date, debit, credit, batchId: options.batchId }
        yield columns.map(([, cell]) => cell(full))
      }
    }
  }
  return csvText(
    columns.map(([name]) => name),
    rows(),
    options.csv,
  )
}
