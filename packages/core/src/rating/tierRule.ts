import { globMatches } from "./glob.ts"
import type { Tier, TierRule } from "./RateBook.ts"

export const ruleFields = ["cluster", "account", "user", "payer"] as const

type RuleSubject = Readonly<Record<(typeof ruleFields)[number], string>>

/** How closely a rule looks: user before account before payer before cluster; of rules on the same fields, more exact names. */
export const ruleRank = (rule: TierRule): number => {
  const fields =
    (rule.user === undefined ? 0 : 8) +
    (rule.account === undefined ? 0 : 4) +
    (rule.payer === undefined ? 0 : 2) +
    (rule.cluster === undefined ? 0 : 1)
  return fields * 8 + ruleFields.filter((field) => rule[field] !== undefined && !rule[field].includes("*")).length
}

/** The tier of the rule that looks most closely at the subject; null when none matches. A checked book has no two such tiers. */
export const tierByRules = (tiers: readonly Tier[], subject: RuleSubject): string | null => {
  let best: string | null = null
  let bestRank = -1
  for (const tier of tiers) {
    for (const rule of tier.rules) {
      const rank = ruleRank(rule)
      if (rank <= bestRank) continue
      if (ruleFields.every((field) => rule[field] === undefined || globMatches(rule[field], subject[field]))) {
        best = tier.name
        bestRank = rank
      }
    }
  }
  return best
}
