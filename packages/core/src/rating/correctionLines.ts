import {
  addDecimals,
  type Decimal,
  decimalZero,
  formatDecimal,
  multiplyDecimals,
  normaliseDecimal,
  subtractDecimals,
} from "../money/Decimal.ts"
import type { Month } from "../time/Month.ts"
import type { RatedLine } from "./RatedLine.ts"

/** A line that stands on a receipt of a closed month, or corrects one. */
export interface BilledLine {
  readonly line: RatedLine
  readonly receiptNumber: string | null
}

interface Group {
  readonly billed: BilledLine[]
  readonly rerated: RatedLine[]
}

/**
 * What a closed month would show today, less what was billed for it: the lines to post in the open month. Each names what it
 * corrects; a changed price or payer gives two lines, the old one taken back and the new one charged. Nothing changed: no lines.
 * Both sides must be complete for the usages they name: `billed` holds all lines and earlier corrections of that month for them,
 * `rerated` all lines that `rateUsage` gives for them in that month. Provisional lines are left out: they were never billed.
 */
export const correctionLines = (
  billed: readonly BilledLine[],
  rerated: readonly RatedLine[],
  closed: { readonly month: Month },
): readonly RatedLine[] => {
  const groups = new Map<string, Group>()
  const groupOf = (line: RatedLine): Group => {
    const key = priceKey(line)
    let group = groups.get(key)
    if (group === undefined) {
      group = { billed: [], rerated: [] }
      groups.set(key, group)
    }
    return group
  }
  const earlierBySku = new Map<string, BilledLine>()
  const earlierByUsage = new Map<string, BilledLine>()
  for (const entry of billed) {
    const { line } = entry
    earlierByUsage.set(subjectOf(line), entry)
    earlierBySku.set(JSON.stringify([subjectOf(line), line.sku]), entry)
    if (line.zeroReason === null) groupOf(line).billed.push(entry)
  }
  const corrections: RatedLine[] = []
  for (const line of rerated) {
    if (line.provisional) continue
    if (line.zeroReason === null) groupOf(line).rerated.push(line)
    else if (!earlierByUsage.has(subjectOf(line))) {
      corrections.push({
        ...line,
        id: `${line.id}/late/${closed.month}`,
        corrects: { month: closed.month, lineId: null, receiptNumber: null },
      })
    }
  }
  for (const [key, group] of groups) {
    const quantity = subtractDecimals(sumOf(group.rerated), sumOf(group.billed.map(({ line }) => line)))
    if (quantity.units === 0n) continue
    const shape = group.rerated[0] ?? (group.billed.at(-1) as BilledLine).line
    const corrected =
      group.billed.at(-1) ?? earlierBySku.get(JSON.stringify([subjectOf(shape), shape.sku])) ?? earlierByUsage.get(subjectOf(shape)) ?? null
    // a voided correction leaves a gap: the next number is one that no standing line has
    const lastNumber = Math.max(0, ...group.billed.flatMap(({ line }) => (line.kind === "correction" ? [numberOf(line)] : [])))
    corrections.push({
      ...shape,
      id: `correction/${closed.month}/${key}/${lastNumber + 1}`,
      kind: "correction",
      quantity,
      amount: multiplyDecimals(quantity, shape.unitPrice),
      zeroReason: null,
      corrects: { month: closed.month, lineId: corrected?.line.id ?? null, receiptNumber: corrected?.receiptNumber ?? null },
    })
  }
  return corrections.sort((left, right) => (left.id < right.id ? -1 : left.id > right.id ? 1 : 0))
}

/** Of a correction, among those of the same price. */
const numberOf = ({ id }: RatedLine): number => Number(id.slice(id.lastIndexOf("/") + 1))

const sumOf = (lines: readonly RatedLine[]): Decimal => lines.reduce((sum, line) => addDecimals(sum, line.quantity), decimalZero)

/** Lines that differ in quantity alone share it: usage, sku, payer, unit, unit price, and the card's tax rule where there is one. */
const priceKey = (line: RatedLine): string => {
  const tax = line.tax === undefined ? [] : [line.tax.code, line.tax.ratePercent, line.tax.basis]
  return [subjectOf(line), line.sku, line.payerId, line.unit, formatDecimal(normaliseDecimal(line.unitPrice)), ...tax].join("/")
}

/** What a line prices: a usage, or the period of a counted group. */
const subjectOf = (line: RatedLine): string => line.usageId ?? `period/${line.cluster}/${line.account}/${line.user}`
