import type { Account, AccountType, Chart } from "../chart/Chart.ts"
import type { Entry } from "../Entry.ts"
import { trialBalance } from "../journal/trialBalance.ts"

export interface StatementLine {
  readonly account: Account
  /** As people read it: above zero on the account's own side. */
  readonly amountMinor: bigint
}

export interface IncomeStatement {
  readonly currency: string
  readonly revenue: readonly StatementLine[]
  readonly expenses: readonly StatementLine[]
  readonly revenueMinor: bigint
  readonly expensesMinor: bigint
  readonly profitMinor: bigint
}

export interface BalanceSheet {
  readonly currency: string
  readonly assets: readonly StatementLine[]
  readonly liabilities: readonly StatementLine[]
  readonly equity: readonly StatementLine[]
  /** Profit that no year close has moved to equity yet. */
  readonly currentEarningsMinor: bigint
  readonly assetsMinor: bigint
  /** Liabilities, equity and current earnings: equal to the assets. */
  readonly liabilitiesAndEquityMinor: bigint
}

const creditTypes: ReadonlySet<AccountType> = new Set(["liability", "equity", "revenue"])

const linesOf = (entries: readonly Entry[], chart: Chart, currency: string, types: readonly AccountType[]): readonly StatementLine[] => {
  const balances = new Map(
    trialBalance(entries, chart)
      .accounts.filter((balance) => balance.currency === currency)
      .map(({ account, balanceMinor }) => [account, balanceMinor]),
  )
  return chart.accounts
    .filter(({ id, type }) => types.includes(type) && balances.has(id))
    .map((account) => {
      const balanceMinor = balances.get(account.id) as bigint
      return { account, amountMinor: creditTypes.has(account.type) ? -balanceMinor : balanceMinor }
    })
}

const sum = (lines: readonly StatementLine[]): bigint => lines.reduce((total, { amountMinor }) => total + amountMinor, 0n)

/** Of the entries given: those of a month or year. Closings of years are left out, so that a closed year still shows its result. */
export const incomeStatement = (entries: readonly Entry[], chart: Chart, currency: string): IncomeStatement => {
  const operating = entries.filter(({ source }) => source.kind !== "year-close")
  const revenue = linesOf(operating, chart, currency, ["revenue"])
  const expenses = linesOf(operating, chart, currency, ["expense"])
  const [revenueMinor, expensesMinor] = [sum(revenue), sum(expenses)]
  return { currency, revenue, expenses, revenueMinor, expensesMinor, profitMinor: revenueMinor - expensesMinor }
}

/** Of all entries up to the day of the balance sheet. */
export const balanceSheet = (entries: readonly Entry[], chart: Chart, currency: string): BalanceSheet => {
  const assets = linesOf(entries, chart, currency, ["asset", "contra-asset"])
  const liabilities = linesOf(entries, chart, currency, ["liability"])
  const equity = linesOf(entries, chart, currency, ["equity"])
  const currentEarningsMinor = sum(linesOf(entries, chart, currency, ["revenue"])) - sum(linesOf(entries, chart, currency, ["expense"]))
  return {
    currency,
    assets,
    liabilities,
    equity,
    currentEarningsMinor,
    assetsMinor: sum(assets),
    liabilitiesAndEquityMinor: sum(liabilities) + sum(equity) + currentEarningsMinor,
  }
}
