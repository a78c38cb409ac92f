import { type Currency, type Decimal, divideHalfUp, formatDecimal, formatMinor, normaliseDecimal } from "@hpc-billing/core"
import type { Change, Money, Quantity } from "../../api/values.ts"

const grouped = (plain: string): string => {
  const [whole = "", fraction] = plain.split(".")
  const digits = whole.replace(/\B(?=(\d{3})+$)/g, ",")
  return fraction === undefined ? digits : `${digits}.${fraction}`
}

/** Minor units as every route answers them: exact, and ready to be shown. */
export const moneyView = (amountMinor: bigint, currency: Currency): Money => {
  const decimal = formatMinor(amountMinor, currency)
  return { amountMinor: String(amountMinor), currency: currency.code, exponent: currency.exponent, text: grouped(decimal), decimal }
}

/** Tenths of a percent, half away from zero. */
export const permilleOf = (partMinor: bigint, wholeMinor: bigint): number =>
  wholeMinor === 0n ? 0 : Number(divideHalfUp(partMinor * 1000n * (wholeMinor < 0n ? -1n : 1n), wholeMinor < 0n ? -wholeMinor : wholeMinor))

const percentText = (permille: number): string => {
  const sign = permille < 0 ? "-" : "+"
  const magnitude = Math.abs(permille)
  return `${sign}${Math.trunc(magnitude / 10)}.${magnitude % 10} %`
}

export const changeView = (nowMinor: bigint, beforeMinor: bigint, currency: Currency): Change => {
  const differenceMinor = nowMinor - beforeMinor
  return {
    before: moneyView(beforeMinor, currency),
    difference: moneyView(differenceMinor, currency),
    percentText: beforeMinor === 0n ? null : percentText(permilleOf(differenceMinor, beforeMinor < 0n ? -beforeMinor : beforeMinor)),
    direction: differenceMinor > 0n ? "up" : differenceMinor < 0n ? "down" : "same",
  }
}

export const quantityView = (quantity: Decimal, unit: string): Quantity => {
  const decimal = formatDecimal(quantity)
  return { decimal, unit, text: `${grouped(decimal)} ${unit}` }
}

/** A decimal as people write it, without zeros at its end. */
export const decimalText = (value: Decimal): string => formatDecimal(normaliseDecimal(value))
