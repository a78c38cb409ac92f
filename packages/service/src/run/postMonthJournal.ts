import { Effect, Result } from "effect"
import { type ActOptions, decide } from "../commit/decide.ts"
import type { Actor } from "./Actor.ts"
import { loadSite } from "./Books.ts"
import { previewMonthJournal } from "./journalMonth.ts"
import { postingOf } from "./postingOf.ts"

export interface PostedJournal {
  /** 0 when everything was posted already. */
  readonly postedCount: number
  /** Of the entries that were posted. */
  readonly journalSha256: string
}

/** Posts what the preview shows. Posting twice posts once. */
export const postMonthJournal = Effect.fn("postMonthJournal")(function* (
  tenant: string,
  month: string,
  actor: Actor,
  options: ActOptions = { dryRun: false },
) {
  return yield* decide({
    tenant,
    actor,
    dryRun: options.dryRun,
    read: () => Effect.all({ site: loadSite(tenant), preview: previewMonthJournal(tenant, month) }),
    plan: ({ site, preview: { entries, journalSha256 } }, head) =>
      Result.map(postingOf(entries, head, site, actor), (posting) => ({
        ...posting,
        answer: { postedCount: entries.length, journalSha256 },
      })),
    view: (posted) => Effect.succeed(posted satisfies PostedJournal),
  })
})
