import { divideHalfUp } from "../money/divide.ts"
import type { Quantities } from "../usage/Quantities.ts"
import type { Usage } from "../usage/Usage.ts"
import type { BasisQuantities } from "./basisQuantities.ts"
import { formulaInput } from "./formulaInput.ts"
import type { PreparedCard, PreparedFormula, PreparedMeter } from "./prepareRates.ts"

/** What was counted of a usage, from its start (or from the start of a part that is rated whole). */
export interface Counted {
  readonly usage: Usage
  readonly perSecond: Quantities
  readonly held: BasisQuantities
}

/** Decimals of an amount that a formula gives. */
export const formulaAmountScale = 10

/** The base amount of the meter's resource; `gres/gpu` takes every GPU whose type has no meter of its own. */
export const baseAmount = (meter: PreparedMeter, card: PreparedCard, quantities: Quantities): bigint => {
  const resource = meter.counts
  if (resource !== "gres/gpu") return quantities[resource] ?? 0n
  let total = 0n
  for (const name in quantities) {
    if (name === resource || (name.startsWith("gres/gpu:") && !card.ownGpuResources.has(name))) total += quantities[name] as bigint
  }
  return total
}

/** Quantity units, at the card's scale. Of two counts of one usage, the difference is the quantity between them. */
export const meterQuantity = (meter: PreparedMeter, card: PreparedCard, counted: Counted): bigint => {
  if (meter.formula !== null) return formulaUnits(meter.formula, meter.numerator, card, counted)
  const base = baseAmount(meter, card, counted.held.quantities)
  return base === 0n ? 0n : divideHalfUp(base * meter.numerator, meter.denominator * counted.held.divisor)
}

/** Amount, at `formulaAmountScale`, of a meter whose formula gives money. */
export const meterAmount = (formula: PreparedFormula, card: PreparedCard, counted: Counted): bigint =>
  formulaUnits(formula, 10n ** BigInt(formulaAmountScale), card, counted)

const formulaUnits = (formula: PreparedFormula, unit: bigint, card: PreparedCard, counted: Counted): bigint => {
  const input = formulaInput(card.card, counted.usage, counted.perSecond, counted.held.quantities)
  return divideHalfUp(formula.compiled.numerator(input) * unit, formula.compiled.denominator)
}
