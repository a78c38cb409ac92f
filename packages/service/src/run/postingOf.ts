import { type AuditEvent, type Entry, entryDigest, type Period, postEntry } from "@hpc-billing/ledger"
import { Result } from "effect"
import { nodeCryptography } from "../crypto/nodeCryptography.ts"
import { policyOf } from "../site/policyOf.ts"
import type { Site } from "../site/Site.ts"
import type { LedgerHead } from "../store/index.ts"
import type { Actor } from "./Actor.ts"
import { openPeriod } from "./monthPeriod.ts"
import { type RunError, refuse } from "./RunError.ts"
import { sayLedger } from "./sayFailure.ts"

export interface Posting {
  readonly entries: readonly Entry[]
  /** Opened by what is posted. */
  readonly periods: readonly Period[]
  /** `entry.post`: of each entry, by its id, the digest that verification compares. */
  readonly events: readonly AuditEvent[]
}

/** What a commit that posts the entries stores of them; refused where one may not be posted. */
export const postingOf = (entries: readonly Entry[], head: LedgerHead, site: Site, actor: Actor): Result.Result<Posting, RunError> => {
  const { chart } = policyOf(site)
  const opened = new Map<string, Period>()
  for (const entry of entries) {
    const { month } = entry
    const period = head.periods.get(month) ?? opened.get(month) ?? openPeriod(site.tenant, month, site.zone)
    if (!head.periods.has(month)) opened.set(month, period)
    const postable = postEntry(entry, period, chart)
    if (Result.isFailure(postable)) return Result.fail(refuse("month-closed", sayLedger(postable.failure)))
  }
  return Result.succeed({ entries, periods: [...opened.values()], events: eventsOf(entries, actor) })
}

/** A posting of thousands of entries has a record for each hundred, not for each: their number is most of what it costs to write. */
const entriesAnEvent = 100

const eventsOf = (entries: readonly Entry[], actor: Actor): readonly AuditEvent[] =>
  [...Map.groupBy(entries, ({ month }) => month)].flatMap(([month, posted]) =>
    Array.from({ length: Math.ceil(posted.length / entriesAnEvent) }, (_, index) => ({
      action: "entry.post",
      actor: actor.name,
      requestId: actor.requestId,
      subject: month,
      detail: Object.fromEntries(
        posted.slice(index * entriesAnEvent, (index + 1) * entriesAnEvent).map((entry) => [entry.id, entryDigest(nodeCryptography, entry)]),
      ),
    })),
  )
