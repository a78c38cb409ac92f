import type { AuditEvent, Entry } from "@hpc-billing/ledger"
import { Effect, Result } from "effect"
import type { Site } from "../site/Site.ts"
import type { Actor } from "./Actor.ts"
import type { ActOptions } from "./bookReceipt.ts"
import { onSteadyBooks } from "./onSteadyBooks.ts"
import { postingOf } from "./postingOf.ts"

/** Posts the entries that an act of its own asks for, under one event of that act; answers how many. Without entries nothing happens. */
export const postUnderEvent = Effect.fnUntraced(function* <E, R>(
  site: Site,
  actor: Actor,
  read: Effect.Effect<readonly Entry[], E, R>,
  event: Pick<AuditEvent, "action" | "subject" | "detail">,
  options: ActOptions,
) {
  if ((yield* read).length === 0) return 0
  return yield* onSteadyBooks(
    site.tenant,
    actor,
    read,
    (entries, head) =>
      Result.map(postingOf(entries, head, site, actor), (posting) => ({
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
    options,
  )
})
