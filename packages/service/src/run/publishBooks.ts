import { type CanonicalValue, canonicalJson, preparePayers, type RateBook } from "@hpc-billing/core"
import type { AccountRoles, AuditEvent, PostingPolicy } from "@hpc-billing/ledger"
import { Effect, Result } from "effect"
import { type Sentence, say } from "../api/sentences.ts"
import { sha256Hex } from "../crypto/nodeCryptography.ts"
import type { PayerBook } from "../site/PayerBook.ts"
import { policyOf } from "../site/policyOf.ts"
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
 * published is never edited: a book that changes or drops one is refused with the card's name. An account that entries name stays in the
 * chart, with its type and its part.
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
  const moved = yield* movedAccount(tenant, site)
  if (moved !== null) return yield* refuse("publish-refused", moved)
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

/** The first account with entries that the new site drops, types anew or takes a part from, as a sentence; null when all stand. */
const movedAccount = Effect.fnUntraced(function* (tenant: string, site: Site) {
  const standing = yield* readBook<Site>(tenant, "site")
  if (standing === null) return null
  const store = yield* BillingStore
  const used = new Set((yield* store.balances(tenant, null)).map(({ account }) => account))
  const [before, after] = [policyOf(standing), policyOf(site)]
  const typeOf = ({ chart }: PostingPolicy, account: string) => chart.accounts.find(({ id }) => id === account)?.type
  for (const account of used) {
    const [was, type] = [typeOf(before, account), typeOf(after, account)]
    if (type === undefined) return say("publish-account-dropped", { account })
    if (was !== undefined && type !== was) return say("publish-account-typed", { account, was, type })
  }
  for (const [role, account] of Object.entries(before.roles)) {
    const next = after.roles[role as keyof AccountRoles]
    if (next !== account && used.has(account)) return say("publish-role-moved", { role, account, next })
  }
  return null
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
