import { type CanonicalValue, canonicalJson, preparePayers, type RateBook } from "@hpc-billing/core"
import type { AuditEvent } from "@hpc-billing/ledger"
import { Effect, Result } from "effect"
import { type Sentence, say } from "../api/sentences.ts"
import { sha256Hex } from "../crypto/nodeCryptography.ts"
import type { PayerBook } from "../site/PayerBook.ts"
import type { Site } from "../site/Site.ts"
import { BillingStore, type NewDocument } from "../store/index.ts"
import type { Actor } from "./Actor.ts"
import { readBook } from "./Books.ts"
import { refuse } from "./RunError.ts"
import { sayFinding } from "./sayFailure.ts"

export interface PublishedBooks {
  /** The kinds of which a new version was stored; empty when everything was in force already. */
  readonly changed: readonly string[]
}

/**
 * Puts site, rate book and payer book in force as new versions, each only when it differs from the last. A rate card once
 * published is never edited: a book that changes or drops one is refused with the card's name.
 */
export const publishBooks = Effect.fn("publishBooks")(function* (
  site: Site,
  rateBook: RateBook,
  payerBook: PayerBook,
  actor: Actor,
  options: { readonly dryRun: boolean } = { dryRun: false },
) {
  const store = yield* BillingStore
  const { tenant } = site
  if (rateBook.zone !== site.zone) {
    return yield* refuse("publish-refused", say("publish-zone-differs", { bookZone: rateBook.zone, siteZone: site.zone }))
  }
  const payers = preparePayers(payerBook.payers, payerBook.mappings, site.zone)
  if (Result.isFailure(payers)) return yield* refuse("publish-refused", say("publish-unsound"), payers.failure.map(sayFinding))
  const standing = yield* readBook<RateBook>(tenant, "rate-book")
  if (standing !== null) {
    const problem = editedCard(standing, rateBook)
    if (problem !== null) return yield* refuse("publish-refused", problem)
  }
  const wanted = {
    site: site as unknown as CanonicalValue,
    "rate-book": rateBook as unknown as CanonicalValue,
    "payer-book": payerBook as unknown as CanonicalValue,
  }
  const latest = yield* Effect.forEach(Object.entries(wanted), ([kind, value]) =>
    Effect.map(store.document(tenant, kind, null), (stored) => ({ kind, stored, bytes: new TextEncoder().encode(canonicalJson(value)) })),
  )
  const changed = latest.filter(({ stored, bytes }) => stored === null || stored.sha256 !== sha256Hex(bytes))
  if (changed.length === 0 || options.dryRun) return { changed: changed.map(({ kind }) => kind) }
  yield* store.commit(tenant, actor.idempotency ?? null, (head) => {
    const documents = changed.map(({ kind, bytes }): NewDocument => ({ kind, version: head.documentVersion(kind) + 1, bytes }))
    const events = documents.map(
      ({ kind, version, bytes }): AuditEvent => ({
        action: "book.publish",
        actor: actor.name,
        requestId: actor.requestId,
        subject: `${kind}/${version}`,
        detail: { sha256: sha256Hex(bytes) },
      }),
    )
    return Result.succeed({ answer: documents.map(({ kind }) => kind), documents, events })
  })
  return { changed: changed.map(({ kind }) => kind) }
})

/** The first published card that the new book edits or drops, as a sentence; null when all stand. */
const editedCard = (standing: RateBook, next: RateBook): Sentence | null => {
  for (const card of standing.cards) {
    const same = next.cards.find(({ id, version }) => id === card.id && version === card.version)
    const text = (value: unknown): string => canonicalJson(value as CanonicalValue)
    if (same === undefined) return say("publish-card-dropped", { card: card.id, version: String(card.version) })
    if (text(same) !== text(card) && text({ ...same, effectiveUntil: card.effectiveUntil }) !== text(card)) {
      return say("publish-card-edited", { card: card.id, version: String(card.version), next: String(card.version + 1) })
    }
  }
  return null
}
