import { type CanonicalValue, canonicalJson, preparePayers, type RateBook } from "@hpc-billing/core"
import type { AccountRoles, AuditEvent, PostingPolicy } from "@hpc-billing/ledger"
import { Effect, Result } from "effect"
import { type Sentence, say } from "../api/sentences.ts"
import { type ActOptions, decide } from "../commit/decide.ts"
import { sha256Hex } from "../crypto/nodeCryptography.ts"
import type { PayerBook } from "../site/PayerBook.ts"
import { policyOf } from "../site/policyOf.ts"
import type { Site } from "../site/Site.ts"
import { BillingStore, type LedgerHead, type NewDocument } from "../store/index.ts"
import type { Actor } from "./Actor.ts"
import { readBook } from "./Books.ts"
import { type RunError, refuse } from "./RunError.ts"
import { sayFinding } from "./sayFailure.ts"

export interface PublishedBooks {
  /** The kinds of which a new version was stored; empty when everything was in force already. */
  readonly changed: readonly string[]
}

/** Everything that rating reads, as published together. */
export interface BooksContent {
  readonly site: Site
  readonly rateBook: RateBook
  readonly payerBook: PayerBook
}

/**
 * Puts site, rate book and payer book in force as new versions, each only when it differs from the last. A rate card once
 * published is never edited: a book that changes or drops one is refused with the card's name. An account that entries name stays in the
 * chart, with its type and its part; zone, currency and series stay once a month was opened, and a cluster once it has records.
 */
export const publishBooks = (site: Site, rateBook: RateBook, payerBook: PayerBook, actor: Actor, options: ActOptions = { dryRun: false }) =>
  publish(site.tenant, () => Effect.succeed({ site, rateBook, payerBook }), actor, options)

/** Publishes the books in force with a change, made on what is in force when it is decided. */
export const editBooks = <E, R>(
  tenant: string,
  edit: (standing: BooksContent) => Effect.Effect<Partial<BooksContent>, E, R>,
  actor: Actor,
) =>
  publish(
    tenant,
    (standing): Effect.Effect<BooksContent, E | RunError, R> =>
      standing === null
        ? Effect.fail(refuse("not-published", say("not-published", { tenant })))
        : Effect.map(edit(standing), (change) => ({ ...standing, ...change })),
    actor,
    { dryRun: false },
  )

const publish = Effect.fn("publishBooks")(function* <E, R>(
  tenant: string,
  edit: (standing: BooksContent | null) => Effect.Effect<BooksContent, E, R>,
  actor: Actor,
  options: ActOptions,
) {
  return yield* decide({
    tenant,
    actor,
    dryRun: options.dryRun,
    read: (head) =>
      Effect.gen(function* () {
        const standing = yield* standingBooks(tenant)
        const next = yield* edit(standing)
        const problem = yield* problemOf(standing, next, head)
        if (problem !== null) return yield* problem
        return yield* changedBooks(tenant, next)
      }),
    plan: (changed: readonly ChangedBook[], head) => {
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
    },
    view: (changed) => Effect.succeed({ changed } satisfies PublishedBooks),
  })
})

const standingBooks = Effect.fnUntraced(function* (tenant: string) {
  const site = yield* readBook<Site>(tenant, "site")
  const rateBook = yield* readBook<RateBook>(tenant, "rate-book")
  const payerBook = yield* readBook<PayerBook>(tenant, "payer-book")
  return site === null || rateBook === null || payerBook === null ? null : ({ site, rateBook, payerBook } satisfies BooksContent)
})

interface ChangedBook {
  readonly kind: string
  readonly bytes: Uint8Array
}

/** The documents that differ from those in force, as the bytes to store. */
const changedBooks = Effect.fnUntraced(function* (tenant: string, { site, rateBook, payerBook }: BooksContent) {
  const store = yield* BillingStore
  const wanted = { site, "rate-book": rateBook, "payer-book": payerBook } as unknown as Readonly<Record<string, CanonicalValue>>
  const changed: ChangedBook[] = []
  for (const [kind, value] of Object.entries(wanted)) {
    const bytes = new TextEncoder().encode(canonicalJson(value))
    if ((yield* store.document(tenant, kind, null))?.sha256 !== sha256Hex(bytes)) changed.push({ kind, bytes })
  }
  return changed
})

/** Why the books may not be published; null when they may. */
const problemOf = Effect.fnUntraced(function* (standing: BooksContent | null, next: BooksContent, head: LedgerHead) {
  const { site, rateBook, payerBook } = next
  if (rateBook.zone !== site.zone) {
    return refuse("publish-refused", say("publish-zone-differs", { bookZone: rateBook.zone, siteZone: site.zone }))
  }
  const payers = preparePayers(payerBook.payers, payerBook.mappings, site.zone)
  if (Result.isFailure(payers)) return refuse("publish-refused", say("publish-unsound"), payers.failure.map(sayFinding))
  if (standing === null) return null
  const sentence =
    editedCard(standing.rateBook, rateBook) ??
    changedIdentity(standing, next, head) ??
    (yield* droppedCluster(standing.site, site)) ??
    (yield* movedAccount(standing.site, site))
  return sentence === null ? null : refuse("publish-refused", sentence)
})

/** What the months that were opened are counted and numbered by, where the new books change it; null when all stays. */
const changedIdentity = (standing: BooksContent, next: BooksContent, head: LedgerHead): Sentence | null => {
  if (head.periods.size === 0) return null
  const identity = ({ site, rateBook }: BooksContent): Readonly<Record<string, string>> => ({
    zone: site.zone,
    currency: `${rateBook.currency.code} with ${rateBook.currency.exponent} decimals`,
    receiptSeries: site.receiptSeries,
  })
  const [before, after] = [identity(standing), identity(next)]
  const field = Object.keys(before).find((name) => before[name] !== after[name])
  return field === undefined ? null : say("publish-identity-changed", { field, was: before[field] ?? "", next: after[field] ?? "" })
}

/** The first cluster with records that the new site drops, as a sentence; null when there is none. */
const droppedCluster = Effect.fnUntraced(function* (standing: Site, site: Site) {
  const store = yield* BillingStore
  for (const cluster of standing.clusters) {
    if (site.clusters.includes(cluster)) continue
    const { rows } = yield* store.listRecords(site.tenant, { cluster }, { cursor: null, limit: 1 })
    if (rows.length > 0) return say("publish-cluster-dropped", { cluster })
  }
  return null
})

/** The first account with entries that the new site drops, types anew or takes a part from, as a sentence; null when all stand. */
const movedAccount = Effect.fnUntraced(function* (standing: Site, site: Site) {
  const store = yield* BillingStore
  const used = new Set((yield* store.balances(site.tenant, null)).map(({ account }) => account))
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
