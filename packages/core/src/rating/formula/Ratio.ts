import type { Decimal } from "../../money/Decimal.ts"

/** An exact rational number: what the interpreter computes with. The denominator is positive; the two need not be in
 * lowest terms: formulas are small, and finding a common divisor costs more than it saves. */
export interface Ratio {
  readonly numerator: bigint
  readonly denominator: bigint
}

export const ratio = (numerator: bigint, denominator = 1n): Ratio => {
  if (denominator === 0n) throw new RangeError("a ratio has no denominator zero")
  return denominator > 0n ? { numerator, denominator } : { numerator: -numerator, denominator: -denominator }
}

export const ratioOfDecimal = (value: Decimal): Ratio => ratio(value.units, 10n ** BigInt(value.scale))

export const addRatios = (left: Ratio, right: Ratio): Ratio =>
  ratio(left.numerator * right.denominator + right.numerator * left.denominator, left.denominator * right.denominator)

export const multiplyRatios = (left: Ratio, right: Ratio): Ratio =>
  ratio(left.numerator * right.numerator, left.denominator * right.denominator)

export const compareRatios = (left: Ratio, right: Ratio): -1 | 0 | 1 => {
  const difference = left.numerator * right.denominator - right.numerator * left.denominator
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}
