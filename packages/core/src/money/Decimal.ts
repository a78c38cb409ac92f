/**
 * An exact decimal number: `units / 10^scale`, scale 0 to 40. Used for unit prices, billable quantities and exact
 * amounts, which have more decimals than money has. Not for billed money: that is a bigint of minor units.
 */
export interface Decimal {
  readonly units: bigint
  readonly scale: number
}

const maximumScale = 40
const decimalText = /^(-?)(\d{1,60})(?:\.(\d{1,40}))?$/

export const decimal = (units: bigint, scale: number): Decimal => {
  if (!Number.isInteger(scale) || scale < 0 || scale > maximumScale) throw new RangeError(`scale ${scale} is not 0 to ${maximumScale}`)
  return { units, scale }
}

export const decimalZero: Decimal = { units: 0n, scale: 0 }

/** Reads `-12.3400`; null when the text is not a plain decimal number. The scale is the number of decimals written. */
export const parseDecimal = (text: string): Decimal | null => {
  const match = decimalText.exec(text)
  if (match === null) return null
  const fraction = match[3] ?? ""
  const magnitude = BigInt(`${match[2]}${fraction}`)
  return { units: match[1] === "-" ? -magnitude : magnitude, scale: fraction.length }
}

/** The plain text of a decimal, every decimal of its scale written: never exponential. */
export const formatDecimal = (value: Decimal): string => {
  const negative = value.units < 0n
  const digits = (negative ? -value.units : value.units).toString().padStart(value.scale + 1, "0")
  const split = digits.length - value.scale
  const text = value.scale === 0 ? digits : `${digits.slice(0, split)}.${digits.slice(split)}`
  return negative ? `-${text}` : text
}

/** The same number at another scale. Throws when decimals other than zero would be lost: rounding is named elsewhere. */
export const rescaleExact = (value: Decimal, scale: number): Decimal => {
  if (scale >= value.scale) return decimal(value.units * 10n ** BigInt(scale - value.scale), scale)
  const divisor = 10n ** BigInt(value.scale - scale)
  if (value.units % divisor !== 0n) throw new RangeError(`${formatDecimal(value)} has more than ${scale} decimals`)
  return decimal(value.units / divisor, scale)
}

/** The same number without trailing zero decimals: the canonical form that documents and hashes use. */
export const normaliseDecimal = (value: Decimal): Decimal => {
  let { units, scale } = value
  while (scale > 0 && units % 10n === 0n) {
    units /= 10n
    scale -= 1
  }
  return { units, scale }
}

export const addDecimals = (left: Decimal, right: Decimal): Decimal => {
  const scale = Math.max(left.scale, right.scale)
  return { units: rescaleExact(left, scale).units + rescaleExact(right, scale).units, scale }
}

export const subtractDecimals = (left: Decimal, right: Decimal): Decimal => addDecimals(left, { units: -right.units, scale: right.scale })

export const multiplyDecimals = (left: Decimal, right: Decimal): Decimal => decimal(left.units * right.units, left.scale + right.scale)

export const compareDecimals = (left: Decimal, right: Decimal): -1 | 0 | 1 => {
  const difference = subtractDecimals(left, right).units
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}
