import type { Decimal } from "./Decimal.ts"
import { divide, divideFloor, type Rounding } from "./divide.ts"

export interface ExactAmount {
  /** Breaks ties: of two equal remainders the smaller key (by code unit) gets the unit. Keys are distinct. */
  readonly key: string
  readonly amount: Decimal
}

/**
 * Rounds the sum of exact amounts to minor units once, then gives each amount its part by largest remainder: the parts sum
 * to the rounded total and each is its amount rounded down or up. Amounts may be negative.
 */
export const roundAndAllocate = (
  amounts: readonly ExactAmount[],
  exponent: number,
  rounding: Rounding,
): { readonly totalMinor: bigint; readonly partsMinor: readonly bigint[] } => {
  const scale = amounts.reduce((most, { amount }) => Math.max(most, amount.scale), exponent)
  const divisor = 10n ** BigInt(scale - exponent)
  const scaled = amounts.map(({ amount }) => amount.units * 10n ** BigInt(scale - amount.scale))
  const totalMinor = divide(
    scaled.reduce((sum, units) => sum + units, 0n),
    divisor,
    rounding,
  )
  const partsMinor = scaled.map((units) => divideFloor(units, divisor))
  let left = totalMinor - partsMinor.reduce((sum, part) => sum + part, 0n)
  const order = amounts
    .map(({ key }, index) => ({ index, key, remainder: (scaled[index] as bigint) - (partsMinor[index] as bigint) * divisor }))
    .sort((a, b) => (a.remainder === b.remainder ? (a.key < b.key ? -1 : 1) : a.remainder > b.remainder ? -1 : 1))
  for (const { index } of order) {
    if (left === 0n) break
    partsMinor[index] = (partsMinor[index] as bigint) + 1n
    left -= 1n
  }
  return { totalMinor, partsMinor }
}
