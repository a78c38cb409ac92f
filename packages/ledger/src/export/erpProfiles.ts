import { formatMinor } from "@hpc-billing/core"
import type { CsvCell } from "./csv.ts"
import { exact, type GeneralLedgerProfile, type LedgerLine } from "./generalLedgerCsv.ts"

const signed = ({ entry, line }: LedgerLine): CsvCell =>
  exact(formatMinor(line.debitMinor - line.creditMinor, { code: entry.currency, exponent: entry.currencyExponent }))
const debitOrEmpty = ({ line, debit }: LedgerLine): CsvCell => exact(line.debitMinor === 0n ? "" : debit)
const creditOrEmpty = ({ line, credit }: LedgerLine): CsvCell => exact(line.creditMinor === 0n ? "" : credit)
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
    ["STATUS", () => "NEW"],
    ["LEDGER_ID", () => exact(site.ledgerId)],
    ["ACCOUNTING_DATE", ({ date }) => exact(slashed(date))],
    ["CURRENCY_CODE", ({ entry }) => entry.currency],
    ["DATE_CREATED", ({ date }) => exact(slashed(date))],
    ["CREATED_BY", () => exact(site.createdBy)],
    ["ACTUAL_FLAG", () => "A"],
    ["USER_JE_SOURCE_NAME", () => site.source],
    ["USER_JE_CATEGORY_NAME", () => site.category],
    ["SEGMENT1", ({ account }) => exact(account.id)],
    ["ENTERED_DR", debitOrEmpty],
    ["ENTERED_CR", creditOrEmpty],
    ["REFERENCE1", ({ batchId }) => batchId],
    ["REFERENCE4", ({ entry }) => entry.id],
    ["REFERENCE10", ({ entry }) => entry.memo],
    ["GROUP_ID", ({ entry }) => exact(entry.month.replace("-", ""))],
  ],
})

/** Dynamics 365 Finance, the general journal entity. */
export const dynamics365Profile = (site: { readonly journalName: string }): GeneralLedgerProfile => ({
  columns: [
    ["JOURNALBATCHNUMBER", ({ batchId }) => batchId],
    ["JOURNALNAME", () => site.journalName],
    ["LINENUMBER", ({ lineNumber }) => exact(String(lineNumber))],
    ["VOUCHER", ({ entry }) => entry.id],
    ["TRANSDATE", ({ date }) => exact(date)],
    ["ACCOUNTTYPE", () => "Ledger"],
    ["ACCOUNTDISPLAYVALUE", ({ account }) => exact(account.id)],
    ["TEXT", ({ entry }) => entry.memo],
    ["DEBITAMOUNT", debitOrEmpty],
    ["CREDITAMOUNT", creditOrEmpty],
    ["CURRENCYCODE", ({ entry }) => entry.currency],
    ["DOCUMENTNUM", ({ entry }) => entry.source.receiptNumber ?? ""],
  ],
})

/** Business Central, general journal lines: one signed amount. */
export const businessCentralProfile = (site: { readonly template: string; readonly batch: string }): GeneralLedgerProfile => ({
  columns: [
    ["Journal Template Name", () => site.template],
    ["Journal Batch Name", () => site.batch],
    ["Posting Date", ({ date }) => exact(date)],
    ["Document No.", ({ entry }) => entry.source.receiptNumber ?? entry.id],
    ["External Document No.", ({ entry }) => entry.id],
    ["Account Type", () => "G/L Account"],
    ["Account No.", ({ account }) => exact(account.id)],
    ["Description", ({ entry }) => entry.memo],
    ["Amount", signed],
    ["Currency Code", ({ entry }) => entry.currency],
  ],
})

/** Xero, manual journals: one signed amount, day first. The tax is in its own account, so lines carry no tax rate of Xero's. */
export const xeroProfile = (site: { readonly taxRate: string }): GeneralLedgerProfile => ({
  columns: [
    ["*Narration", ({ entry }) => `${entry.id} ${entry.memo}`],
    ["*Date", ({ date }) => exact(dayFirst(date))],
    ["Description", ({ entry, line }) => `${entry.source.receiptNumber ?? ""} ${line.payerId}`.trim()],
    ["*AccountCode", ({ account }) => exact(account.id)],
    ["*TaxRate", () => site.taxRate],
    ["*Amount", signed],
  ],
})
