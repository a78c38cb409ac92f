import { allocate } from "../money/allocate.ts"
import { computeTax } from "./computeTax.ts"
import type { ReceiptTax } from "./Receipt.ts"

/**
 * The part of a receipt's taxes that a credit note over `netMinor` takes back, tax by tax in the order of what is `left` of them:
 * spread over those with a net amount above zero in proportion to it, each taxed at its rate, and never more than is left of it;
 * whoever takes all of the net amount takes all of the tax. `taxMinor` given: what the note took in all, where that is known.
 */
export const taxesOfPart = (left: readonly ReceiptTax[], netMinor: bigint, taxMinor: bigint | null = null): readonly ReceiptTax[] => {
  const isAll = netMinor === left.reduce((sum, tax) => sum + tax.netMinor, 0n)
  const shares = left.map((tax, index) => ({ key: String(index).padStart(6, "0"), weight: tax.netMinor > 0n ? tax.netMinor : 0n }))
  const isSpread = shares.some(({ weight }) => weight > 0n)
  const nets = isAll ? left.map((tax) => tax.netMinor) : isSpread ? allocate(netMinor, shares) : left.map(() => 0n)
  const parts = left.map((tax, index) => {
    const part = computeTax(nets[index] as bigint, tax)
    const isLast = isAll || (tax.netMinor > 0n && (part.netMinor === tax.netMinor || part.taxMinor > tax.taxMinor))
    return isLast ? { ...part, taxMinor: tax.taxMinor } : part
  })
  return taxMinor === null ? parts : withTax(parts, left, taxMinor)
}

/** Moves the tax of the parts to what it is known to be in all, within what is left of each. */
const withTax = (parts: readonly ReceiptTax[], left: readonly ReceiptTax[], taxMinor: bigint): readonly ReceiptTax[] => {
  let differenceMinor = parts.reduce((sum, part) => sum - part.taxMinor, taxMinor)
  return parts.map((part, index) => {
    const leftMinor = (left[index] as ReceiptTax).taxMinor
    const wantedMinor = part.taxMinor + differenceMinor
    const [lowestMinor, highestMinor] = leftMinor < 0n ? [leftMinor, 0n] : [0n, leftMinor]
    const nearestMinor = wantedMinor < lowestMinor ? lowestMinor : wantedMinor > highestMinor ? highestMinor : wantedMinor
    differenceMinor -= nearestMinor - part.taxMinor
    return { ...part, taxMinor: nearestMinor }
  })
}
