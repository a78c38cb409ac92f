import { roundAndAllocate } from "../money/roundAndAllocate.ts"
import { taxRate } from "./computeTax.ts"
import type { Receipt, ReceiptLine } from "./Receipt.ts"
import { type TaxGroup, taxGroups } from "./taxGroups.ts"

export interface LineTax {
  readonly code: string
  readonly taxMinor: bigint
}

/**
 * Each line's part of the receipt's tax, by line id: the tax of a code is rounded once and allocated by largest remainder, so that
 * the parts sum to it. Lines that cost nothing may be missing.
 */
export const lineTaxes = (receipt: Pick<Receipt, "lines" | "payer">): ReadonlyMap<string, LineTax> =>
  new Map(taxGroups(receipt.lines, receipt.payer.taxTreatment).flatMap(partsOf))

const partsOf = ({ rule, lines }: TaxGroup<ReceiptLine>): readonly (readonly [string, LineTax])[] => {
  const { units, scale } = taxRate(rule)
  const amounts = lines.map(({ id, billedMinor }) => ({ key: id, amount: { units: billedMinor * units, scale } }))
  const { partsMinor } = roundAndAllocate(amounts, 0, "half-up")
  return lines.map(({ id }, index) => [id, { code: rule.code, taxMinor: partsMinor[index] as bigint }])
}
