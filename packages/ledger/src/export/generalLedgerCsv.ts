import { formatMinor } from "@hpc-billing/core"
import type { Account, Chart } from "../chart/Chart.ts"
import type { Entry } from "../Entry.ts"
import { inJournalOrder } from "../journal/canonicalJournal.ts"
import { type JournalLine, journalLines } from "../journal/journalLines.ts"
import { byteOrderMark, type CsvProfile, csvField } from "./csv.ts"
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
  /** `text` columns are disarmed for spreadsheets, `exact` ones never. */
  readonly columns: readonly (readonly [name: string, form: "exact" | "text", cell: (line: LedgerLine) => string])[]
}

/** Every fact of a line; debit and credit both written, zero as zero. */
export const genericProfile: GeneralLedgerProfile = {
  columns: [
    ["entry_id", "text", ({ entry }) => entry.id],
    ["line", "exact", ({ lineNumber }) => String(lineNumber)],
    ["date", "exact", ({ date }) => date],
    ["effective_date", "exact", ({ entry }) => entry.effectiveDate],
    ["period", "exact", ({ entry }) => entry.month],
    ["kind", "text", ({ entry }) => entry.source.kind],
    ["account", "exact", ({ account }) => account.id],
    ["account_name", "text", ({ account }) => account.name],
    ["account_type", "text", ({ account }) => account.type],
    ["debit", "exact", ({ debit }) => debit],
    ["credit", "exact", ({ credit }) => credit],
    ["currency", "text", ({ entry }) => entry.currency],
    ["payer", "text", ({ line }) => line.payerId],
    ["receipt_id", "text", ({ entry }) => entry.source.receiptId ?? ""],
    ["receipt_number", "text", ({ entry }) => entry.source.receiptNumber ?? ""],
    ["reverses", "text", ({ entry }) => entry.reverses ?? ""],
    ["memo", "text", ({ entry }) => entry.memo],
    ["tenant", "text", ({ entry }) => entry.tenant],
    ["batch_id", "text", ({ batchId }) => batchId],
  ],
}

/** The eleven columns that the first finance systems of the field read: the amount that is not there is empty. */
export const elevenColumnProfile: GeneralLedgerProfile = {
  columns: [
    ["date", "exact", ({ date }) => date],
    ["ref", "text", ({ entry }) => entry.source.receiptNumber ?? entry.id],
    ["memo", "text", ({ entry }) => entry.memo],
    ["account_id", "exact", ({ account }) => account.id],
    ["account_name", "text", ({ account }) => account.name],
    ["account_type", "text", ({ account }) => account.type],
    ["debit", "exact", ({ line, debit }) => (line.debitMinor === 0n ? "" : debit)],
    ["credit", "exact", ({ line, credit }) => (line.creditMinor === 0n ? "" : credit)],
    ["batch_id", "text", ({ batchId }) => batchId],
    ["line_seq", "exact", ({ lineNumber }) => String(lineNumber)],
    ["external_txn_id", "text", ({ entry }) => entry.id],
  ],
}

export const generalLedgerCsv = (
  entries: Iterable<Entry>,
  options: { readonly chart: Chart; readonly batchId: string; readonly profile: GeneralLedgerProfile; readonly csv: CsvProfile },
): string => {
  const accounts = new Map(options.chart.accounts.map((account) => [account.id, account]))
  const { columns } = options.profile
  const rows = [columns.map(([name]) => name).join(",")]
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
      rows.push(columns.map(([, form, cell]) => csvField(cell(full), form, options.csv)).join(","))
    }
  }
  return `${options.csv === "spreadsheet" ? byteOrderMark : ""}${rows.join("\r\n")}\r\n`
}
