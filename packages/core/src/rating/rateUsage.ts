import { allocate } from "../money/allocate.ts"
import { type Decimal, decimalZero, multiplyDecimals } from "../money/Decimal.ts"
import type { Payers } from "../payer/preparePayers.ts"
import type { Window } from "../time/Window.ts"
import { slice } from "../usage/slice.ts"
import type { Slice, Usage } from "../usage/Usage.ts"
import { type BasisRule, basisRule } from "./basisQuantities.ts"
import { type Measured, mayCut, measureSlice } from "./measureUsage.ts"
import type { PreparedCard, Rates } from "./prepareRates.ts"
import { type PricePart, type PriceSegment, priceSegments } from "./priceSegments.ts"
import type { RatedLine, RateReference } from "./RatedLine.ts"
import type { ResolvedRate } from "./ResolvedRate.ts"
import type { ZeroReason } from "./ZeroReason.ts"

export interface RatingContext {
  readonly rates: Rates
  readonly payers: Payers
  /** The periods to rate for, in order and apart: what lies outside them is left out. */
  readonly windows: readonly Window[]
}

/**
 * The lines of one usage in the periods asked for: cut at period bounds and where its own price or payer changes; a line for each
 * sku (and payer, when they share), or one zero line with its reason. Pure, and independent of every other usage.
 */
export const rateUsage = (usage: Usage, context: RatingContext): readonly RatedLine[] => rateParts(usage, context, cutUsage)

/** How something that was used is cut into slices at some instants. */
type Cut = (cutSeconds: readonly number[], usage: Usage) => readonly Slice[]

const cutUsage: Cut = (cuts, usage) => slice(usage, cuts)

/** The slices that `rateUsage` prices, in order of time. */
export const slicesOfUsage = (usage: Usage, context: RatingContext): readonly Slice[] => slicesInWindows(usage, context, cutUsage)

/** The instant by which a slice belongs to a period and a price: its last second. */
const anchorOf = (part: Slice): number => Math.max(part.startSeconds, part.endSeconds - 1)

export const slicesInWindows = (usage: Usage, context: RatingContext, cut: Cut): readonly Slice[] =>
  cut(cutsOf(usage, priceSegments(context.rates, context.payers, usage.record), context.windows), usage).filter((part) => {
    const anchorSeconds = anchorOf(part)
    return context.windows.some((window) => window.startSeconds <= anchorSeconds && anchorSeconds < window.endSeconds)
  })

/** The same for anything that can be cut into slices. */
export const rateParts = (usage: Usage, context: RatingContext, cut: Cut): readonly RatedLine[] => {
  const segments = priceSegments(context.rates, context.payers, usage.record)
  const lines: RatedLine[] = []
  const rules = new Map<PreparedCard, BasisRule>()
  for (const part of slicesInWindows(usage, context, cut)) {
    rateSlice(part, segmentAt(segments, anchorOf(part)), context.rates, rules, lines)
  }
  return lines
}

/** Price changes always cut; period bounds only where the price in force allows it. */
const cutsOf = (usage: Usage, segments: readonly PriceSegment[], windows: readonly Window[]): readonly number[] => {
  const cuts: number[] = []
  const isInside = (instant: number): boolean => usage.startSeconds < instant && instant < usage.endSeconds
  const addBound = (bound: number): void => {
    if (isInside(bound) && segmentAt(segments, bound - 1).parts.every(({ rate }) => mayCut(usage, rate))) cuts.push(bound)
  }
  for (const segment of segments) if (isInside(segment.fromSeconds)) cuts.push(segment.fromSeconds)
  for (const window of windows) {
    addBound(window.startSeconds)
    addBound(window.endSeconds)
  }
  return cuts
}

const segmentAt = (segments: readonly PriceSegment[], atSeconds: number): PriceSegment =>
  segments.find((segment) => atSeconds < segment.untilSeconds) as PriceSegment

const zeroReasonOf = (usage: Usage, rate: ResolvedRate | null): ZeroReason | null => {
  if (usage.record.startSeconds === null) return "never-started"
  if (usage.startSeconds === usage.endSeconds) return "zero-seconds"
  if (rate === null) return "no-card-in-force"
  const { chargedStates, card } = rate.card
  if (!usage.provisional) {
    if (chargedStates !== null && !chargedStates.has(usage.record.state)) return "state-not-charged"
    if (usage.endSeconds - usage.startSeconds < (card.charged?.minimumSeconds ?? 0)) return "below-minimum-seconds"
  }
  return rate.factor.units === 0n ? "factor-zero" : null
}

const rateSlice = (part: Slice, segment: PriceSegment, rates: Rates, rules: Map<PreparedCard, BasisRule>, lines: RatedLine[]): void => {
  const first = segment.parts[0] as PricePart
  const reason = zeroReasonOf(part.usage, first.rate)
  if (reason !== null) {
    lines.push(zeroLine(part, first, reason, rates))
    return
  }
  const countBefore = lines.length
  let held = false
  for (const payerPart of segment.parts) {
    const { rate } = payerPart
    if (rate === null) continue
    const rule = ruleOf(rate.card, part.usage, rules)
    for (const measured of measureSlice(part, rate, rule)) {
      const units = segment.parts.length === 1 ? measured.units : shareOf(measured.units, payerPart, segment.parts)
      if (units !== 0n) lines.push(usageLine(part, payerPart.payerId, rate, { ...measured, units }, rule, rates))
      else held ||= measured.held
    }
  }
  if (lines.length === countBefore) lines.push(zeroLine(part, first, held ? "quantity-rounds-to-zero" : "nothing-priced", rates))
}

const ruleOf = (card: PreparedCard, usage: Usage, rules: Map<PreparedCard, BasisRule>): BasisRule => {
  let rule = rules.get(card)
  if (rule === undefined) {
    rule = basisRule(card.card, usage)
    rules.set(card, rule)
  }
  return rule
}

const shareOf = (units: bigint, payerPart: PricePart, parts: readonly PricePart[]): bigint =>
  allocate(
    units,
    parts.map((other) => ({ key: other.payerId, weight: other.shareWeight })),
  )[parts.indexOf(payerPart)] as bigint

const lineId = (part: Slice, sku: string, payerId: string): string =>
  `${part.usage.id}/${part.startSeconds}-${part.endSeconds}/${sku}/${payerId}`

type Priced = Pick<RatedLine, "kind" | "sku" | "quantity" | "unit" | "unitPrice" | "amount" | "rate" | "zeroReason" | "flags">

const lineOf = (part: Slice, payerId: string, priced: Priced, rates: Rates): RatedLine => {
  const { usage } = part
  const { record } = usage
  return {
    id: lineId(part, priced.sku, payerId),
    kind: priced.kind,
    usageId: usage.id,
    payerId,
    cluster: record.cluster,
    account: record.account,
    user: record.user,
    jobId: record.displayJobId,
    jobName: record.name,
    partition: record.partition,
    qos: record.qos,
    state: record.state,
    window: { startSeconds: part.startSeconds, endSeconds: part.endSeconds },
    sku: priced.sku,
    quantity: priced.quantity,
    unit: priced.unit,
    unitPrice: priced.unitPrice,
    amount: priced.amount,
    currency: rates.currency.code,
    rate: priced.rate,
    zeroReason: priced.zeroReason,
    corrects: null,
    provisional: usage.provisional,
    flags: priced.flags,
  }
}

const usageLine = (part: Slice, payerId: string, rate: ResolvedRate, measured: Measured, rule: BasisRule, rates: Rates): RatedLine => {
  const quantity: Decimal = { units: measured.units, scale: rate.card.quantityScale }
  const { meter, tax } = measured.meter.prepared
  const { flags } = part.usage
  const priced: Priced = {
    kind: "usage",
    sku: meter.sku,
    quantity,
    unit: meter.unit,
    unitPrice: measured.unitPrice,
    amount: multiplyDecimals(quantity, measured.unitPrice),
    rate: rate.reference,
    zeroReason: null,
    flags: rule.flags.length === 0 ? flags : [...flags, ...rule.flags],
  }
  const line = lineOf(part, payerId, priced, rates)
  return tax === null ? line : { ...line, tax }
}

const noRate: RateReference = { cardId: "", cardVersion: 0, cardHash: "", tier: "", overrideId: null, basis: "allocated" }

const zeroLine = (part: Slice, { payerId, rate }: PricePart, zeroReason: ZeroReason, rates: Rates): RatedLine =>
  lineOf(
    part,
    payerId,
    {
      kind: "zero",
      sku: zeroSku,
      quantity: decimalZero,
      unit: "h",
      unitPrice: decimalZero,
      amount: decimalZero,
      rate: rate?.reference ?? noRate,
      zeroReason,
      flags: part.usage.flags,
    },
    rates,
  )

/** Stands as sku on lines that price nothing. */
export const zeroSku = "none"
