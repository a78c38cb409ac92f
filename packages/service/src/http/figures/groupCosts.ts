import { addDecimals, type Decimal } from "@hpc-billing/core"
import type { Dimension } from "../../api/groups/usage.ts"
import type { FigureLine, FigureUsage, MonthFigures } from "./MonthFigures.ts"

/** Which usages a sum is over: those within reach that the filters leave. */
export type UsageTest = (usage: FigureUsage) => boolean

export interface CostSum {
  readonly key: string
  amountMinor: bigint
  jobs: number
  /** By unit. */
  readonly quantities: Map<string, Decimal>
}

const keyOf: Readonly<Record<Dimension, (usage: FigureUsage, line: FigureLine) => string>> = {
  day: (_, line) => line.day,
  sku: (_, line) => line.sku,
  tier: (_, line) => line.tier,
  payer: (_, line) => line.payerId,
  account: (usage) => usage.account,
  user: (usage) => usage.user,
  partition: (usage) => usage.partition,
  state: (usage) => usage.state,
  qos: (usage) => usage.qos,
  cluster: (usage) => usage.cluster,
}

/** Running jobs are shown beside the sums, never in them. */
export const isSummed = (line: FigureLine): boolean => line.standing !== "running"

/** Exact sums by the values of a dimension, over all lines that the test leaves. */
export const groupCosts = (figures: MonthFigures, by: Dimension | "total", test: UsageTest): Map<string, CostSum> => {
  const sums = new Map<string, CostSum>()
  const keyFor = by === "total" ? () => "total" : keyOf[by]
  const addUsage = (usage: FigureUsage, isJob: boolean): void => {
    if (!test(usage)) return
    const counted = new Set<string>()
    for (const line of usage.lines) {
      if (!isSummed(line)) continue
      const key = keyFor(usage, line)
      let sum = sums.get(key)
      if (sum === undefined) {
        sum = { key, amountMinor: 0n, jobs: 0, quantities: new Map() }
        sums.set(key, sum)
      }
      sum.amountMinor += line.billedMinor
      if (isJob && !counted.has(key)) sum.jobs += 1
      counted.add(key)
      if (line.zeroReason !== null) continue
      const known = sum.quantities.get(line.unit)
      sum.quantities.set(line.unit, known === undefined ? line.quantity : addDecimals(known, line.quantity))
    }
  }
  for (const usage of figures.usages.values()) addUsage(usage, true)
  for (const usage of figures.periodLines) addUsage(usage, false)
  return sums
}

export const totalMinor = (sums: Iterable<CostSum>): bigint => {
  let total = 0n
  for (const { amountMinor } of sums) total += amountMinor
  return total
}
