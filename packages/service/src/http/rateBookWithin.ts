import type { RateBook, RateOverride, TierRule } from "@hpc-billing/core"
import type { LimitedIdentity } from "../api/Identity.ts"
import { type Reach, reaches, reachOf } from "./access.ts"

/** Whose overrides and tier rules a person reads: everybody's with the permission of their list, else those of the usage they may see. */
const overrideReach = (identity: LimitedIdentity): Reach => {
  const plans = reachOf(identity, "ratePlan")
  return plans.kind === "all" ? plans : reachOf(identity, "usageRead")
}

/** Whether an override is the caller's to read: it is for a user or an account of theirs. */
export const readsOverride = (identity: LimitedIdentity): ((override: Pick<RateOverride, "user" | "account">) => boolean) => {
  const reach = overrideReach(identity)
  return ({ user, account }) => reaches(reach, { user: user ?? "", account: account ?? "" })
}

export interface ReadBook {
  readonly book: RateBook
  /** false: overrides and tier rules of others were left out. */
  readonly isWhole: boolean
}

/**
 * A rate book as the caller may read it. Prices are everybody's; an override, with its price and its reason, belongs to whom it is
 * for, and so do the names in a tier's rules.
 */
export const rateBookWithin = (book: RateBook, identity: LimitedIdentity, payers: ReadonlySet<string>): ReadBook => {
  if (overrideReach(identity).kind === "all") return { book, isWhole: true }
  const isOwn = readsOverride(identity)
  const readsRule = ({ user, account, payer }: TierRule): boolean =>
    (user === undefined && account === undefined && payer === undefined) ||
    isOwn({ user: user ?? null, account: account ?? null }) ||
    (payer !== undefined && payers.has(payer))
  // named one by one, so that what a later format adds is not told by itself
  const { format, currency, zone, cards, tiers, overrides } = book
  const within = {
    tiers: tiers.map(({ name, title, rules }) => ({ name, ...(title === undefined ? {} : { title }), rules: rules.filter(readsRule) })),
    overrides: overrides.filter(isOwn),
  }
  const isWhole =
    within.overrides.length === overrides.length && within.tiers.every(({ rules }, index) => rules.length === tiers[index]?.rules.length)
  return { book: { format, currency, zone, cards, ...within }, isWhole }
}
