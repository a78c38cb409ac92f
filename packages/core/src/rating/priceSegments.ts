import { type Payers, wholeShareWeight } from "../payer/preparePayers.ts"
import { payerChangeSeconds, resolvePayer } from "../payer/resolvePayer.ts"
import type { JobRecord } from "../usage/JobRecord.ts"
import type { Rates } from "./prepareRates.ts"
import type { ResolvedRate } from "./ResolvedRate.ts"
import { overridesOf, type RateSubject, resolveRate } from "./resolveRate.ts"

/** What one kind of usage pays from one instant until another: who pays which share, at which price list. */
export interface PriceSegment {
  readonly fromSeconds: number
  readonly untilSeconds: number
  readonly parts: readonly PricePart[]
}

export interface PricePart {
  readonly payerId: string
  readonly shareWeight: bigint
  /** null: no card is in force. */
  readonly rate: ResolvedRate | null
}

/** Stands as payer on lines of usage that no mapping leads to a payer. */
export const unmappedPayerId = "unmapped"

type Subject = Pick<JobRecord, "cluster" | "account" | "user" | "partition" | "qos">

interface Known extends Subject {
  readonly segments: readonly PriceSegment[]
}

/** By user: a user charges few accounts and knows few partitions, and their texts are compared without joining them. */
type Cache = Map<string, Known[]>

const caches = new WeakMap<Rates, WeakMap<Payers, Cache>>()

const cacheOf = (rates: Rates, payers: Payers): Cache => {
  const ofRates = caches.get(rates) ?? new WeakMap<Payers, Cache>()
  caches.set(rates, ofRates)
  const cache = ofRates.get(payers) ?? new Map<string, Known[]>()
  ofRates.set(payers, cache)
  return cache
}

/** The segments of all time for a kind of usage, worked out once for each (cluster, account, user, partition, QOS). */
export const priceSegments = (rates: Rates, payers: Payers, subject: Subject): readonly PriceSegment[] => {
  const cache = cacheOf(rates, payers)
  const { cluster, account, user, partition, qos } = subject
  const ofUser = cache.get(user) ?? []
  for (const known of ofUser) {
    if (known.account === account && known.partition === partition && known.qos === qos && known.cluster === cluster) return known.segments
  }
  const segments = findSegments(rates, payers, subject)
  ofUser.push({ cluster, account, user, partition, qos, segments })
  cache.set(user, ofUser)
  return segments
}

const findSegments = (rates: Rates, payers: Payers, subject: Subject): readonly PriceSegment[] => {
  const { cluster, account, user } = subject
  const rateSubject: RateSubject = { ...subject, payerId: unmappedPayerId, payerTier: null }
  const instants = new Set([Number.NEGATIVE_INFINITY, ...payerChangeSeconds(payers, cluster, account, user)])
  for (const dated of [...rates.cards, ...overridesOf(rates, rateSubject)]) {
    instants.add(dated.fromSeconds)
    instants.add(dated.untilSeconds)
  }
  instants.delete(Number.POSITIVE_INFINITY)
  const segments: PriceSegment[] = []
  for (const fromSeconds of [...instants].sort((left, right) => left - right)) {
    const parts = partsAt(rates, payers, rateSubject, fromSeconds)
    const before = segments.at(-1)
    if (before !== undefined && sameParts(before.parts, parts)) continue
    if (before !== undefined) segments[segments.length - 1] = { ...before, untilSeconds: fromSeconds }
    segments.push({ fromSeconds, untilSeconds: Number.POSITIVE_INFINITY, parts })
  }
  return segments
}

const partsAt = (rates: Rates, payers: Payers, subject: RateSubject, atSeconds: number): readonly PricePart[] => {
  const paid = resolvePayer(payers, subject.cluster, subject.account, subject.user, atSeconds)
  if (paid.kind === "unmapped") {
    return [{ payerId: unmappedPayerId, shareWeight: wholeShareWeight, rate: resolveRate(rates, subject, atSeconds) }]
  }
  return paid.shares.map(({ payer, shareWeight }) => ({
    payerId: payer.id,
    shareWeight,
    rate: resolveRate(rates, { ...subject, payerId: payer.id, payerTier: payer.tier }, atSeconds),
  }))
}

const sameParts = (left: readonly PricePart[], right: readonly PricePart[]): boolean =>
  left.length === right.length &&
  left.every((part, index) => {
    const other = right[index] as PricePart
    return (
      part.payerId === other.payerId &&
      part.shareWeight === other.shareWeight &&
      part.rate?.card === other.rate?.card &&
      part.rate?.override === other.rate?.override &&
      part.rate?.reference.tier === other.rate?.reference.tier
    )
  })
