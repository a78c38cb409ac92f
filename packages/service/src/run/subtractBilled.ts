import { type BilledLine, correctionLines, formatDecimal, type Month, type RatedLine } from "@hpc-billing/core"
import { Effect } from "effect"
import { BillingStore } from "../store/index.ts"
import { billedLinesOf } from "./billedLines.ts"

/**
 * What of a month's lines is not billed yet. Usages that no receipt names keep their lines; one that was billed otherwise than
 * it is rated now, and the period as a whole where it changed, give corrections within the month.
 */
export const subtractBilled = Effect.fnUntraced(function* (
  tenant: string,
  month: Month,
  lines: readonly RatedLine[],
  /** The month's lines on receipts that stand, where they are read already. */
  own?: readonly BilledLine[],
) {
  const billed = yield* billedForMonth(tenant, month, own)
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
})

/** On its own receipts, and as its corrections on those of later months (where it was closed before and is open again). */
const billedForMonth = Effect.fnUntraced(function* (tenant: string, month: Month, own: readonly BilledLine[] | undefined) {
  const store = yield* BillingStore
  const lines = own ?? (yield* billedLinesOf(tenant, { month }))
  const billed = lines.filter(({ line }) => line.corrects === null || line.corrects.month === month)
  const closes = yield* store.listAudit(tenant, { action: "period.close", subject: month }, { cursor: null, limit: 1 })
  if (closes.rows.length === 0) return billed
  for (const later of yield* store.periods(tenant)) {
    if (later.month <= month) continue
    for (const entry of yield* billedLinesOf(tenant, { month: later.month })) if (entry.line.corrects?.month === month) billed.push(entry)
  }
  return billed
})

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
