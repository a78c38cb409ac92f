import { addDecimals, type Decimal, formatDecimal, normaliseDecimal, type ReceiptLine } from "@hpc-billing/core"

/** One row of the first page: all charged lines of one service at one price, of one corrected month, or of one charge of the period. */
export interface SummaryRow {
  readonly kind: "usage" | "correction" | "period"
  readonly sku: string
  readonly unit: string
  readonly unitPrice: Decimal
  readonly quantity: Decimal
  /** The month that a correction corrects; null otherwise. */
  readonly correctsMonth: string | null
  readonly jobCount: number
  readonly amountMinor: bigint
}

export interface Summary {
  readonly rows: readonly SummaryRow[]
  /** Lines that cost nothing; they stand in the details with their reason. */
  readonly zeroCount: number
}

interface Group {
  readonly row: Omit<SummaryRow, "jobCount" | "quantity" | "amountMinor">
  readonly jobs: Set<string>
  quantity: Decimal
  amountMinor: bigint
}

const kindOrder = { usage: 0, period: 1, correction: 2 } as const
const compareText = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0)

/** The rows of the first page; together they are the receipt's net total. */
export const summariseLines = (lines: readonly ReceiptLine[]): Summary => {
  const groups = new Map<string, Group>()
  let zeroCount = 0
  for (const line of lines) {
    if (line.kind === "zero") {
      zeroCount += 1
      continue
    }
    const correctsMonth = line.corrects?.month ?? null
    const price = formatDecimal(normaliseDecimal(line.unitPrice))
    const key = line.kind === "correction" ? `correction ${correctsMonth}` : [line.kind, line.sku, line.unit, price].join(" ")
    let group = groups.get(key)
    if (group === undefined) {
      const { kind, sku, unit, unitPrice } = line
      group = { row: { kind, sku, unit, unitPrice, correctsMonth }, jobs: new Set(), quantity: { units: 0n, scale: 0 }, amountMinor: 0n }
      groups.set(key, group)
    }
    if (line.jobId !== "") group.jobs.add(`${line.cluster}/${line.jobId}`)
    group.quantity = addDecimals(group.quantity, line.quantity)
    group.amountMinor += line.billedMinor
  }
  const rows = [...groups]
    .sort(([a, left], [b, right]) => kindOrder[left.row.kind] - kindOrder[right.row.kind] || compareText(a, b))
    .map(([, { row, jobs, quantity, amountMinor }]) => ({ ...row, jobCount: jobs.size, quantity, amountMinor }))
  return { rows, zeroCount }
}
