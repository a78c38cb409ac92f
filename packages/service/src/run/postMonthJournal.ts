import { Effect, Result } from "effect"
import { BillingStore } from "../store/index.ts"
import type { Actor } from "./Actor.ts"
import { loadBooks } from "./Books.ts"
import { type MonthJournal, previewMonthJournal } from "./journalMonth.ts"
import { postingOf } from "./postingOf.ts"

export interface PostedJournal extends MonthJournal {
  /** 0 when everything was posted already. */
  readonly postedCount: number
}

/** Posts what the preview shows. Posting twice posts once. */
export const postMonthJournal = Effect.fn("postMonthJournal")(function* (tenant: string, month: string, actor: Actor) {
  const store = yield* BillingStore
  const { site } = yield* loadBooks(tenant)
  const preview = yield* previewMonthJournal(tenant, month)
  if (preview.entries.length === 0) return { ...preview, postedCount: 0 } satisfies PostedJournal
  const committed = yield* store.commit(tenant, actor.idempotency ?? null, (head) =>
    Result.map(postingOf(preview.entries, head, site, actor), (posting) => ({
      ...posting,
      answer: { postedCount: preview.entries.length, journalSha256: preview.journalSha256 },
    })),
  )
  return { ...preview, postedCount: committed.entriesPosted } satisfies PostedJournal
})
