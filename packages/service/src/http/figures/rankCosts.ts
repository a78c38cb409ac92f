import { addDecimals } from "@hpc-billing/core"
import type { CostSum } from "./groupCosts.ts"

export const groupsShownMaximum = 10

export interface RankedSum extends CostSum {
  /** How many groups stand in this one; 0: it is one group. */
  readonly others: number
  readonly beforeMinor: bigint
}

const magnitude = (value: bigint): bigint => (value < 0n ? -value : value)

/**
 * The ten largest groups and the rest as one. Against another month the largest absolute change leads; a group that only the
 * other month has stands with zero.
 */
export const rankCosts = (sums: ReadonlyMap<string, CostSum>, before: ReadonlyMap<string, CostSum> | null): readonly RankedSum[] => {
  const keys = new Set([...sums.keys(), ...(before?.keys() ?? [])])
  const weight = (sum: RankedSum): bigint => magnitude(before === null ? sum.amountMinor : sum.amountMinor - sum.beforeMinor)
  const ranked = [...keys]
    .map((key): RankedSum => {
      const sum = sums.get(key) ?? { key, amountMinor: 0n, jobs: 0, quantities: new Map() }
      return { ...sum, others: 0, beforeMinor: before?.get(key)?.amountMinor ?? 0n }
    })
    .sort((left, right) => {
      const difference = weight(right) - weight(left)
      return difference > 0n ? 1 : difference < 0n ? -1 : left.key < right.key ? -1 : 1
    })
  const shown = ranked.slice(0, groupsShownMaximum)
  const rest = ranked.slice(groupsShownMaximum)
  return rest.length === 0 ? shown : [...shown, joined(rest)]
}

const joined = (rest: readonly RankedSum[]): RankedSum => {
  const quantities: RankedSum["quantities"] = new Map()
  let [amountMinor, beforeMinor, jobs] = [0n, 0n, 0]
  for (const sum of rest) {
    amountMinor += sum.amountMinor
    beforeMinor += sum.beforeMinor
    jobs += sum.jobs
    for (const [unit, quantity] of sum.quantities) {
      const known = quantities.get(unit)
      quantities.set(unit, known === undefined ? quantity : addDecimals(known, quantity))
    }
  }
  return { key: "", others: rest.length, amountMinor, beforeMinor, jobs, quantities }
}
