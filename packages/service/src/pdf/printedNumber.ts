import { type Currency, type Decimal, formatDecimal, formatMinor, normaliseDecimal, rescaleExact } from "@hpc-billing/core"

/** `1234567.80` as `1,234,567.80`, with the minus sign that has the width of a digit. */
const grouped = (plain: string): string => {
  const [whole = "", fraction] = plain.replace("-", "\u2212").split(".")
  const separated = whole.replace(/\B(?=(\d{3})+$)/g, ",")
  return fraction === undefined ? separated : `${separated}.${fraction}`
}

export const printedMinor = (amountMinor: bigint, currency: Currency): string => grouped(formatMinor(amountMinor, currency))

/** The same number with the decimals it needs and at least so many. */
const withDecimals = (value: Decimal, decimalsMinimum: number): Decimal => {
  const { units, scale } = normaliseDecimal(value)
  return rescaleExact({ units, scale }, Math.max(scale, decimalsMinimum))
}

const quantityDecimalsMinimum = 3

/** A quantity exactly: with three decimals where these are enough, else with all that its card counts: 1,334.755, 0.002500. */
export const printedQuantity = (quantity: Decimal): string => {
  const short = withDecimals(quantity, quantityDecimalsMinimum)
  return grouped(formatDecimal(short.scale > quantityDecimalsMinimum ? quantity : short))
}

/** A unit price exactly, with the currency's decimals or as many as it needs: 0.35, 0.0125. */
export const printedPrice = (price: Decimal, currency: Currency): string => grouped(formatDecimal(withDecimals(price, currency.exponent)))

export const printedCount = (count: number): string => grouped(count.toString())
