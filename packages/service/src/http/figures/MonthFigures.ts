import type { Currency, Decimal, RatedLine, Receipt } from "@hpc-billing/core"

/**
 * What a month amounts to, held so that every sum of the portal is a pass over it: the lines of receipts that stand, what the
 * next billing would add, what leads to no payer, what still runs. Read once by `loadMonthFigures` and kept until the books
 * or the records change.
 */
export interface MonthFigures {
  readonly month: string
  readonly zone: string
  readonly currency: Currency
  readonly status: "not-priced" | "draft" | "billed" | "closed"
  /** The month has not ended, or something of it is not billed. */
  readonly partial: boolean
  readonly usages: ReadonlyMap<string, FigureUsage>
  /** Amounts of the whole period, which belong to no usage. */
  readonly periodLines: readonly FigureUsage[]
  /** What billing the month now would draft; empty when all is billed. */
  readonly drafts: readonly Receipt[]
  /** Priced, and billed to nobody. */
  readonly unmapped: readonly RatedLine[]
  readonly runningUsages: number
}

export interface FigureUsage {
  readonly usageId: string
  readonly cluster: string
  readonly account: string
  readonly user: string
  readonly partition: string
  readonly state: string
  readonly qos: string
  readonly lines: FigureLine[]
}

export interface FigureLine {
  readonly day: string
  readonly sku: string
  readonly unit: string
  readonly tier: string
  readonly payerId: string
  readonly quantity: Decimal
  readonly billedMinor: bigint
  readonly zeroReason: string | null
  readonly standing: "billed" | "draft" | "unmapped" | "running"
}
