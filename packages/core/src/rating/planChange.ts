import { addDecimals, type Decimal, decimalZero, rescaleExact } from "../money/Decimal.ts"
import { divide } from "../money/divide.ts"
import type { Payers } from "../payer/preparePayers.ts"
import type { Sha256 } from "../Sha256.ts"
import type { Window } from "../time/Window.ts"
import type { Usage } from "../usage/Usage.ts"
import { prepareRates } from "./prepareRates.ts"
import { unmappedPayerId } from "./priceSegments.ts"
import type { RateBook, RateCard } from "./RateBook.ts"
import type { Reading } from "./Reading.ts"
import { ratePeriod } from "./ratingRecord.ts"

/** What was used in one past period. */
export interface PlanPeriod {
  readonly period: Window
  readonly usages: readonly Usage[]
  readonly readings: readonly Reading[]
}

export interface PlanInput {
  readonly current: RateBook
  readonly candidate: RateBook
  readonly payers: Payers
  /** Rated under both books. The candidate's cards must be in force in them: move their dates back to plan with past months. */
  readonly periods: readonly PlanPeriod[]
  /** Earlier periods to compare use with, under the current book; null: the use is the same. */
  readonly before: readonly PlanPeriod[] | null
  readonly checks: PlanChecks
}

export interface PlanChecks {
  /** No payer of `tier` may pay more than it would as one of `notAbove`. */
  readonly protectedTiers: readonly { readonly tier: string; readonly notAbove: readonly string[] }[]
  /** What the periods cost to provide, and the shares of it in percent that the candidate may recover. */
  readonly recovery: { readonly costMinor: bigint; readonly leastPercent: bigint; readonly mostPercent: bigint } | null
}

/** Amounts in minor units: `planned = current + price + policy`, `current = before + use`. */
export interface PlannedPayer {
  readonly payerId: string
  readonly tier: string
  readonly beforeMinor: bigint
  readonly currentMinor: bigint
  readonly plannedMinor: bigint
  /** From other amounts used, at today's book. */
  readonly useEffectMinor: bigint
  /** From other unit prices of the same meters. */
  readonly priceEffectMinor: bigint
  /** From everything else: basis, meters, tiers, factors, overrides, bands, minimums, states charged. */
  readonly policyEffectMinor: bigint
}

export type PlanBreach =
  | { readonly reason: "protected-tier"; readonly payerId: string; readonly tier: string; readonly other: string; readonly message: string }
  | { readonly reason: "under-recovery" | "over-recovery"; readonly message: string }

export interface Plan {
  readonly currency: string
  readonly exponent: number
  readonly payers: readonly PlannedPayer[]
  readonly total: Omit<PlannedPayer, "payerId" | "tier">
  readonly breaches: readonly PlanBreach[]
}

type Amounts = ReadonlyMap<string, bigint>

const decimalsOfExactAmount = 30

/** What a candidate book would have charged for past periods, payer by payer, with the reasons and the checks it fails. */
export const planChange = (input: PlanInput, sha256: Sha256): Plan => {
  const { current, candidate, payers, periods, checks } = input
  const amountsOf = (book: RateBook, over: readonly PlanPeriod[]): Amounts => amountsUnder(book, payers, over, sha256)
  const today = amountsOf(current, periods)
  const planned = amountsOf(candidate, periods)
  const repriced = amountsOf(withPricesOf(current, candidate), periods)
  const before = input.before === null ? today : amountsOf(current, input.before)
  const ids = [...new Set([...before.keys(), ...today.keys(), ...planned.keys()])].filter((id) => id !== unmappedPayerId).sort()
  const rows = ids.map((payerId): PlannedPayer => {
    const of = (amounts: Amounts): bigint => amounts.get(payerId) ?? 0n
    return {
      payerId,
      tier: payers.byId.get(payerId)?.tier ?? "",
      beforeMinor: of(before),
      currentMinor: of(today),
      plannedMinor: of(planned),
      useEffectMinor: of(today) - of(before),
      priceEffectMinor: of(repriced) - of(today),
      policyEffectMinor: of(planned) - of(repriced),
    }
  })
  const sum = (field: keyof Omit<PlannedPayer, "payerId" | "tier">): bigint => rows.reduce((total, row) => total + row[field], 0n)
  const total = {
    beforeMinor: sum("beforeMinor"),
    currentMinor: sum("currentMinor"),
    plannedMinor: sum("plannedMinor"),
    useEffectMinor: sum("useEffectMinor"),
    priceEffectMinor: sum("priceEffectMinor"),
    policyEffectMinor: sum("policyEffectMinor"),
  }
  return {
    currency: candidate.currency.code,
    exponent: candidate.currency.exponent,
    payers: rows,
    total,
    breaches: [
      ...tierBreaches(checks, candidate, rows, (book) => amountsOf(book, periods)),
      ...recoveryBreaches(checks, total.plannedMinor),
    ],
  }
}

const amountsUnder = (book: RateBook, payers: Payers, periods: readonly PlanPeriod[], sha256: Sha256): Amounts => {
  const rates = prepareRates(book, sha256)
  const amounts = new Map<string, bigint>()
  for (const period of periods) {
    const exact = new Map<string, Decimal>()
    for (const line of ratePeriod({ rates, payers, ...period })) {
      if (!line.provisional) exact.set(line.payerId, addDecimals(exact.get(line.payerId) ?? decimalZero, line.amount))
    }
    for (const [payerId, amount] of exact) {
      const minor = divide(
        rescaleExact(amount, decimalsOfExactAmount).units,
        10n ** BigInt(decimalsOfExactAmount - book.currency.exponent),
        book.cards[0]?.rounding?.mode ?? "half-up",
      )
      amounts.set(payerId, (amounts.get(payerId) ?? 0n) + minor)
    }
  }
  return amounts
}

const inForce = (book: RateBook, tier: string | null, date: string): RateCard | null =>
  book.cards
    .filter((card) => card.tier === tier && card.effectiveFrom <= date && (card.effectiveUntil === null || date < card.effectiveUntil))
    .sort((left, right) => (left.effectiveFrom < right.effectiveFrom ? 1 : -1))[0] ?? null

const withPrices = (card: RateCard, candidate: RateCard | null): RateCard => ({
  ...card,
  meters: card.meters.map((meter) => {
    const price = candidate?.meters.find(({ sku, unit }) => sku === meter.sku && unit === meter.unit)?.price
    return price === undefined || meter.price === undefined ? meter : { ...meter, price }
  }),
})

/**
 * The current book with the unit prices that the candidate would have on the same days, on the meters that both know, by tier
 * and sku. A card is cut where the candidate's prices change while it is in force.
 */
const withPricesOf = (current: RateBook, candidate: RateBook): RateBook => {
  const cards: RateCard[] = []
  for (const tier of new Set(current.cards.map((card) => card.tier))) {
    const own = [...current.cards, ...candidate.cards].filter((card) => card.tier === tier)
    const dates = [...new Set(own.flatMap(({ effectiveFrom, effectiveUntil }) => [effectiveFrom, effectiveUntil ?? effectiveFrom]))].sort()
    let before: { readonly base: RateCard; readonly text: string } | null = null
    for (const date of dates) {
      const base = inForce(current, tier, date)
      const repriced = base === null ? null : withPrices(base, inForce(candidate, tier, date))
      const text = JSON.stringify(repriced)
      if (before !== null && before.base === base && before.text === text) continue
      const last = cards.at(-1)
      if (before !== null && last !== undefined) cards[cards.length - 1] = { ...last, effectiveUntil: date }
      if (base !== null && repriced !== null)
        cards.push({ ...repriced, version: cards.length + 1, effectiveFrom: date, effectiveUntil: null })
      before = base === null ? null : { base, text }
    }
  }
  return { ...current, cards }
}

const tierBreaches = (
  checks: PlanChecks,
  candidate: RateBook,
  rows: readonly PlannedPayer[],
  amountsOf: (book: RateBook) => Amounts,
): readonly PlanBreach[] =>
  checks.protectedTiers.flatMap(({ tier, notAbove }) =>
    notAbove.flatMap((other) => {
      const asOther = amountsOf(pricedAs(candidate, tier, other))
      return rows.flatMap((row): PlanBreach[] => {
        const otherMinor = asOther.get(row.payerId) ?? 0n
        if (row.tier !== tier || row.plannedMinor <= otherMinor) return []
        const message = `${row.payerId} of the protected tier ${tier} would pay ${row.plannedMinor} minor units, more than the ${otherMinor} it would pay as ${other}: lower the prices of ${tier} or raise those of ${other}.`
        return [{ reason: "protected-tier", payerId: row.payerId, tier, other, message }]
      })
    }),
  )

/** The book with one tier's cards replaced by those of another. */
const pricedAs = (book: RateBook, tier: string, other: string): RateBook => ({
  ...book,
  cards: [
    ...book.cards.filter((card) => card.tier !== tier),
    ...book.cards.filter((card) => card.tier === other).map((card) => ({ ...card, id: `${card.id}-as-${tier}`, tier })),
  ],
})

const recoveryBreaches = (checks: PlanChecks, plannedMinor: bigint): readonly PlanBreach[] => {
  if (checks.recovery === null) return []
  const { costMinor, leastPercent, mostPercent } = checks.recovery
  const said = `the candidate recovers ${plannedMinor} of a cost of ${costMinor} minor units`
  if (plannedMinor * 100n < costMinor * leastPercent) {
    return [{ reason: "under-recovery", message: `${said}, less than ${leastPercent} %: raise prices or lower the target.` }]
  }
  if (plannedMinor * 100n > costMinor * mostPercent) {
    return [{ reason: "over-recovery", message: `${said}, more than ${mostPercent} %: lower prices or raise the target.` }]
  }
  return []
}
