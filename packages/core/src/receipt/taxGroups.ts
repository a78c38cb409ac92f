import type { RatedLine } from "../rating/RatedLine.ts"
import type { TaxRule } from "../rating/TaxRule.ts"
import type { TaxTreatment } from "./Payer.ts"

/** The lines of a receipt that are taxed by one rule. */
export interface TaxGroup<Line extends RatedLine> {
  readonly rule: TaxRule
  readonly lines: readonly Line[]
}

/** How a payer is taxed on everything whose card says nothing else. */
const payerTaxRule = (treatment: TaxTreatment): TaxRule =>
  treatment.kind === "taxable"
    ? { code: treatment.code, ratePercent: treatment.ratePercent, basis: "" }
    : { code: treatment.code, ratePercent: "0", basis: treatment.basis }

const keyOf = ({ code, ratePercent, basis, basisThai }: TaxRule): string => JSON.stringify([code, ratePercent, basis, basisThai])

/**
 * Lines by the rule that taxes them: the payer's own first, then those of cards by code, rate and basis. A payer who is exempt or
 * outside tax owes none on anything. Lines that cost nothing open no group of their own; a receipt has one group at least.
 */
export const taxGroups = <Line extends RatedLine>(lines: readonly Line[], treatment: TaxTreatment): readonly TaxGroup<Line>[] => {
  const own: TaxGroup<Line> & { readonly lines: Line[] } = { rule: payerTaxRule(treatment), lines: [] }
  const others = new Map<string, TaxGroup<Line> & { readonly lines: Line[] }>()
  for (const line of lines) {
    if (treatment.kind !== "taxable" || line.tax === undefined) own.lines.push(line)
    else {
      const key = keyOf(line.tax)
      const group = others.get(key) ?? { rule: line.tax, lines: [] }
      group.lines.push(line)
      others.set(key, group)
    }
  }
  const sorted = [...others].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, group]) => group)
  return sorted.length === 0 || own.lines.some(({ kind }) => kind !== "zero") ? [own, ...sorted] : sorted
}
