import { canonicalJson, formatMinor, type Receipt, receiptToJson } from "@hpc-billing/core"
import {
  type AuditEvent,
  decodeEvent,
  entryDigest,
  journalDigest,
  makeChainVerifier,
  trialBalance,
  type Witness,
} from "@hpc-billing/ledger"
import { Effect, Stream } from "effect"
import { nodeCryptography, sha256Hex } from "../crypto/nodeCryptography.ts"
import type { AuditorKeys } from "../keys/TenantKeys.ts"
import { policyOf } from "../site/policyOf.ts"
import { BillingStore } from "../store/index.ts"
import { loadBooks } from "./Books.ts"
import { checkConservation } from "./fate/checkConservation.ts"
import { findReadTwice } from "./findReadTwice.ts"
import { findRepeatedActs } from "./findRepeatedActs.ts"
import { entriesOf } from "./journalMonth.ts"
import { decodeMonthRating, monthRatingKind } from "./MonthRating.ts"
import { prepaidPrefix, readCredits } from "./PrepaidLog.ts"
import { hashRecords } from "./rateMonth.ts"
import { recordsOfMonth } from "./recordsOfMonth.ts"

export interface StoreFinding {
  /** The row: `receipt ci/2026-10/x/1`, `audit record 17`. */
  readonly row: string
  readonly finding: string
}

export interface StoreReport {
  readonly findings: readonly StoreFinding[]
  /** Jobs that look as if they were read twice: nothing was edited, but they may be billed twice. */
  readonly readTwice: readonly StoreFinding[]
  readonly auditRecords: bigint
  readonly receipts: number
  readonly entries: number
}

/**
 * Verifies the books of a tenant where they are stored: the audit chain with its keys, that balances and prepaid credits are what the
 * journal says, then every receipt, entry, document, period and priced record against the digest that the chain holds of it. An edited
 * row is named. Where rows cannot even be read, what contradicts itself is reported alone. With a witness a cut end and a restored
 * backup are found too. Jobs that may have been read twice are named apart.
 */
export const verifyStore = Effect.fn("verifyStore")(function* (tenant: string, auditor: AuditorKeys, witness: Witness | null = null) {
  const store = yield* BillingStore
  const findings: StoreFinding[] = []
  const find = (row: string, finding: string): void => {
    findings.push({ row, finding })
  }
  yield* Stream.runForEach(store.contradictions(tenant), ({ row, finding }) => Effect.sync(() => find(row, finding)))
  if (findings.some(({ finding }) => finding.startsWith("its body cannot be read")))
    return { findings, readTwice: [], auditRecords: 0n, receipts: 0, entries: 0 } satisfies StoreReport
  const verifier = makeChainVerifier(nodeCryptography, {
    chain: 1,
    origin: auditor.origin,
    publicKey: auditor.auditPublicKey,
    publicKeyFingerprint: auditor.auditFingerprint,
    macKey: auditor.auditMacKey,
    ...(witness === null ? {} : { witness }),
  })
  const events: AuditEvent[] = []
  const repeated = findRepeatedActs()
  yield* Stream.runForEach(store.auditRecords(tenant, 1n), (record) =>
    Effect.sync(() => {
      verifier.push(record, record.projection ?? undefined)
      const event = record.kind === "event" ? decodeEvent(record.payload) : null
      if (event === null) return
      events.push(event)
      for (const finding of repeated(event)) find(`audit record ${record.sequence}`, finding)
    }),
  )
  const chain = verifier.finish()
  if (chain.firstBad !== null) find(`audit record ${chain.firstBad.sequence}`, chain.firstBad.reason)
  const { chain: head } = yield* store.head(tenant)
  if (head.sequence !== chain.size && chain.firstBad === null) {
    find("audit head", `the head says ${head.sequence} records, ${chain.size} are stored: the end of the log was cut off`)
  }
  const digestsOf = (action: string): Map<string, string> =>
    new Map(events.filter((event) => event.action === action).map(({ subject, detail }) => [subject, detail.sha256 ?? ""]))
  const receipts = yield* checkReceipts(tenant, digestsOf("receipt.issue"), find)
  const entries = yield* checkEntries(tenant, postedDigests(events), find)
  yield* checkDocuments(tenant, new Map(documentActions.flatMap((action) => [...digestsOf(action)])), find)
  yield* checkPeriods(tenant, standingCloses(events), find)
  yield* checkBalances(tenant, find)
  // what is compared here is sound only where all else is
  if (findings.length === 0) yield* checkPrepaid(tenant, find)
  if (findings.length === 0) yield* checkConservation(tenant, find)
  const readTwice = yield* findReadTwice(tenant)
  return { findings, readTwice, auditRecords: chain.size, receipts, entries } satisfies StoreReport
})

const documentActions = ["book.publish", "month.rate", "credit-note.issue", "prepaid.change", "period.reopen-request"]

/** SHA-256 (hex) by entry id. */
const postedDigests = (events: readonly AuditEvent[]): ReadonlyMap<string, string> =>
  new Map(events.flatMap(({ action, detail }) => (action === "entry.post" ? Object.entries(detail) : [])))

/** The detail of the last close of each month that was not reopened since. */
const standingCloses = (events: readonly AuditEvent[]): ReadonlyMap<string, AuditEvent["detail"]> => {
  const closes = new Map<string, AuditEvent["detail"]>()
  for (const { action, subject, detail } of events) {
    if (action === "period.close") closes.set(subject, detail)
    if (action === "period.reopened") closes.delete(subject.slice(subject.lastIndexOf("/") + 1))
  }
  return closes
}

type Find = (row: string, finding: string) => void

/** The receipt as it was when issued, whatever became of it since. */
const asIssued = (receipt: Receipt): Receipt => {
  const { status } = receipt
  return status.kind === "draft"
    ? receipt
    : { ...receipt, status: { kind: "issued", number: status.number, issuedAtSeconds: status.issuedAtSeconds } }
}

const checkReceipts = Effect.fnUntraced(function* (tenant: string, digests: ReadonlyMap<string, string>, find: Find) {
  const store = yield* BillingStore
  for (const [id, sha256] of digests) {
    const row = `receipt ${id}`
    const stored = yield* store.receipt(tenant, id)
    if (stored === null) find(row, "was issued, but is not stored any more")
    else if (stored.issuedBytes === null || sha256Hex(stored.issuedBytes) !== sha256)
      find(row, "its issued document is not the one that the audit chain holds the digest of")
    else if (canonicalJson(receiptToJson(asIssued(stored.receipt))) !== new TextDecoder().decode(stored.issuedBytes)) {
      find(row, "its row or one of its line rows does not say what its issued document says")
    }
  }
  let cursor: string | null = null
  do {
    const page: {
      readonly rows: readonly { readonly id: string; readonly status: { readonly kind: string } }[]
      readonly next: string | null
    } = yield* store.listReceipts(tenant, {}, { cursor, limit: 500 })
    for (const { id, status } of page.rows)
      if (status.kind !== "draft" && !digests.has(id)) find(`receipt ${id}`, "no audit record tells of its issue")
    cursor = page.next
  } while (cursor !== null)
  return digests.size
})

const checkEntries = Effect.fnUntraced(function* (tenant: string, digests: ReadonlyMap<string, string>, find: Find) {
  const store = yield* BillingStore
  const seen = new Set<string>()
  yield* Stream.runForEach(store.entries(tenant, {}), ({ entry }) =>
    Effect.sync(() => {
      seen.add(entry.id)
      const sha256 = digests.get(entry.id)
      if (sha256 === undefined) find(`entry ${entry.id}`, "no audit record tells of its posting")
      else if (entryDigest(nodeCryptography, entry) !== sha256)
        find(`entry ${entry.id}`, "it is not the entry that the audit chain holds the digest of")
    }),
  )
  for (const id of digests.keys()) if (!seen.has(id)) find(`entry ${id}`, "was posted, but is not stored any more")
  return seen.size
})

const checkDocuments = Effect.fnUntraced(function* (tenant: string, digests: ReadonlyMap<string, string>, find: Find) {
  const store = yield* BillingStore
  for (const [subject, sha256] of digests) {
    const at = subject.lastIndexOf("/")
    const document = yield* store.document(tenant, subject.slice(0, at), Number(subject.slice(at + 1)))
    if (document === null || sha256Hex(document.bytes) !== sha256)
      find(`document ${subject}`, "it is not the document that the audit chain holds the digest of")
  }
})

const checkPeriods = Effect.fnUntraced(function* (tenant: string, closes: ReadonlyMap<string, AuditEvent["detail"]>, find: Find) {
  const store = yield* BillingStore
  for (const period of yield* store.periods(tenant)) {
    const row = `period ${period.month}`
    const close = closes.get(period.month)
    if (close !== undefined && period.status.kind !== "closed") find(row, "was closed, but is stored as open")
    if (period.status.kind !== "closed") continue
    if (close === undefined) {
      find(row, "no audit record tells of its close")
      continue
    }
    const { journalSha256 } = period.status
    if (journalSha256 !== close.journalSha256) find(row, "it does not hold the journal digest of its close")
    else if (journalDigest(nodeCryptography, yield* entriesOf(tenant, period.month)) !== journalSha256)
      find(row, "its journal is not the one that was closed")
    const stored = yield* store.document(tenant, monthRatingKind(period.month), null)
    if (stored === null) continue
    const rating = decodeMonthRating(stored.bytes)
    const records = yield* recordsOfMonth(tenant, period.window, rating.ingestSequence)
    if (hashRecords(records) !== rating.recordsSha256)
      find(`job records of ${period.month}`, "they are not the records that the month was priced from")
  }
})

const checkBalances = Effect.fnUntraced(function* (tenant: string, find: Find) {
  const store = yield* BillingStore
  const posted = Array.from(yield* Stream.runCollect(store.entries(tenant, {})), ({ entry }) => entry)
  const folded = new Map(
    trialBalance(posted, { accounts: [] }).accounts.map(({ account, currency, balanceMinor }) => [`${account} ${currency}`, balanceMinor]),
  )
  const stored = new Map<string, bigint>()
  for (const { account, currency, debitMinor, creditMinor } of yield* store.balances(tenant, null)) {
    stored.set(`${account} ${currency}`, (stored.get(`${account} ${currency}`) ?? 0n) + debitMinor - creditMinor)
  }
  for (const account of new Set([...folded.keys(), ...stored.keys()])) {
    if (folded.get(account) !== stored.get(account))
      find(`balance of ${account}`, `stored ${stored.get(account) ?? 0n}, the journal sums to ${folded.get(account) ?? 0n} minor units`)
  }
})

/** The credits of all projects are what the account for money paid ahead holds. */
const checkPrepaid = Effect.fnUntraced(function* (tenant: string, find: Find) {
  const store = yield* BillingStore
  if ((yield* store.head(tenant)).documentKinds(prepaidPrefix).length === 0) return
  const { site, rates } = yield* loadBooks(tenant)
  const { currency } = rates
  const { unearned } = policyOf(site).roles
  const credits = yield* readCredits(tenant, yield* store.head(tenant), null, currency)
  const settledMinor = credits.reduce((sum, { prepaid }) => sum + prepaid.settledMinor, 0n)
  let heldMinor = 0n
  for (const { account, currency: code, debitMinor, creditMinor } of yield* store.balances(tenant, null))
    if (account === unearned && code === currency.code) heldMinor += creditMinor - debitMinor
  if (heldMinor !== settledMinor) {
    const [held, settled] = [heldMinor, settledMinor].map((minor) => `${formatMinor(minor, currency)} ${currency.code}`)
    find("prepaid credit", `account ${unearned} holds ${held}, the credits of the projects come to ${settled}`)
  }
})
