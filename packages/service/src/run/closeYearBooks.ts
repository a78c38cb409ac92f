import { addMonths } from "@hpc-billing/core"
import { closeYear } from "@hpc-billing/ledger"
import { Clock, Effect, Stream } from "effect"
import type { ActOptions } from "../commit/decide.ts"
import { policyOf } from "../site/policyOf.ts"
import { BillingStore } from "../store/index.ts"
import type { Actor } from "./Actor.ts"
import { loadSite } from "./Books.ts"
import { previewMonthJournal } from "./journalMonth.ts"
import { checkMonth, openPeriod } from "./monthPeriod.ts"
import { postUnderEvent } from "./postUnderEvent.ts"
import { refuse } from "./RunError.ts"

/**
 * Moves the result of a financial year of twelve months into retained earnings, in its last month before that is closed. Run
 * again, also after a reopening, it moves only what came since; answers how many entries it posted.
 */
export const closeYearBooks = Effect.fn("closeYearBooks")(function* (
  tenant: string,
  year: { readonly name: string; readonly firstMonth: string },
  actor: Actor,
  options: ActOptions = { dryRun: false },
) {
  yield* checkMonth(year.firstMonth)
  const lastMonth = addMonths(year.firstMonth, 11)
  const prepare = Effect.gen(function* () {
    const store = yield* BillingStore
    const site = yield* loadSite(tenant)
    const { window } = openPeriod(tenant, lastMonth, site.zone)
    if ((yield* Clock.currentTimeMillis) < window.endSeconds * 1_000) {
      return yield* refuse("month-not-ended", `The year ${year.name} has not ended yet: close it after the last day of ${lastMonth}.`)
    }
    const open = (yield* store.periods(tenant)).find(({ month, status }) => month < lastMonth && status.kind === "open")
    if (open !== undefined) return yield* refuse("not-ready", `${open.month} is still open: close it before the year ${year.name}.`)
    const unposted = yield* previewMonthJournal(tenant, lastMonth)
    if (unposted.entries.length > 0) {
      return yield* refuse(
        "not-ready",
        `${lastMonth} has ${unposted.entries.length} entries that are not posted: run "hpc-billing journal post --month ${lastMonth}" first.`,
      )
    }
    const posted = Array.from(yield* Stream.runCollect(store.entries(tenant, {})), ({ entry }) => entry)
    return { site, entries: closeYear({ tenant, ...year, lastMonth }, posted, policyOf(site)) }
  })
  const event = { action: "year.close", subject: year.name, detail: { firstMonth: year.firstMonth, lastMonth } }
  return yield* postUnderEvent(tenant, actor, prepare, event, options)
})
