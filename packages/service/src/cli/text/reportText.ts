import type { Currency } from "@hpc-billing/core"
import type { AccountStatement, AgedReceivable, BalanceSheet, IncomeStatement, StatementLine, TrialBalance } from "@hpc-billing/ledger"
import { amountText } from "./amountText.ts"
import { table } from "./table.ts"

type In<Report> = Omit<Report, "currency"> & { readonly currency: Currency }

export const trialBalanceReportText = (asOfDate: string, { accounts }: TrialBalance): string => {
  const rows = accounts.map(({ account, name, currency: code, currencyExponent: exponent, ...amounts }) => {
    const currency = { code, exponent }
    const { debitMinor, creditMinor, balanceMinor } = amounts
    return [account, name, amountText(debitMinor, currency), amountText(creditMinor, currency), amountText(balanceMinor, currency), code]
  })
  return `As of ${asOfDate}\n${table([["account", "", "debit", "credit", "balance", ""], ...rows], [false, false, true, true, true, false])}`
}

const linesOf = (lines: readonly StatementLine[], currency: Currency): string[][] =>
  lines.map(({ account, amountMinor }) => [account.id, account.name, amountText(amountMinor, currency)])

const sheetOf = (rows: readonly (readonly string[])[], { code }: Currency): string => table([["", "", code], ...rows], [false, false, true])

export const incomeText = ({ currency, ...statement }: In<IncomeStatement>): string => {
  const total = (name: string, amountMinor: bigint): string[] => ["", name, amountText(amountMinor, currency)]
  return sheetOf(
    [
      ...linesOf(statement.revenue, currency),
      total("Revenue", statement.revenueMinor),
      ...linesOf(statement.expenses, currency),
      total("Expenses", statement.expensesMinor),
      total("Profit", statement.profitMinor),
    ],
    currency,
  )
}

export const balanceSheetText = ({ currency, ...sheet }: In<BalanceSheet>): string => {
  const total = (name: string, amountMinor: bigint): string[] => ["", name, amountText(amountMinor, currency)]
  return sheetOf(
    [
      ...linesOf(sheet.assets, currency),
      total("Assets", sheet.assetsMinor),
      ...linesOf(sheet.liabilities, currency),
      ...linesOf(sheet.equity, currency),
      total("Earnings of the year", sheet.currentEarningsMinor),
      total("Liabilities and equity", sheet.liabilitiesAndEquityMinor),
    ],
    currency,
  )
}

export const receivablesText = (receivables: readonly AgedReceivable[]): string => {
  if (receivables.length === 0) return "Nothing is owed."
  const rows = receivables.map(
    ({ receiptId, receiptNumber, payerId, issuedDate, ageDays, openMinor, currency: code, currencyExponent }) => [
      receiptNumber ?? receiptId,
      payerId,
      issuedDate,
      `${ageDays} days`,
      amountText(openMinor, { code, exponent: currencyExponent }),
      code,
    ],
  )
  return table([["receipt", "payer", "issued", "age", "open", ""], ...rows], [false, false, false, true, true, false])
}

export const statementText = ({ currency, ...statement }: In<AccountStatement>): string => {
  const amount = (amountMinor: bigint): string => (amountMinor === 0n ? "" : amountText(amountMinor, currency))
  const rows = statement.lines.map(({ date, memo, debitMinor, creditMinor, balanceMinor }) => [
    date,
    memo,
    amount(debitMinor),
    amount(creditMinor),
    amountText(balanceMinor, currency),
  ])
  return table(
    [
      ["date", "", "debit", "credit", currency.code],
      ["", "opening balance", "", "", amountText(statement.openingMinor, currency)],
      ...rows,
      ["", "closing balance", "", "", amountText(statement.closingMinor, currency)],
    ],
    [false, false, true, true, true],
  )
}
