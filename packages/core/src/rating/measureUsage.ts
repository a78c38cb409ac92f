import { addDecimals, compareDecimals, type Decimal, decimalZero, multiplyDecimals, normaliseDecimal } from "../money/Decimal.ts"
import { addQuantities, type Quantities } from "../usage/Quantities.ts"
import { quantitiesBetween } from "../usage/quantitiesBetween.ts"
import type { Slice, Usage } from "../usage/Usage.ts"
import type { BasisRule } from "./basisQuantities.ts"
import { baseAmount, type Counted, formulaAmountScale, meterAmount, meterQuantity } from "./meterQuantity.ts"
import type { ResolvedMeter, ResolvedRate } from "./ResolvedRate.ts"

/** What one meter makes of a slice: a quantity, in units at the card's scale, and the price of one. */
export interface Measured {
  readonly meter: ResolvedMeter
  readonly units: bigint
  readonly unitPrice: Decimal
  /** Something was held, even where its quantity rounds to zero. */
  readonly held: boolean
}

/** Whether a usage may be cut at period bounds under a rate; otherwise its part under that rate is rated whole. */
export const mayCut = (usage: Usage, rate: ResolvedRate | null): boolean =>
  rate === null || rate.card.additive === "always" || (rate.card.additive === "unless-suspended" && usage.suspension.kind === "none")

/**
 * What each meter of a rate makes of a slice, the losers of each choice left out. Quantities are differences of counts from the start of
 * the usage, so that slices sum to the whole; where the rate does not allow cuts the slice is counted by itself.
 */
export const measureSlice = (part: Slice, rate: ResolvedRate, rule: BasisRule): readonly Measured[] => {
  const { usage } = part
  const isCut = mayCut(usage, rate)
  const isLater = isCut && part.startSeconds > usage.startSeconds
  const from = isLater ? countedOf(usage, rule, part.before) : null
  const to = countedOf(usage, rule, isLater ? addQuantities(part.before, part.quantities) : part.quantities)
  const measured = rate.meters.map((meter) => measureMeter(meter, rate, from, to))
  if ((rate.card.card.choices ?? []).length === 0) return measured
  const losers = losersOf(rate, isCut ? wholeAmounts(usage, rate, rule) : amountsOf(measured, rate))
  return measured.filter(({ meter }) => !losers.has(meter.prepared.meter.sku))
}

export const countedOf = (usage: Usage, rule: BasisRule, held: Quantities): Counted => ({
  usage,
  perSecond: rule.apply(usage.perSecond).quantities,
  held: rule.apply(held),
})

/** Between two counts; `from` null: the count itself, which may hold what does not grow with time. */
const measureMeter = (meter: ResolvedMeter, rate: ResolvedRate, from: Counted | null, to: Counted): Measured => {
  const { prepared } = meter
  if (prepared.formula?.gives === "amount") {
    const units = meterAmount(prepared.formula, rate.card, to) - (from === null ? 0n : meterAmount(prepared.formula, rate.card, from))
    return {
      meter,
      units: units === 0n ? 0n : 10n ** BigInt(rate.card.quantityScale),
      unitPrice: normaliseDecimal(multiplyDecimals({ units, scale: formulaAmountScale }, rate.factor)),
      held: false,
    }
  }
  const units = meterQuantity(prepared, rate.card, to) - (from === null ? 0n : meterQuantity(prepared, rate.card, from))
  const held =
    units !== 0n ||
    baseAmount(prepared, rate.card, to.held.quantities) !== (from === null ? 0n : baseAmount(prepared, rate.card, from.held.quantities))
  return { meter, units, unitPrice: meter.unitPrice, held }
}

const amountsOf = (measured: readonly Measured[], rate: ResolvedRate): ReadonlyMap<string, Decimal> =>
  new Map(
    measured.map(({ meter, units, unitPrice }) => [
      meter.prepared.meter.sku,
      multiplyDecimals({ units, scale: rate.card.quantityScale }, unitPrice),
    ]),
  )

/** By sku, what the whole usage would cost at this rate: what a choice looks at, so that no cut can turn it. */
const wholeAmounts = (usage: Usage, rate: ResolvedRate, rule: BasisRule): ReadonlyMap<string, Decimal> => {
  const to = countedOf(usage, rule, quantitiesBetween(usage, usage.startSeconds, usage.endSeconds))
  return amountsOf(
    rate.meters.map((meter) => measureMeter(meter, rate, null, to)),
    rate,
  )
}

/** The alternatives of each choice with their amounts, the dearest first; of equals the one the card names first. */
const rankedChoices = (
  rate: ResolvedRate,
  amounts: ReadonlyMap<string, Decimal>,
): readonly (readonly { readonly skus: readonly string[]; readonly amount: Decimal }[])[] =>
  (rate.card.card.choices ?? []).map(({ of }) =>
    of
      .map((skus) => ({ skus, amount: skus.reduce((sum, sku) => addDecimals(sum, amounts.get(sku) ?? decimalZero), decimalZero) }))
      .sort((left, right) => compareDecimals(right.amount, left.amount)),
  )

const losersOf = (rate: ResolvedRate, amounts: ReadonlyMap<string, Decimal>): ReadonlySet<string> =>
  new Set(rankedChoices(rate, amounts).flatMap((alternatives) => alternatives.slice(1).flatMap(({ skus }) => skus)))

/** The choices of a rate as they fell for a slice, for `explain`. */
export const choicesOfSlice = (part: Slice, rate: ResolvedRate, rule: BasisRule) => {
  const isCut = mayCut(part.usage, rate)
  if (isCut) return rankedChoices(rate, wholeAmounts(part.usage, rate, rule))
  const to = countedOf(part.usage, rule, part.quantities)
  return rankedChoices(
    rate,
    amountsOf(
      rate.meters.map((meter) => measureMeter(meter, rate, null, to)),
      rate,
    ),
  )
}
