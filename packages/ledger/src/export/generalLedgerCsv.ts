import { formatMinor } from "@hpc-billing/core"
import type { Account, Chart } from "../chart/Chart.ts"
import type { Entry } from "../Entry.ts"
import { bytesOfTexts } from "../encodeTexts.ts"
import { inJournalOrder } from "../journal/canonicalJournal.ts"
import { type JournalLine, journalLines } from "../journal/journalLines.ts"
import { byteOrderMark, type CsvProfile, csvField } from "./csv.ts"
import { postedDate } from "./postedDate.ts"

/** What all lines of an entry share. */
export interface LedgerEntry {
  readonly entry: Entry
  readonly date: string
  readonly batchId: string
}

/** One line of the general ledger with all that a profile may print. */
export interface LedgerLine extends LedgerEntry {
  readonly line: JournalLine
  readonly account: Account
  /** From 1 within its entry. */
  readonly lineNumber: number
  readonly debit: string
  readonly credit: string
}

/** `text` columns are disarmed for spreadsheets, `exact` ones never. */
export interface LedgerColumn {
  readonly name: string
  readonly form: "exact" | "text"
  readonly of: "entry" | "line"
  readonly cell: (line: LedgerLine) => string
}

/** A column that is the same on all lines of an entry: it is made once for them. */
export const ofEntry = (name: string, form: LedgerColumn["form"], cell: (entry: LedgerEntry) => string): LedgerColumn => ({
  name,
  form,
  of: "entry",
  cell,
})

export const ofLine = (name: string, form: LedgerColumn["form"], cell: (line: LedgerLine) => string): LedgerColumn => ({
  name,
  form,
  of: "line",
  cell,
})

export interface GeneralLedgerProfile {
  readonly columns: readonly LedgerColumn[]
}

/** Every fact of a line; debit and credit both written, zero as zero. */
export const genericProfile: GeneralLedgerProfile = {
  columns: [
    ofEntry("entry_id", "text", ({ entry }) => entry.id),
    ofLine("line", "exact", ({ lineNumber }) => String(lineNumber)),
    ofEntry("date", "exact", ({ date }) => date),
    ofEntry("effective_date", "exact", ({ entry }) => entry.effectiveDate),
    ofEntry("period", "exact", ({ entry }) => entry.month),
    ofEntry("kind", "text", ({ entry }) => entry.source.kind),
    ofLine("account", "exact", ({ account }) => account.id),
    ofLine("account_name", "text", ({ account }) => account.name),
    ofLine("account_type", "text", ({ account }) => account.type),
    ofLine("debit", "exact", ({ debit }) => debit),
    ofLine("credit", "exact", ({ credit }) => credit),
    ofEntry("currency", "text", ({ entry }) => entry.currency),
    ofLine("payer", "text", ({ line }) => line.payerId),
    ofEntry("receipt_id", "text", ({ entry }) => entry.source.receiptId ?? ""),
    ofEntry("receipt_number", "text", ({ entry }) => entry.source.receiptNumber ?? ""),
    ofEntry("reverses", "text", ({ entry }) => entry.reverses ?? ""),
    ofEntry("memo", "text", ({ entry }) => entry.memo),
    ofEntry("tenant", "text", ({ entry }) => entry.tenant),
    ofEntry("batch_id", "text", ({ batchId }) => batchId),
  ],
}

/** The eleven columns that the first finance systems of the field read: the amount that is not there is empty. */
export const elevenColumnProfile: GeneralLedgerProfile = {
  columns: [
    ofEntry("date", "exact", ({ date }) => date),
    ofEntry("ref", "text", ({ entry }) => entry.source.receiptNumber ?? entry.id),
    ofEntry("memo", "text", ({ entry }) => entry.memo),
    ofLine("account_id", "exact", ({ account }) => account.id),
    ofLine("account_name", "text", ({ account }) => account.name),
    ofLine("account_type", "text", ({ account }) => account.type),
    ofLine("debit", "exact", ({ line, debit }) => (line.debitMinor === 0n ? "" : debit)),
    ofLine("credit", "exact", ({ line, credit }) => (line.creditMinor === 0n ? "" : credit)),
    ofEntry("batch_id", "text", ({ batchId }) => batchId),
    ofLine("line_seq", "exact", ({ lineNumber }) => String(lineNumber)),
    ofEntry("external_txn_id", "text", ({ entry }) => entry.id),
  ],
}

/** Adjacent columns of one kind: their fields with the commas between them. */
interface Run {
  readonly of: "entry" | "line"
  readonly text: (line: LedgerLine) => string
}

/** Accounts, payers and dates recur: a field is made anew only when its text is not that of the time before. */
const fieldOf = ({ form, cell }: LedgerColumn, csv: CsvProfile): ((line: LedgerLine) => string) => {
  let text = ""
  let field = ""
  return (line) => {
    const next = cell(line)
    if (next === text) return field
    text = next
    field = csvField(text, form, csv)
    return field
  }
}

const runsOf = (columns: readonly LedgerColumn[], csv: CsvProfile): readonly Run[] => {
  const runs: Run[] = []
  for (const column of columns) {
    const { of } = column
    const field = fieldOf(column, csv)
    const last = runs.at(-1)
    if (last?.of === of) runs[runs.length - 1] = { of, text: (line) => `${last.text(line)},${field(line)}` }
    else runs.push({ of, text: field })
  }
  return runs
}

interface LedgerOptions {
  readonly chart: Chart
  readonly batchId: string
  readonly profile: GeneralLedgerProfile
  readonly csv: CsvProfile
}

function* csvLines(entries: Iterable<Entry>, { chart, batchId, profile, csv }: LedgerOptions): Generator<string, void> {
  const accounts = new Map(chart.accounts.map((account) => [account.id, account]))
  const runs = runsOf(profile.columns, csv)
  const texts = runs.map(() => "")
  yield `${csv === "spreadsheet" ? byteOrderMark : ""}${profile.columns.map(({ name }) => name).join(",")}\r\n`
  for (const entry of inJournalOrder(entries)) {
    const currency = { code: entry.currency, exponent: entry.currencyExponent }
    const zero = formatMinor(0n, currency)
    const date = postedDate(entry)
    let lineNumber = 0
    for (const line of journalLines(entry)) {
      const account = accounts.get(line.account)
      if (account === undefined) throw new Error(`entry ${entry.id} names account ${line.account}, which the chart does not have`)
      lineNumber += 1
      const debit = line.debitMinor === 0n ? zero : formatMinor(line.debitMinor, currency)
      const credit = line.creditMinor === 0n ? zero : formatMinor(line.creditMinor, currency)
      const full: LedgerLine = { entry, line, account, lineNumber, date, debit, credit, batchId }
      let row = ""
      for (let index = 0; index < runs.length; index += 1) {
        const { of, text } = runs[index] as Run
        if (lineNumber === 1 || of === "line") texts[index] = text(full)
        row += index === 0 ? texts[index] : `,${texts[index]}`
      }
      yield `${row}\r\n`
    }
  }
}

/** In UTF-8. */
export const generalLedgerCsv = (entries: Iterable<Entry>, options: LedgerOptions): Uint8Array => bytesOfTexts(csvLines(entries, options))
