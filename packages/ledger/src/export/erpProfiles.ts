import { formatMinor } from "@hpc-billing/core"
import type { GeneralLedgerProfile, LedgerLine } from "./generalLedgerCsv.ts"

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
    ["STATUS", "text", () => "NEW"],
    ["LEDGER_ID", "exact", () => site.ledgerId],
    ["ACCOUNTING_DATE", "exact", ({ date }) => slashed(date)],
    ["CURRENCY_CODE", "text", ({ entry }) => entry.currency],
    ["DATE_CREATED", "exact", ({ date }) => slashed(date)],
    ["CREATED_BY", "exact", () => site.createdBy],
    ["ACTUAL_FLAG", "text", () => "A"],
    ["USER_JE_SOURCE_NAME", "text", () => site.source],
    ["USER_JE_CATEGORY_NAME", "text", () => site.category],
    ["SEGMENT1", "exact", ({ account }) => account.id],
    ["ENTERED_DR", "exact", debitOrEmpty],
    ["ENTERED_CR", "exact", creditOrEmpty],
    ["REFERENCE1", "text", ({ batchId }) => batchId],
    ["REFERENCE4", "text", ({ entry }) => entry.id],
    ["REFERENCE10", "text", ({ entry }) => entry.memo],
    ["GROUP_ID", "exact", ({ entry }) => entry.month.replace("-", "")],
  ],
})

/** Dynamics 365 Finance, the general journal entity. */
export const dynamics365Profile = (site: { readonly journalName: string }): GeneralLedgerProfile => ({
  columns: [
    ["JOURNALBATCHNUMBER", "text", ({ batchId }) => batchId],
    ["JOURNALNAME", "text", () => site.journalName],
    ["LINENUMBER", "exact", ({ lineNumber }) => String(lineNumber)],
    ["VOUCHER", "text", ({ entry }) => entry.id],
    ["TRANSDATE", "exact", ({ date }) => date],
    ["ACCOUNTTYPE", "text", () => "Ledger"],
    ["ACCOUNTDISPLAYVALUE", "exact", ({ account }) => account.id],
    ["TEXT", "text", ({ entry }) => entry.memo],
    ["DEBITAMOUNT", "exact", debitOrEmpty],
    ["CREDITAMOUNT", "exact", creditOrEmpty],
    ["CURRENCYCODE", "text", ({ entry }) => entry.currency],
    ["DOCUMENTNUM", "text", ({ entry }) => entry.source.receiptNumber ?? ""],
  ],
})

/** Business Central, general journal lines: one signed amount. */
export const businessCentralProfile = (site: { readonly template: string; readonly batch: string }): GeneralLedgerProfile => ({
  columns: [
    ["Journal Template Name", "text", () => site.template],
    ["Journal Batch Name", "text", () => site.batch],
    ["Posting Date", "exact", ({ date }) => date],
    ["Document No.", "text", ({ entry }) => entry.source.receiptNumber ?? entry.id],
    ["External Document No.", "text", ({ entry }) => entry.id],
    ["Account Type", "text", () => "G/L Account"],
    ["Account No.", "exact", ({ account }) => account.id],
    ["Description", "text", ({ entry }) => entry.memo],
    ["Amount", "exact", signed],
    ["Currency Code", "text", ({ entry }) => entry.currency],
  ],
})

/** Xero, manual journals: one signed amount, day first. The tax is in its own account, so lines carry no tax rate of Xero's. */
export const xeroProfile = (site: { readonly taxRate: string }): GeneralLedgerProfile => ({
  columns: [
    ["*Narration", "text", ({ entry }) => `${entry.id} ${entry.memo}`],
    ["*Date", "exact", ({ date }) => dayFirst(date)],
    ["Description", "text", ({ entry, line }) => `${entry.source.receiptNumber ?? ""} ${line.payerId}`.trim()],
    ["*AccountCode", "exact", ({ account }) => account.id],
    ["*TaxRate", "text", () => site.taxRate],
    ["*Amount", "exact", signed],
  ],
})
