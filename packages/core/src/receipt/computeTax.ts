import { type Decimal, parseDecimal } from "../money/Decimal.ts"
import { divideHalfUp } from "../money/divide.ts"
import type { TaxRule } from "../rating/TaxRule.ts"
import type { ReceiptTax } from "./Receipt.ts"

/** Tax once on a net total, half away from zero. Throws when the rate is not a plain percentage: payers and cards are checked when read. */
export const computeTax = (netMinor: bigint, rule: TaxRule): ReceiptTax => {
  const { units, scale } = taxRate(rule)
  return { ...rule, netMinor, taxMinor: divideHalfUp(netMinor * units, 10n ** BigInt(scale)) }
}

/** What a rule takes of one: 7.5 % is 0.075. */
export const taxRate = (rule: TaxRule): Decimal => {
  const rate = parseDecimal(rule.ratePercent)
  if (rate === null || rate.units < 0n) throw new RangeError(`tax code ${rule.code}: "${rule.ratePercent}" is not a rate in percent`)
  return { units: rate.units, scale: rate.scale + 2 }
}
