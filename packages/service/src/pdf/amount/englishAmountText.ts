import type { Currency } from "@hpc-billing/core"

const small = [
  "zero",
  "one",
  "two",
  "three",
  "four",
  "five",
  "six",
  "seven",
  "eight",
  "nine",
  "ten",
  "eleven",
  "twelve",
  "thirteen",
  "fourteen",
  "fifteen",
  "sixteen",
  "seventeen",
  "eighteen",
  "nineteen",
] as const
const tens = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"] as const
const scales = ["", " thousand", " million", " billion", " trillion", " quadrillion"] as const

const belowHundred = (value: number): string => {
  if (value < 20) return small[value] as string
  const unit = value % 10
  return `${tens[Math.floor(value / 10)]}${unit === 0 ? "" : `-${small[unit]}`}`
}

const belowThousand = (value: number): string => {
  if (value < 100) return belowHundred(value)
  const rest = value % 100
  return `${small[Math.floor(value / 100)]} hundred${rest === 0 ? "" : ` and ${belowHundred(rest)}`}`
}

const numberWords = (value: bigint): string => {
  if (value === 0n) return "zero"
  if (value >= 1000n ** BigInt(scales.length)) throw new RangeError(`${value} is too large to write in words`)
  const groups: string[] = []
  for (let rest = value, scale = 0; rest > 0n; rest /= 1000n, scale += 1) {
    const group = Number(rest % 1000n)
    if (group === 0) continue
    const words = belowThousand(group)
    groups.unshift(`${scale === 0 && group < 100 && value >= 1000n ? "and " : ""}${words}${scales[scale]}`)
  }
  return groups.join(" ")
}

/** An amount in English words: baht and satang for THB, `and 36/100 USD` for any other currency or credit. */
export const englishAmountText = (amountMinor: bigint, currency: Currency): string => {
  if (amountMinor < 0n) return `minus ${englishAmountText(-amountMinor, currency)}`
  const unit = 10n ** BigInt(currency.exponent)
  const whole = amountMinor / unit
  const minor = amountMinor % unit
  if (currency.code !== "THB") {
    return `${numberWords(whole)}${currency.exponent === 0 ? "" : ` and ${minor.toString().padStart(currency.exponent, "0")}/${unit}`} ${currency.code}`
  }
  if (whole === 0n && minor > 0n) return `${numberWords(minor)} satang`
  return `${numberWords(whole)} baht ${minor === 0n ? "only" : `and ${numberWords(minor)} satang`}`
}
