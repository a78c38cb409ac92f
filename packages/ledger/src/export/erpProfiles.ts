import { formatMinor } from "@hpc-billing/core"
import { type GeneralLedgerProfile, type LedgerLine, ofAccount, ofEntry, ofLine } from "./generalLedgerCsv.ts"

const signed = ({ entry, line }: LedgerLine): string =>
  formatMinor(line.debitMinor - line.creditMinor, { code: entry.currency, exponent: entry.currencyExponent })
const debitOrEmpty = ({ line, debit }: LedgerLine): string => (line.debitMinor === 0n ? "" : debit)
const creditOrEmpty = ({ line, credit }: LedgerLine): string => (line.creditMinor === 0n ? "" : credit)
const slashed = (date: string): string => date.replaceAll("-", "/")
const dayFirst = (date: string): string => date.split("-").reverse().join("/")

/** Oracle's GL_INTERFACE: what its Journal Import reads, one accounting segment. */
export const oracleProfile = (site: {
  readonly ledgerId: string
  readonly source: string
  readonly category: string
  readonly createdBy: string
}): GeneralLedgerProfile => ({
  columns: [
    ofEntry("STATUS", "text", () => "NEW"),
    ofEntry("LEDGER_ID", "exact", () => site.ledgerId),
    ofEntry("ACCOUNTING_DATE", "exact", ({ date }) => slashed(date)),
    ofEntry("CURRENCY_CODE", "text", ({ entry }) => entry.currency),
    ofEntry("DATE_CREATED", "exact", ({ date }) => slashed(date)),
    ofEntry("CREATED_BY", "exact", () => site.createdBy),
    ofEntry("ACTUAL_FLAG", "text", () => "A"),
    ofEntry("USER_JE_SOURCE_NAME", "text", () => site.source),
    ofEntry("USER_JE_CATEGORY_NAME", "text", () => site.category),
    ofAccount("SEGMENT1", "exact", ({ id }) => id),
    ofLine("ENTERED_DR", "number", debitOrEmpty),
    ofLine("ENTERED_CR", "number", creditOrEmpty),
    ofEntry("REFERENCE1", "text", ({ batchId }) => batchId),
    ofEntry("REFERENCE4", "text", ({ entry }) => entry.id),
    ofEntry("REFERENCE10", "text", ({ entry }) => entry.memo),
    ofEntry("GROUP_ID", "exact", ({ entry }) => entry.month.replace("-", "")),
  ],
})

/** Dynamics 365 Finance, the general journal entity. */
export const dynamics365Profile = (site: { readonly journalName: string }): GeneralLedgerProfile => ({
  columns: [
    ofEntry("JOURNALBATCHNUMBER", "text", ({ batchId }) => batchId),
    ofEntry("JOURNALNAME", "text", () => site.journalName),
    ofLine("LINENUMBER", "number", ({ lineNumber }) => String(lineNumber)),
    ofEntry("VOUCHER", "text", ({ entry }) => entry.id),
    ofEntry("TRANSDATE", "exact", ({ date }) => date),
    ofEntry("ACCOUNTTYPE", "text", () => "Ledger"),
    ofAccount("ACCOUNTDISPLAYVALUE", "exact", ({ id }) => id),
    ofEntry("TEXT", "text", ({ entry }) => entry.memo),
    ofLine("DEBITAMOUNT", "number", debitOrEmpty),
    ofLine("CREDITAMOUNT", "number", creditOrEmpty),
    ofEntry("CURRENCYCODE", "text", ({ entry }) => entry.currency),
    ofEntry("DOCUMENTNUM", "text", ({ entry }) => entry.source.receiptNumber ?? ""),
  ],
})

/** Business Central, general journal lines: one signed amount. */
export const businessCentralProfile = (site: { readonly template: string; readonly batch: string }): GeneralLedgerProfile => ({
  columns: [
    ofEntry("Journal Template Name", "text", () => site.template),
    ofEntry("Journal Batch Name", "text", () => site.batch),
    ofEntry("Posting Date", "exact", ({ date }) => date),
    ofEntry("Document No.", "text", ({ entry }) => entry.source.receiptNumber ?? entry.id),
    ofEntry("External Document No.", "text", ({ entry }) => entry.id),
    ofEntry("Account Type", "text", () => "G/L Account"),
    ofAccount("Account No.", "exact", ({ id }) => id),
    ofEntry("Description", "text", ({ entry }) => entry.memo),
    ofLine("Amount", "number", signed),
    ofEntry("Currency Code", "text", ({ entry }) => entry.currency),
  ],
})

/** Xero, manual journals: one signed amount, day first. The tax is in its own account, so lines carry no tax rate of Xero's. */
export const xeroProfile = (site: { readonly taxRate: string }): GeneralLedgerProfile => ({
  columns: [
    ofEntry("*Narration", "text", ({ entry }) => `${entry.id} ${entry.memo}`),
    ofEntry("*Date", "exact", ({ date }) => dayFirst(date)),
    ofLine("Description", "text", ({ entry, line }) => `${entry.source.receiptNumber ?? ""} ${line.payerId}`.trim()),
    ofAccount("*AccountCode", "exact", ({ id }) => id),
    ofEntry("*TaxRate", "text", () => site.taxRate),
    ofLine("*Amount", "number", signed),
  ],
})
