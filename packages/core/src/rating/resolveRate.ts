import { type Decimal, multiplyDecimals, normaliseDecimal } from "../money/Decimal.ts"
import { decimalOf, type Effective, overrideKey, type PreparedCard, type PreparedOverride, type Rates } from "./prepareRates.ts"
import type { RateFactor, ResolvedMeter, ResolvedRate } from "./ResolvedRate.ts"
import { tierByRules } from "./tierRule.ts"

/** Whom a price is asked for. */
export interface RateSubject {
  readonly cluster: string
  readonly account: string
  readonly user: string
  readonly partition: string
  readonly qos: string
  readonly payerId: string
  /** The tier in the payer's particulars; null when unmapped. */
  readonly payerTier: string | null
}

const inForce = (dated: Effective, atSeconds: number): boolean => dated.fromSeconds <= atSeconds && atSeconds < dated.untilSeconds

/** The overrides that can ever apply, most specific first: user in project, user, project. */
export const overridesOf = (rates: Rates, subject: RateSubject): readonly PreparedOverride[] =>
  [overrideKey(subject.account, subject.user), overrideKey(null, subject.user), overrideKey(subject.account, null)].flatMap((key) =>
    (rates.overrides.get(key) ?? []).filter(({ override }) => override.cluster === undefined || override.cluster === subject.cluster),
  )

const cardOf = (rates: Rates, tier: string | null, atSeconds: number): PreparedCard | null =>
  rates.cards.find((card) => card.card.tier === tier && inForce(card, atSeconds)) ?? null

const one: Decimal = { units: 1n, scale: 0 }

/**
 * The price list for a subject at an instant: override (user in project, user, project), then the tier's card, then the card of
 * everyone, each in the version in force. null: no card is in force then.
 */
export const resolveRate = (rates: Rates, subject: RateSubject, atSeconds: number): ResolvedRate | null => {
  const override = overridesOf(rates, subject).find((candidate) => inForce(candidate, atSeconds))?.override ?? null
  const wantedTier =
    override?.tier ??
    tierByRules(rates.book.tiers, { cluster: subject.cluster, account: subject.account, user: subject.user, payer: subject.payerId }) ??
    subject.payerTier
  const card = cardOf(rates, wantedTier, atSeconds) ?? cardOf(rates, null, atSeconds)
  if (card === null) return null
  const named: Readonly<Record<"qos" | "partition" | "tier", string | null>> = {
    qos: subject.qos,
    partition: subject.partition,
    tier: wantedTier,
  }
  const factors: RateFactor[] = (card.card.factors ?? [])
    .filter((factor) => named[factor.by] === factor.name)
    .map(({ by, name, factor }) => ({ by, name, factor: decimalOf(factor) }))
  if (override?.factor !== undefined) factors.push({ by: "override", name: override.id, factor: decimalOf(override.factor) })
  const factor = factors.reduce((product, next) => multiplyDecimals(product, next.factor), one)
  const meters = card.meters.map((meter): ResolvedMeter => {
    const own = override?.prices?.[meter.meter.sku]
    const listPrice = own === undefined ? meter.price : decimalOf(own)
    return { prepared: meter, listPrice, overridden: own !== undefined, unitPrice: normaliseDecimal(multiplyDecimals(listPrice, factor)) }
  })
  return {
    card,
    override,
    factors,
    factor: normaliseDecimal(factor),
    meters,
    reference: {
      cardId: card.card.id,
      cardVersion: card.card.version,
      cardHash: card.hash,
      tier: card.card.tier ?? wantedTier ?? "",
      overrideId: override?.id ?? null,
      basis: card.card.basis,
    },
  }
}
