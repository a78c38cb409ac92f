import { divideHalfUp } from "../money/divide.ts"
import type { Quantities } from "../usage/Quantities.ts"
import type { BasisQuantities } from "./basisQuantities.ts"
import type { PreparedCard, PreparedMeter } from "./prepareRates.ts"

/** The base amount of the meter's resource; `gres/gpu` takes every GPU whose type has no meter of its own. */
export const baseAmount = (meter: PreparedMeter, card: PreparedCard, quantities: Quantities): bigint => {
  const resource = meter.meter.resource as string
  if (resource !== "gres/gpu") return quantities[resource] ?? 0n
  let total = 0n
  for (const name in quantities) {
    if (name === resource || (name.startsWith("gres/gpu:") && !card.ownGpuResources.has(name))) total += quantities[name] as bigint
  }
  return total
}

/** Quantity units, at the card's scale, of what was counted from the start of the usage. Two of these differ by the quantity between them. */
export const meterQuantity = (meter: PreparedMeter, card: PreparedCard, counted: BasisQuantities): bigint => {
  const base = baseAmount(meter, card, counted.quantities)
  return base === 0n ? 0n : divideHalfUp(base * meter.numerator, meter.denominator * counted.divisor)
}
