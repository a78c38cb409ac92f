import { type BilledLine, correctionLines, formatDecimal, type Month, type RatedLine } from "@hpc-billing/core"
import { Effect } from "effect"
import { billedLinesOf } from "./billedLines.ts"

/**
 * What of a month's lines is not billed yet. Usages that no receipt names keep their lines; one that was billed otherwise than
 * it is rated now gives corrections within the month.
 */
export const subtractBilled = Effect.fnUntraced(function* (tenant: string, month: Month, lines: readonly RatedLine[]) {
  const billed = yield* billedLinesOf(tenant, { month })
  const standing = billed.filter(({ line }) => line.corrects === null || line.corrects.month === month)
  if (standing.length === 0) return lines
  const known = new Map<string, BilledLine[]>()
  for (const entry of standing) {
    if (entry.line.usageId === null) continue
    known.set(entry.line.usageId, [...(known.get(entry.line.usageId) ?? []), entry])
  }
  const fresh: RatedLine[] = []
  const rerated: RatedLine[] = []
  const changed = new Set(changedUsages(known, lines))
  for (const line of lines) {
    if (line.usageId === null || !known.has(line.usageId)) fresh.push(line)
    else if (changed.has(line.usageId)) rerated.push(line)
  }
  if (changed.size === 0) return fresh
  const corrected = [...changed].flatMap((usageId) => known.get(usageId) ?? [])
  return [...fresh, ...correctionLines(corrected, rerated, { month })]
})

const fingerprint = (lines: readonly RatedLine[]): string =>
  lines
    .map((line) => `${line.id} ${line.payerId} ${formatDecimal(line.quantity)} ${formatDecimal(line.unitPrice)}`)
    .sort()
    .join("\n")

/** Usages whose billed lines are not the lines they have now, or that were corrected before. */
const changedUsages = (known: ReadonlyMap<string, readonly BilledLine[]>, lines: readonly RatedLine[]): readonly string[] => {
  const now = new Map<string, RatedLine[]>()
  for (const line of lines) {
    if (line.usageId === null || line.provisional || !known.has(line.usageId)) continue
    const group = now.get(line.usageId)
    if (group === undefined) now.set(line.usageId, [line])
    else group.push(line)
  }
  return [...known]
    .filter(([usageId, billed]) => fingerprint(billed.map(({ line }) => line)) !== fingerprint(now.get(usageId) ?? []))
    .map(([usageId]) => usageId)
}
