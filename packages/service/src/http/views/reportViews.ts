import type { Currency } from "@hpc-billing/core"
import {
  type AccountStatement,
  type AgedReceivable,
  type BalanceSheet,
  type Chart,
  defaultAgeBuckets,
  type IncomeStatement,
  type StatementLine,
  type TrialBalance,
} from "@hpc-billing/ledger"
import {
  type BalanceSheetReport,
  type IncomeReport,
  type ReceivablesReport,
  reportRowsMaximum,
  type StatementReport,
  type TrialBalanceReport,
} from "../../api/groups/reports.ts"
import type { PayerBook } from "../../site/PayerBook.ts"
import { moneyView } from "./money.ts"

export type InCurrency<Report> = Omit<Report, "currency"> & { readonly currency: Currency }

export const accountNames = (chart: Chart, id: string) => {
  const account = chart.accounts.find((each) => each.id === id)
  return { account: id, accountName: account?.name ?? id, accountNameThai: account?.nameThai ?? id }
}

export const trialBalanceRows = (balance: TrialBalance, chart: Chart): TrialBalanceReport["rows"] =>
  balance.accounts.map(({ account, currency, currencyExponent, debitMinor, creditMinor, balanceMinor }) => {
    const of = { code: currency, exponent: currencyExponent }
    return {
      ...accountNames(chart, account),
      accountType: chart.accounts.find(({ id }) => id === account)?.type ?? "unknown",
      debit: moneyView(debitMinor, of),
      credit: moneyView(creditMinor, of),
      balance: moneyView(balanceMinor, of),
    }
  })

export const trialBalanceTotals = (balance: TrialBalance, currencies: readonly Currency[]): TrialBalanceReport["totals"] =>
  balance.totals.flatMap(({ currency, debitMinor, creditMinor }) =>
    currencies
      .filter(({ code }) => code === currency)
      .map((of) => ({ debit: moneyView(debitMinor, of), credit: moneyView(creditMinor, of), balanced: debitMinor === creditMinor })),
  )

const linesOf = (lines: readonly StatementLine[], currency: Currency) =>
  lines.map(({ account: { id, name, nameThai }, amountMinor }) => ({
    account: id,
    accountName: name,
    accountNameThai: nameThai,
    amount: moneyView(amountMinor, currency),
  }))

export const incomeView = ({ currency, ...statement }: InCurrency<IncomeStatement>): IncomeReport["statements"][number] => ({
  currency: currency.code,
  revenue: linesOf(statement.revenue, currency),
  expenses: linesOf(statement.expenses, currency),
  revenueTotal: moneyView(statement.revenueMinor, currency),
  expensesTotal: moneyView(statement.expensesMinor, currency),
  profit: moneyView(statement.profitMinor, currency),
})

export const balanceSheetView = ({ currency, ...sheet }: InCurrency<BalanceSheet>): BalanceSheetReport["sheets"][number] => ({
  currency: currency.code,
  assets: linesOf(sheet.assets, currency),
  liabilities: linesOf(sheet.liabilities, currency),
  equity: linesOf(sheet.equity, currency),
  currentEarnings: moneyView(sheet.currentEarningsMinor, currency),
  assetsTotal: moneyView(sheet.assetsMinor, currency),
  liabilitiesAndEquityTotal: moneyView(sheet.liabilitiesAndEquityMinor, currency),
  balanced: sheet.assetsMinor === sheet.liabilitiesAndEquityMinor,
})

const currencyOf = ({ currency, currencyExponent }: AgedReceivable): Currency => ({ code: currency, exponent: currencyExponent })
const sumOpen = (rows: readonly AgedReceivable[]): bigint => rows.reduce((sum, { openMinor }) => sum + openMinor, 0n)

export const receivableRows = (rows: readonly AgedReceivable[], { payers }: PayerBook): ReceivablesReport["rows"] => {
  const byId = new Map(payers.map((payer) => [payer.id, payer]))
  return rows.map((row) => ({
    payerId: row.payerId,
    payerNameThai: byId.get(row.payerId)?.nameThai ?? row.payerId,
    payerNameEnglish: byId.get(row.payerId)?.nameEnglish ?? row.payerId,
    receiptId: row.receiptId,
    receiptNumber: row.receiptNumber,
    issuedOn: row.issuedDate,
    ageDays: row.ageDays,
    open: moneyView(row.openMinor, currencyOf(row)),
  }))
}

/** Each currency with all its ages, those without a receipt at zero. */
export const receivableSums = (rows: readonly AgedReceivable[]): Pick<ReceivablesReport, "ages" | "totals"> => {
  const groups = [...Map.groupBy(rows, ({ currency }) => currency).values()]
  return {
    ages: groups.flatMap((group) =>
      [...defaultAgeBuckets, null].map((untilDays, bucket) => {
        const within = group.filter((row) => row.bucket === bucket)
        return {
          fromDays: bucket === 0 ? 0 : (defaultAgeBuckets[bucket - 1] as number) + 1,
          untilDays,
          open: moneyView(sumOpen(within), currencyOf(group[0] as AgedReceivable)),
          receipts: within.length,
        }
      }),
    ),
    totals: groups.map((group) => moneyView(sumOpen(group), currencyOf(group[0] as AgedReceivable))),
  }
}

const amountOrNull = (amountMinor: bigint, currency: Currency) => (amountMinor === 0n ? null : moneyView(amountMinor, currency))

export const statementLines = ({ currency, lines }: InCurrency<AccountStatement>): StatementReport["statements"][number]["lines"] =>
  lines.map(({ date, entryId, memo, debitMinor, creditMinor, balanceMinor }) => ({
    date,
    entryId,
    memo,
    debit: amountOrNull(debitMinor, currency),
    credit: amountOrNull(creditMinor, currency),
    balance: moneyView(balanceMinor, currency),
  }))

export const statementView = (statement: InCurrency<AccountStatement>): StatementReport["statements"][number] => ({
  currency: statement.currency.code,
  opening: moneyView(statement.openingMinor, statement.currency),
  lines: statementLines({ ...statement, lines: statement.lines.slice(0, reportRowsMaximum) }),
  lineCount: statement.lines.length,
  closing: moneyView(statement.closingMinor, statement.currency),
})
