/** Integer division with the rounding named at the call. The divisor is positive; anything else is a programmer's error. */
export type Rounding = "half-up" | "half-even" | "up" | "down" | "floor" | "ceiling"

const assertDivisor = (divisor: bigint): void => {
  if (divisor <= 0n) throw new RangeError(`divisor ${divisor} is not positive`)
}

export const divideFloor = (value: bigint, divisor: bigint): bigint => {
  assertDivisor(divisor)
  const quotient = value / divisor
  return value < 0n && quotient * divisor !== value ? quotient - 1n : quotient
}

/** Half away from zero: 0.5 -> 1, -0.5 -> -1. */
export const divideHalfUp = (value: bigint, divisor: bigint): bigint => divide(value, divisor, "half-up")

/** `half-up` and `up` go away from zero, `down` towards zero; `floor` and `ceiling` by sign; `half-even` to the even neighbour. */
export const divide = (value: bigint, divisor: bigint, rounding: Rounding): bigint => {
  assertDivisor(divisor)
  const quotient = value / divisor
  const rest = value - quotient * divisor
  if (rest === 0n) return quotient
  const away = value < 0n ? -1n : 1n
  const twice = (rest < 0n ? -rest : rest) * 2n
  switch (rounding) {
    case "half-up":
      return twice >= divisor ? quotient + away : quotient
    case "half-even":
      return twice > divisor || (twice === divisor && quotient % 2n !== 0n) ? quotient + away : quotient
    case "up":
      return quotient + away
    case "down":
      return quotient
    case "floor":
      return value < 0n ? quotient - 1n : quotient
    case "ceiling":
      return value > 0n ? quotient + 1n : quotient
  }
}

/** Throws when the division leaves a rest. */
export const divideExact = (value: bigint, divisor: bigint): bigint => {
  assertDivisor(divisor)
  if (value % divisor !== 0n) throw new RangeError(`${value} does not divide by ${divisor}`)
  return value / divisor
}
