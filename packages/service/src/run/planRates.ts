import {
  addMonths,
  type Month,
  monthWindow,
  normalise,
  type Plan,
  type PlanChecks,
  type PlanPeriod,
  planChange,
  type RateBook,
} from "@hpc-billing/core"
import { Effect } from "effect"
import { say } from "../api/sentences.ts"
import { sha256Hex } from "../crypto/nodeCryptography.ts"
import { BillingStore } from "../store/index.ts"
import { loadBooks } from "./Books.ts"
import { checkMonth } from "./monthPeriod.ts"
import { readingsOf, readingsVersionOf } from "./Readings.ts"
import { refuse } from "./RunError.ts"
import { recordsOfMonth } from "./recordsOfMonth.ts"

export interface PlanMonths {
  readonly from: Month
  readonly to: Month
  /** Compare the use with as many months before. */
  readonly withBefore: boolean
}

const monthsMaximum = 60

/** What a candidate rate book would have charged for real past months, payer by payer, beside the book in force. Stores nothing. */
export const planRates = Effect.fn("planRates")(function* (
  tenant: string,
  candidate: RateBook,
  { from, to, withBefore }: PlanMonths,
  checks: PlanChecks,
) {
  yield* checkMonth(from)
  yield* checkMonth(to)
  const months: Month[] = []
  for (let month = from; month <= to && months.length <= monthsMaximum; month = addMonths(month, 1)) months.push(month)
  if (months.length > monthsMaximum) return yield* refuse("wrong-month", say("months-too-many", { from, to, most: String(monthsMaximum) }))
  if (months.length === 0) return yield* refuse("wrong-month", say("months-reversed", { from, to }))
  const { rateBook, payers, site } = yield* loadBooks(tenant)
  const periodsOf = (list: readonly Month[]) => Effect.forEach(list, (month) => periodOf(tenant, month, site.zone))
  const plan: Plan = planChange(
    {
      current: rateBook,
      candidate,
      payers,
      periods: yield* periodsOf(months),
      before: withBefore ? yield* periodsOf(months.map((month) => addMonths(month, -months.length))) : null,
      checks,
    },
    sha256Hex,
  )
  return { months, plan }
})

const periodOf = Effect.fnUntraced(function* (tenant: string, month: Month, zone: string) {
  const store = yield* BillingStore
  const period = monthWindow(month, zone)
  const records = yield* recordsOfMonth(tenant, period, yield* store.ingestHead(tenant))
  const { usages } = normalise(records, { asOfSeconds: period.endSeconds })
  return { period, usages, readings: yield* readingsOf(tenant, yield* readingsVersionOf(tenant)) } satisfies PlanPeriod
})
