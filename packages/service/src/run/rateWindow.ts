import {
  type JobRecord,
  normalise,
  periodLines,
  type RatedLine,
  type Reading,
  rateReading,
  rateUsage,
  type Usage,
  unmappedPayerId,
  type Window,
} from "@hpc-billing/core"
import type { Books } from "./Books.ts"

export interface RatedWindow {
  readonly usages: readonly Usage[]
  /** Of jobs and readings, then those of the period as a whole. */
  readonly lines: readonly RatedLine[]
  /** Usages that have no line in the window: they have not begun. */
  readonly unlined: readonly Usage[]
}

/** Everything that a window's records and readings are priced at, by given books. Pure. */
export const rateWindow = (
  records: readonly JobRecord[],
  readings: readonly Reading[],
  books: Pick<Books, "rates" | "payers">,
  window: Window,
  asOfSeconds: number,
): RatedWindow => {
  const context = { rates: books.rates, payers: books.payers, windows: [window] }
  const { usages } = normalise(records, { asOfSeconds })
  const lines: RatedLine[] = []
  const unlined: Usage[] = []
  for (const usage of usages) {
    const before = lines.length
    for (const line of rateUsage(usage, context)) lines.push(line)
    if (lines.length === before) unlined.push(usage)
  }
  for (const reading of readings) for (const line of rateReading(reading, context)) lines.push(line)
  const mapped = lines.filter(({ payerId }) => payerId !== unmappedPayerId)
  for (const line of periodLines(mapped, books.rates, window)) lines.push(line)
  return { usages, lines, unlined }
}
