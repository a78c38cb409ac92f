import type { Meter, RateCard } from "./RateBook.ts"

/**
 * How one supply is taxed: a code with its rate, or the legal basis where no tax is due. A line carries the rule that its card gives
 * it, whole, so that a receipt can be checked from itself. Not the payer's treatment, which wins where the payer owes no tax at all.
 */
export interface TaxRule {
  readonly code: string
  /** Percent as decimal text; `0` where no tax is due. */
  readonly ratePercent: string
  /** Legal basis where no tax is due; empty on a taxable supply, also at a rate of zero. */
  readonly basis: string
  readonly basisThai?: string
}

/** The code of meters that are taxed as their payer is. */
export const standardTaxCode = "standard"

export const taxCodeOf = (card: RateCard, meter: Meter): string => meter.tax ?? card.tax?.default ?? standardTaxCode

/** What a card says of a meter's tax; null: as the payer is taxed. */
export const taxRuleOf = (card: RateCard, meter: Meter): TaxRule | null => {
  const code = taxCodeOf(card, meter)
  const declared = card.tax?.codes?.[code]
  if (code === standardTaxCode || declared === undefined) return null
  return declared.kind === "taxable"
    ? { code, ratePercent: declared.ratePercent, basis: "" }
    : { code, ratePercent: "0", basis: declared.basis.en, basisThai: declared.basis.th }
}
