import type { AuditEvent, Entry } from "@hpc-billing/ledger"
import { Effect, Result } from "effect"
import { type ActOptions, decidePrepared } from "../commit/decide.ts"
import type { Site } from "../site/Site.ts"
import type { Actor } from "./Actor.ts"
import { postingOf } from "./postingOf.ts"

/** What an act that posts by itself is made of. */
interface OwnPosting {
  readonly site: Site
  readonly entries: readonly Entry[]
}

/**
 * Posts the entries that an act of its own asks for, under one event of that act; answers how many. Without entries nothing happens.
 * The entries are derived from the whole journal, before the lock: they stand as long as nothing is posted or published meanwhile.
 */
export const postUnderEvent = Effect.fnUntraced(function* <E, R>(
  tenant: string,
  actor: Actor,
  prepare: Effect.Effect<OwnPosting, E, R>,
  event: Pick<AuditEvent, "action" | "subject" | "detail">,
  options: ActOptions,
) {
  return yield* decidePrepared({
    tenant,
    actor,
    dryRun: options.dryRun,
    inputs: (head) =>
      Effect.succeed({
        entries: String(head.entryCount),
        site: head.documentVersion("site"),
        periods: [...head.periods.values()].map(({ month, status }) => `${month} ${status.kind}`),
      }),
    prepare,
    read: (posting: OwnPosting) => Effect.succeed(posting),
    plan: ({ site, entries }, head) =>
      entries.length === 0
        ? Result.succeed({ answer: 0, events: [] })
        : Result.map(postingOf(entries, head, site, actor), (posting) => ({
            ...posting,
            answer: entries.length,
            events: [
              {
                ...event,
                actor: actor.name,
                requestId: actor.requestId,
                detail: { ...event.detail, entries: String(entries.length) },
              },
              ...posting.events,
            ],
          })),
    view: Effect.succeed,
  })
})
