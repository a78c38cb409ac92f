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

/** `text` columns are disarmed for spreadsheets, `exact` ones never; `number` is digits, sign and point, which no profile touches. */
type ColumnForm = "number" | "exact" | "text"

/** A column that is the same on all lines of an entry, or of an account, is made once for them. */
export type LedgerColumn = { readonly name: string; readonly form: ColumnForm } & (
  | { readonly of: "entry"; readonly cell: (entry: LedgerEntry) => string }
  | { readonly of: "account"; readonly cell: (account: Account) => string }
  | { readonly of: "line"; readonly cell: (line: LedgerLine) => string }
)

export const ofEntry = (name: string, form: ColumnForm, cell: (entry: LedgerEntry) => string): LedgerColumn => ({
  name,
  form,
  of: "entry",
  cell,
})

export const ofAccount = (name: string, form: ColumnForm, cell: (account: Account) => string): LedgerColumn => ({
  name,
  form,
  of: "account",
  cell,
})

export const ofLine = (name: string, form: ColumnForm, cell: (line: LedgerLine) => string): LedgerColumn => ({
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
    ofLine("line", "number", ({ lineNumber }) => String(lineNumber)),
    ofEntry("date", "exact", ({ date }) => date),
    ofEntry("effective_date", "exact", ({ entry }) => entry.effectiveDate),
    ofEntry("period", "exact", ({ entry }) => entry.month),
    ofEntry("kind", "text", ({ entry }) => entry.source.kind),
    ofAccount("account", "exact", ({ id }) => id),
    ofAccount("account_name", "text", ({ name }) => name),
    ofAccount("account_type", "text", ({ type }) => type),
    ofLine("debit", "number", ({ debit }) => debit),
    ofLine("credit", "number", ({ credit }) => credit),
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
    ofAccount("account_id", "exact", ({ id }) => id),
    ofAccount("account_name", "text", ({ name }) => name),
    ofAccount("account_type", "text", ({ type }) => type),
    ofLine("debit", "number", ({ line, debit }) => (line.debitMinor === 0n ? "" : debit)),
    ofLine("credit", "number", ({ line, credit }) => (line.creditMinor === 0n ? "" : credit)),
    ofEntry("batch_id", "text", ({ batchId }) => batchId),
    ofLine("line_seq", "number", ({ lineNumber }) => String(lineNumber)),
    ofEntry("external_txn_id", "text", ({ entry }) => entry.id),
  ],
}

type Field = (line: LedgerLine) => string

/** Payers and dates recur: a field is made anew only when its text is not that of the time before. */
const fieldOf = (column: LedgerColumn, csv: CsvProfile): Field => {
  const { form } = column
  const cell: Field = column.of === "account" ? ({ account }) => column.cell(account) : column.cell
  if (form === "number") return cell
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

/** Adjacent columns of one kind: their fields with the commas between them. */
const runOf = (columns: readonly LedgerColumn[], csv: CsvProfile): Field => {
  const fields = columns.map((column) => fieldOf(column, csv))
  const [only] = fields
  const text: Field = fields.length === 1 && only !== undefined ? only : (line) => fields.map((field) => field(line)).join(",")
  switch (columns[0]?.of) {
    case "account": {
      const texts = new Map<Account, string>()
      return (line) => {
        const known = texts.get(line.account)
        if (known !== undefined) return known
        const made = text(line)
        texts.set(line.account, made)
        return made
      }
    }
    case "entry": {
      let made = ""
      return (line) => {
        if (line.lineNumber === 1) made = text(line)
        return made
      }
    }
    default:
      return text
  }
}

const runsOf = (columns: readonly LedgerColumn[], csv: CsvProfile): readonly Field[] => {
  const runs: LedgerColumn[][] = []
  for (const column of columns) {
    const last = runs.at(-1)
    if (last?.[0]?.of === column.of) last.push(column)
    else runs.push([column])
  }
  return runs.map((run) => runOf(run, csv))
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
  yield `${csv === "spreadsheet" ? byteOrderMark : ""}${profile.columns.map(({ name }) => name).join(",")}\r\n`
  for (const entry of inJournalOrder(entries)) {
    const currency = { code: entry.currency, exponent: entry.currencyExponent }
    const zero = formatMinor(0n, currency)
    const date = postedDate(entry)
    let lineNumber = 0
    let rows = ""
    for (const line of journalLines(entry)) {
      const account = accounts.get(line.account)
      if (account === undefined) throw new Error(`entry ${entry.id} names account ${line.account}, which the chart does not have`)
      lineNumber += 1
      const debit = line.debitMinor === 0n ? zero : formatMinor(line.debitMinor, currency)
      const credit = line.creditMinor === 0n ? zero : formatMinor(line.creditMinor, currency)
      const full: LedgerLine = { entry, line, account, lineNumber, date, debit, credit, batchId }
      let separator = ""
      for (const run of runs) {
        rows += separator + run(full)
        separator = ","
      }
      rows += "\r\n"
    }
    yield rows
  }
}

/** In UTF-8. */
export const generalLedgerCsv = (entries: Iterable<Entry>, options: LedgerOptions): Uint8Array => bytesOfTexts(csvLines(entries, options))
