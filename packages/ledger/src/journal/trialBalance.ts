import type { Chart } from "../chart/Chart.ts"
import type { Entry } from "../Entry.ts"

export interface AccountBalance {
  readonly account: string
  readonly name: string
  readonly currency: string
  readonly currencyExponent: number
  readonly debitMinor: bigint
  readonly creditMinor: bigint
  /** Debits less credits. */
  readonly balanceMinor: bigint
}

export interface TrialBalance {
  /** By currency, then account, by code unit. */
  readonly accounts: readonly AccountBalance[]
  /** Per currency; the two amounts are equal. */
  readonly totals: readonly { readonly currency: string; readonly debitMinor: bigint; readonly creditMinor: bigint }[]
}

/** The fold of the journal: every account with its turnover and balance. */
export const trialBalance = (entries: Iterable<Entry>, chart: Chart): TrialBalance => {
  const nameOf = new Map(chart.accounts.map(({ id, name }) => [id, name]))
  const balances = new Map<string, { -readonly [Field in keyof AccountBalance]: AccountBalance[Field] }>()
  const totals = new Map<string, { currency: string; debitMinor: bigint; creditMinor: bigint }>()
  for (const { currency, currencyExponent, transfers } of entries) {
    const balanceOf = (account: string): { debitMinor: bigint; creditMinor: bigint; balanceMinor: bigint } => {
      const key = `${currency}\n${account}`
      let balance = balances.get(key)
      if (balance === undefined) {
        const name = nameOf.get(account) ?? account
        balance = { account, name, currency, currencyExponent, debitMinor: 0n, creditMinor: 0n, balanceMinor: 0n }
        balances.set(key, balance)
      }
      return balance
    }
    const total = totals.get(currency) ?? { currency, debitMinor: 0n, creditMinor: 0n }
    totals.set(currency, total)
    for (const { debitAccount, creditAccount, amountMinor } of transfers) {
      const debit = balanceOf(debitAccount)
      debit.debitMinor += amountMinor
      debit.balanceMinor += amountMinor
      total.debitMinor += amountMinor
      const credit = balanceOf(creditAccount)
      credit.creditMinor += amountMinor
      credit.balanceMinor -= amountMinor
      total.creditMinor += amountMinor
    }
  }
  const inOrder = <Value>(map: Map<string, Value>): Value[] =>
    [...map].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, value]) => value)
  return { accounts: inOrder(balances), totals: inOrder(totals) }
}
