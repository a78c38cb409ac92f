import type { Money, Series } from "@hpc-billing/service/api"
import { groupId } from "../parts/words.ts"

/** A month with its amounts by name: what the bars, the hover text and the table all show. */
export interface TrendRow {
  readonly month: string
  readonly total: Money
  /** By `groupId`; a name without an amount in the month is not in it. */
  readonly amounts: Readonly<Record<string, Money>>
}

/** Joins each amount to its month and its name by what they say of themselves, whatever order they come in. */
export const trendRows = ({ months, series }: Pick<Series, "months" | "series">): readonly TrendRow[] => {
  const amounts = new Map<string, Record<string, Money>>(months.map(({ month }) => [month, {}]))
  for (const group of series) {
    for (const amount of group.amounts) {
      const row = amounts.get(amount.month)
      if (row !== undefined) row[groupId(group)] = amount
    }
  }
  return months.map(({ month, total }) => ({ month, total, amounts: amounts.get(month) ?? {} }))
}
