import { Effect } from "effect"
import { makeCollector } from "../http/figures/loadMonthFigures.ts"
import { figuresFileOf, sameFigures } from "../http/figures/storedFigures.ts"
import { BillingStore } from "../store/index.ts"
import { billedLinesOf } from "./billedLines.ts"
import type { Find } from "./StoreFinding.ts"

/** The figures that were kept of closed months against the lines of their receipts; one that is not kept is summed when it is asked for. */
export const verifyFigures = Effect.fnUntraced(function* (tenant: string, find: Find) {
  const store = yield* BillingStore
  for (const period of yield* store.periods(tenant)) {
    const place = figuresFileOf(period)
    const file = place === null ? null : yield* store.file(tenant, place.subject, place.name)
    if (file === null) continue
    const summed = makeCollector(period.zone)
    for (const { line } of yield* billedLinesOf(tenant, { month: period.month })) summed.add(line, line.billedMinor, "billed")
    if (!sameFigures(file.bytes, summed))
      find(`file ${file.subject}/${file.name}`, "it does not say what the lines of the month's receipts sum to")
  }
})
