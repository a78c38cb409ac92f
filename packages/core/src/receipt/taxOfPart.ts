import { allocate } from "../money/allocate.ts"
import { computeTax } from "./computeTax.ts"
import type { Receipt } from "./Receipt.ts"

/**
 * The tax on a part of a receipt's net amount, as a credit note takes it back: at the rate of its one tax; with several the part is
 * spread over those above zero in proportion to their net amounts. Minor units.
 */
export const taxOfPart = ({ taxes }: Pick<Receipt, "taxes">, netMinor: bigint): bigint => {
  const [only] = taxes
  if (only !== undefined && taxes.length === 1) return computeTax(netMinor, only).taxMinor
  const taken = taxes.filter((tax) => tax.netMinor > 0n)
  if (taken.length === 0) return 0n
  const parts = allocate(
    netMinor,
    taken.map((tax, index) => ({ key: String(index).padStart(6, "0"), weight: tax.netMinor })),
  )
  return taken.reduce((sum, tax, index) => sum + computeTax(parts[index] as bigint, tax).taxMinor, 0n)
}
