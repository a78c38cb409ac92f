import { Result } from "effect"
import type { Currency } from "../money/Currency.ts"
import { type Decimal, decimalZero, normaliseDecimal, parseDecimal } from "../money/Decimal.ts"
import type { Sha256 } from "../Sha256.ts"
import { cardHash } from "./cardHash.ts"
import { type Additive, checkFormula } from "./formula/checkFormula.ts"
import { type CompiledFormula, compileFormula } from "./formula/compileFormula.ts"
import { dimensionOfUnit } from "./formula/Dimension.ts"
import type { Formula } from "./formula/Formula.ts"
import { cardNames } from "./formula/FormulaNames.ts"
import { parseFormula } from "./formula/parseFormula.ts"
import { formulaSlots } from "./formulaInput.ts"
import { localDateInstant } from "./localDateInstant.ts"
import { type Meter, quantityDecimalsDefault, type RateBook, type RateCard, type RateOverride } from "./RateBook.ts"
import { readingDecimalsMaximum, readingName } from "./Reading.ts"
import { type TaxRule, taxRuleOf } from "./TaxRule.ts"
import { usageUnit } from "./UsageUnit.ts"

/**
 * A checked rate book made ready for rating many usages: dates as instants, prices as numbers, cards hashed, overrides indexed.
 * Made once a run by `prepareRates`; it holds nothing that depends on usage.
 */
export interface Rates {
  readonly book: RateBook
  readonly currency: Currency
  readonly zone: string
  readonly cards: readonly PreparedCard[]
  readonly overrides: ReadonlyMap<string, readonly PreparedOverride[]>
}

export interface Effective {
  readonly fromSeconds: number
  /** Infinity: until further notice. */
  readonly untilSeconds: number
}

export interface PreparedCard extends Effective {
  readonly card: RateCard
  readonly hash: string
  readonly quantityScale: number
  readonly meters: readonly PreparedMeter[]
  /** GPU types that have a meter of their own: the meter of `gres/gpu` does not count them. */
  readonly ownGpuResources: ReadonlySet<string>
  /** Whether a usage may be cut at period bounds under it. */
  readonly additive: Additive
  /** The states that are charged; null: all. */
  readonly chargedStates: ReadonlySet<string> | null
}

export interface PreparedMeter {
  readonly meter: Meter
  /** Quantity units at the card's scale are `base x numerator / denominator`, rounded half up. */
  readonly numerator: bigint
  readonly denominator: bigint
  /** What it counts, by its name in quantities; readings are told apart by unit. Empty where a formula says it. */
  readonly counts: string
  /** null: the meter counts a resource. */
  readonly formula: PreparedFormula | null
  /** Of one unit before factors: of the first band where it has bands, zero where the period alone prices it. */
  readonly price: Decimal
  /** null: taxed as the payer is. */
  readonly tax: TaxRule | null
}

export interface PreparedFormula {
  /** Whether it gives the quantity or the money. */
  readonly gives: "quantity" | "amount"
  readonly formula: Formula
  readonly additive: Additive
  readonly compiled: CompiledFormula
}

export interface PreparedOverride extends Effective {
  readonly override: RateOverride
}

const instant = (date: string, zone: string): number => {
  const seconds = localDateInstant(date, zone)
  if (seconds === null) throw new RangeError(`${date} is not a date: prepare only a checked rate book`)
  return seconds
}

const effective = (dated: { readonly effectiveFrom: string; readonly effectiveUntil: string | null }, zone: string): Effective => ({
  fromSeconds: instant(dated.effectiveFrom, zone),
  untilSeconds: dated.effectiveUntil === null ? Number.POSITIVE_INFINITY : instant(dated.effectiveUntil, zone),
})

export const decimalOf = (text: string): Decimal => {
  const value = parseDecimal(text)
  if (value === null) throw new RangeError(`${text} is not a decimal number: prepare only a checked rate book`)
  return normaliseDecimal(value)
}

const meterPrice = (meter: Meter): Decimal => {
  const model = meter.model
  if (model?.kind === "graduated" || model?.kind === "volume") return decimalOf(model.bands[0]?.price ?? "0")
  return model?.kind === "package" || meter.price === undefined ? decimalZero : decimalOf(meter.price)
}

const prepareFormula = (meter: Meter, card: RateCard, currencyCode: string): PreparedFormula | null => {
  const source = meter.formula ?? meter.amountFormula
  if (source === undefined) return null
  const unit = meter.formula === undefined ? currencyCode : meter.unit
  const formula = Result.getOrThrowWith(parseFormula(source), ({ message }) => new RangeError(message))
  return {
    gives: meter.formula === undefined ? "amount" : "quantity",
    formula,
    additive: Result.getOrThrowWith(checkFormula(formula, cardNames(card), dimensionOfUnit(unit)), ({ message }) => new RangeError(message))
      .additive,
    compiled: compileFormula(formula, formulaSlots(card)),
  }
}

/** Of a card: the least additive of its formulas, and of a choice between meters, which suspension may turn. */
const additiveOf = (card: RateCard, meters: readonly PreparedMeter[]): Additive => {
  const each = meters.map((meter) => meter.formula?.additive ?? "always")
  if (each.includes("never")) return "never"
  return each.includes("unless-suspended") || (card.choices ?? []).length > 0 ? "unless-suspended" : "always"
}

const prepareMeter = (meter: Meter, card: RateCard, currencyCode: string, quantityScale: number): PreparedMeter => {
  const isReading = meter.resource?.startsWith("reading/") === true
  const unit = meter.resource === undefined || isReading ? null : usageUnit(meter.unit)
  return {
    meter,
    numerator: (unit?.numerator ?? 1n) * 10n ** BigInt(quantityScale),
    denominator: isReading ? 10n ** BigInt(readingDecimalsMaximum) : (unit?.denominator ?? 1n),
    counts: isReading ? readingName(meter.resource ?? "", meter.unit) : (meter.resource ?? ""),
    formula: prepareFormula(meter, card, currencyCode),
    price: meterPrice(meter),
    tax: taxRuleOf(card, meter),
  }
}

const prepareCard = (card: RateCard, currencyCode: string, zone: string, sha256: Sha256): PreparedCard => {
  const quantityScale = card.quantityDecimals ?? quantityDecimalsDefault
  const meters = card.meters.map((meter) => prepareMeter(meter, card, currencyCode, quantityScale))
  const resources = card.meters.flatMap((meter) => (meter.resource === undefined ? [] : [meter.resource]))
  return {
    ...effective(card, zone),
    card,
    hash: cardHash(card, sha256),
    quantityScale,
    meters,
    additive: additiveOf(card, meters),
    ownGpuResources: new Set(resources.filter((resource) => resource.startsWith("gres/gpu:"))),
    chargedStates: card.charged?.states === undefined ? null : new Set(card.charged.states),
  }
}

/** A version without an end lasts until the next version of the tier begins. */
const endedBySuccessor = (cards: readonly PreparedCard[]): readonly PreparedCard[] =>
  cards.map((card) => {
    const successors = cards.filter((other) => other.card.tier === card.card.tier && other.fromSeconds > card.fromSeconds)
    return { ...card, untilSeconds: Math.min(card.untilSeconds, ...successors.map((other) => other.fromSeconds)) }
  })

export const overrideKey = (account: string | null, user: string | null): string => JSON.stringify([account, user])

/** Makes a book that `checkRateBook` passed ready for rating. Throws on one it did not pass. */
export const prepareRates = (book: RateBook, sha256: Sha256): Rates => {
  const overrides = new Map<string, PreparedOverride[]>()
  for (const override of book.overrides) {
    const key = overrideKey(override.account, override.user)
    const list = overrides.get(key) ?? []
    list.push({ ...effective(override, book.zone), override })
    overrides.set(key, list)
  }
  return {
    book,
    currency: book.currency,
    zone: book.zone,
    cards: endedBySuccessor(book.cards.map((card) => prepareCard(card, book.currency.code, book.zone, sha256))),
    overrides,
  }
}
