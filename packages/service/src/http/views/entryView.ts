import type { Currency } from "@hpc-billing/core"
import { type Chart, type Entry, journalLines } from "@hpc-billing/ledger"
import type { EntryView, TrialBalanceView } from "../../api/groups/books.ts"
import type { AccountBalance } from "../../store/index.ts"
import { moneyView } from "./money.ts"
import { accountNames } from "./reportViews.ts"

export const entryView = (
  entry: Entry,
  chart: Chart,
  posted: { readonly position: string; readonly postedAt: string } | null,
): EntryView => {
  const currency = { code: entry.currency, exponent: entry.currencyExponent }
  return {
    id: entry.id,
    position: posted?.position ?? null,
    postedAt: posted?.postedAt ?? null,
    effectiveDate: entry.effectiveDate,
    month: entry.month,
    memo: entry.memo,
    kind: entry.source.kind,
    receiptId: entry.source.receiptId,
    receiptNumber: entry.source.receiptNumber,
    reverses: entry.reverses,
    lines: journalLines(entry).map(({ account, payerId, debitMinor, creditMinor }) => ({
      ...accountNames(chart, account),
      debit: debitMinor === 0n ? null : moneyView(debitMinor, currency),
      credit: creditMinor === 0n ? null : moneyView(creditMinor, currency),
      payerId,
      memo: entry.memo,
    })),
  }
}

export const trialBalanceView = (
  month: string | null,
  balances: readonly AccountBalance[],
  currency: Currency,
  chart: Chart,
): TrialBalanceView => {
  const sums = new Map<string, { debitMinor: bigint; creditMinor: bigint }>()
  let [debitMinor, creditMinor] = [0n, 0n]
  for (const balance of balances) {
    if (balance.currency !== currency.code || (month !== null && balance.month !== month)) continue
    const sum = sums.get(balance.account) ?? { debitMinor: 0n, creditMinor: 0n }
    sum.debitMinor += balance.debitMinor
    sum.creditMinor += balance.creditMinor
    sums.set(balance.account, sum)
    debitMinor += balance.debitMinor
    creditMinor += balance.creditMinor
  }
  return {
    month,
    rows: [...sums]
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([account, sum]) => ({
        ...accountNames(chart, account),
        accountType: chart.accounts.find(({ id }) => id === account)?.type ?? "unknown",
        debit: moneyView(sum.debitMinor, currency),
        credit: moneyView(sum.creditMinor, currency),
        balance: moneyView(sum.debitMinor - sum.creditMinor, currency),
      })),
    debit: moneyView(debitMinor, currency),
    credit: moneyView(creditMinor, currency),
    balanced: debitMinor === creditMinor,
  }
}

/** The turnover of entries that are not posted, in the shape of stored balances. */
export const balancesOf = (entries: readonly Entry[]): readonly AccountBalance[] =>
  entries.flatMap(({ month, currency, transfers }) =>
    transfers.flatMap(({ debitAccount, creditAccount, amountMinor }) => [
      { account: debitAccount, currency, month, debitMinor: amountMinor, creditMinor: 0n },
      { account: creditAccount, currency, month, debitMinor: 0n, creditMinor: amountMinor },
    ]),
  )
