import { type BilledLine, correctionLines, formatDecimal, type Month, type RatedLine } from "@hpc-billing/core"

/**
 * What of a month's lines does not stand on receipts yet. Usages that no receipt names keep their lines; one that was billed otherwise
 * than it is rated now, and the period as a whole where it changed, give corrections within the month.
 */
export const subtractBilled = (month: Month, lines: readonly RatedLine[], billed: readonly BilledLine[]): readonly RatedLine[] => {
  if (billed.length === 0) return lines
  const known = Map.groupBy(billed, ({ line }) => subjectOf(line))
  const now = Map.groupBy(
    lines.filter(({ provisional }) => !provisional),
    subjectOf,
  )
  const changed = [...known].filter(([subject, own]) => fingerprint(own.map(({ line }) => line)) !== fingerprint(now.get(subject) ?? []))
  const fresh = lines.filter((line) => !known.has(subjectOf(line)))
  if (changed.length === 0) return fresh
  const corrected: BilledLine[] = changed.flatMap(([, own]) => own)
  const rerated = changed.flatMap(([subject]) => now.get(subject) ?? [])
  return [...fresh, ...correctionLines(corrected, rerated, { month })]
}

const period = "period"

/** What a line prices: one usage, or the period as a whole. */
const subjectOf = (line: RatedLine): string => line.usageId ?? period

const fingerprint = (lines: readonly RatedLine[]): string =>
  lines
    .map(({ id, payerId, quantity, unitPrice, tax }) =>
      [id, payerId, formatDecimal(quantity), formatDecimal(unitPrice), tax?.code ?? "", tax?.ratePercent ?? "", tax?.basis ?? ""].join(" "),
    )
    .sort()
    .join("\n")
