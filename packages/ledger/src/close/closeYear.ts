import { lastDayOf } from "@hpc-billing/core"
import type { PostingPolicy } from "../chart/Chart.ts"
import { transfersOf } from "../derive/receiptEntry.ts"
import type { Entry } from "../Entry.ts"
import { trialBalance } from "../journal/trialBalance.ts"

/** A financial year, which need not be the calendar's. */
export interface Year {
  readonly tenant: string
  /** `2027`, as the site names it. */
  readonly name: string
  readonly firstMonth: string
  readonly lastMonth: string
}

/**
 * Moves the result of a year, every revenue and expense account, into retained earnings: one entry per currency in the year's
 * last month. `entries` are all of the year; run again after a reopening, it moves only what came since.
 */
export const closeYear = (year: Year, entries: readonly Entry[], policy: PostingPolicy): readonly Entry[] => {
  const within = entries.filter(({ month }) => month >= year.firstMonth && month <= year.lastMonth)
  const types = new Map(policy.chart.accounts.map(({ id, type }) => [id, type]))
  const { accounts } = trialBalance(within, policy.chart)
  const currencies = new Map(accounts.map(({ currency, currencyExponent }) => [currency, currencyExponent]))
  return [...currencies].flatMap(([currency, currencyExponent]): readonly Entry[] => {
    const movements = accounts
      .filter(({ account, currency: of }) => of === currency && (types.get(account) === "revenue" || types.get(account) === "expense"))
      .map(({ account, balanceMinor }) => ({
        debit: policy.roles.retainedEarnings,
        credit: account,
        amountMinor: balanceMinor,
        memo: `result of ${year.name}`,
      }))
    const transfers = transfersOf(movements, "")
    if (transfers.length === 0) return []
    const earlier = within.filter(({ source, currency: of }) => source.kind === "year-close" && of === currency).length
    return [
      {
        id: `${year.tenant}/${year.name}/year-close/${currency}/${earlier + 1}`,
        tenant: year.tenant,
        effectiveDate: lastDayOf(year.lastMonth),
        month: year.lastMonth,
        currency,
        currencyExponent,
        memo: `Close of the year ${year.name}`,
        source: { kind: "year-close", receiptId: null, receiptNumber: null },
        transfers,
        reverses: null,
      },
    ]
  })
}
