import { type Decimal, lastDayOf, parseDecimal } from "@hpc-billing/core"
import { type Entry, impairByAge, type LossRates } from "@hpc-billing/ledger"
import { Effect, Stream } from "effect"
import { say } from "../api/sentences.ts"
import type { ActOptions } from "../commit/decide.ts"
import { policyOf } from "../site/policyOf.ts"
import type { Site } from "../site/Site.ts"
import { BillingStore } from "../store/index.ts"
import type { Actor } from "./Actor.ts"
import { loadSite } from "./Books.ts"
import { readDebts } from "./loadReceivables.ts"
import { checkMonth } from "./monthPeriod.ts"
import { postUnderEvent } from "./postUnderEvent.ts"
import { refuse } from "./RunError.ts"

/**
 * Brings the allowance for expected losses to what the age of the receivables at the end of the month asks for, by the rates of
 * the site. Run again it books only what changed since; answers how many entries it posted.
 */
export const impairMonth = Effect.fn("impairMonth")(function* (
  tenant: string,
  month: string,
  actor: Actor,
  options: ActOptions = { dryRun: false },
) {
  yield* checkMonth(month)
  const prepare = Effect.gen(function* () {
    const store = yield* BillingStore
    const site = yield* loadSite(tenant)
    const losses = lossRatesOf(site)
    if (losses === null) return yield* refuse("not-ready", say("losses-not-named", { tenant }))
    const entries = Array.from(yield* Stream.runCollect(store.entries(tenant, {})), ({ entry }) => entry)
    const { documentDates } = yield* readDebts(site, lastDayOf(month))
    const own = impairByAge(entries, { tenant, month, losses, roles: policyOf(site).roles, documentDates })
    return { site, entries: own.map((entry) => numbered(entry, entries)) }
  })
  return yield* postUnderEvent(tenant, actor, prepare, { action: "month.impair", subject: month, detail: {} }, options)
})

const lossRatesOf = ({ expectedLosses }: Site): LossRates | null =>
  expectedLosses === undefined || expectedLosses.length === 0
    ? null
    : {
        buckets: expectedLosses.flatMap(({ untilDays }) => (untilDays === null ? [] : [untilDays])),
        rates: expectedLosses.map(({ rate }) => parseDecimal(rate) as Decimal),
      }

/** The second entry of a month and currency is `.../2`. */
const numbered = (entry: Entry, posted: readonly Entry[]): Entry => {
  const earlier = posted.filter(({ id }) => id === entry.id || id.startsWith(`${entry.id}/`)).length
  return earlier === 0 ? entry : { ...entry, id: `${entry.id}/${earlier + 1}` }
}
