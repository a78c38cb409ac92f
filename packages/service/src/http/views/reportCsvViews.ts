import type { AccountStatement } from "@hpc-billing/ledger"
import type { BalanceSheetReport, IncomeReport, ReceivablesReport, TrialBalanceReport } from "../../api/groups/reports.ts"
import type { Money } from "../../api/values.ts"
import { csvField, csvName } from "../../csvField.ts"
import { csvViewOf } from "./csvViews.ts"
import { moneyView } from "./money.ts"
import { type InCurrency, statementLines } from "./reportViews.ts"

export const trialBalanceCsvView = csvViewOf<TrialBalanceReport["rows"][number]>([
  ["account", ({ account }) => csvName(account)],
  ["name", ({ accountName }) => csvName(accountName)],
  ["type", ({ accountType }) => csvField(accountType)],
  ["debit", ({ debit }) => csvField(debit.decimal)],
  ["credit", ({ credit }) => csvField(credit.decimal)],
  ["balance", ({ balance }) => csvField(balance.decimal)],
  ["currency", ({ balance }) => csvField(balance.currency)],
])

interface SectionLine {
  readonly section: string
  readonly account: string
  readonly accountName: string
  readonly amount: Money
}

type Line = Omit<SectionLine, "section">

const sectionView = csvViewOf<SectionLine>([
  ["section", ({ section }) => csvField(section)],
  ["account", ({ account }) => csvName(account)],
  ["name", ({ accountName }) => csvName(accountName)],
  ["amount", ({ amount }) => csvField(amount.decimal)],
  ["currency", ({ amount }) => csvField(amount.currency)],
])

const inSection = (section: string, lines: readonly Line[]): readonly SectionLine[] => lines.map((line) => ({ section, ...line }))
const sumLine = (section: string, amount: Money): SectionLine => ({ section, account: "", accountName: "", amount })

export const incomeCsvView = sectionView
export const balanceSheetCsvView = sectionView

export const incomeLines = (statement: IncomeReport["statements"][number]): readonly SectionLine[] => [
  ...inSection("revenue", statement.revenue),
  sumLine("revenue total", statement.revenueTotal),
  ...inSection("expense", statement.expenses),
  sumLine("expense total", statement.expensesTotal),
  sumLine("profit", statement.profit),
]

export const balanceSheetLines = (sheet: BalanceSheetReport["sheets"][number]): readonly SectionLine[] => [
  ...inSection("asset", sheet.assets),
  sumLine("asset total", sheet.assetsTotal),
  ...inSection("liability", sheet.liabilities),
  ...inSection("equity", sheet.equity),
  sumLine("current earnings", sheet.currentEarnings),
  sumLine("liability and equity total", sheet.liabilitiesAndEquityTotal),
]

export const receivablesCsvView = csvViewOf<ReceivablesReport["rows"][number]>([
  ["payer", ({ payerId }) => csvName(payerId)],
  ["payer_name", ({ payerNameEnglish }) => csvName(payerNameEnglish)],
  ["payer_name_thai", ({ payerNameThai }) => csvName(payerNameThai)],
  ["receipt_number", ({ receiptNumber }) => csvName(receiptNumber ?? "")],
  ["receipt_id", ({ receiptId }) => csvName(receiptId)],
  ["issued", ({ issuedOn }) => csvField(issuedOn)],
  ["age_days", ({ ageDays }) => csvField(String(ageDays))],
  ["open", ({ open }) => csvField(open.decimal)],
  ["currency", ({ open }) => csvField(open.currency)],
])

interface StatementRow {
  readonly kind: "opening" | "line" | "closing"
  readonly date: string
  readonly entryId: string
  readonly memo: string
  readonly debit: Money | null
  readonly credit: Money | null
  readonly balance: Money
}

export const statementCsvView = csvViewOf<StatementRow>([
  ["kind", ({ kind }) => csvField(kind)],
  ["date", ({ date }) => csvField(date)],
  ["entry", ({ entryId }) => csvName(entryId)],
  ["memo", ({ memo }) => csvName(memo)],
  ["debit", ({ debit }) => csvField(debit?.decimal ?? "")],
  ["credit", ({ credit }) => csvField(credit?.decimal ?? "")],
  ["balance", ({ balance }) => csvField(balance.decimal)],
  ["currency", ({ balance }) => csvField(balance.currency)],
])

export const statementRows = (statement: InCurrency<AccountStatement>): readonly StatementRow[] => {
  const bare = { date: "", entryId: "", memo: "", debit: null, credit: null }
  return [
    { kind: "opening", ...bare, balance: moneyView(statement.openingMinor, statement.currency) },
    ...statementLines(statement).map((line) => ({ kind: "line" as const, ...line })),
    { kind: "closing", ...bare, balance: moneyView(statement.closingMinor, statement.currency) },
  ]
}
