import { formatMinor } from "@hpc-billing/core"
import { checkpointMicrosecondsMaximum, decodeEvent, encodeChainHead, makeChainVerifier, type Witness } from "@hpc-billing/ledger"
import { Effect, Stream } from "effect"
import { nodeCryptography } from "../crypto/nodeCryptography.ts"
import type { AuditorKeys } from "../keys/TenantKeys.ts"
import { policyOf } from "../site/policyOf.ts"
import { BillingStore, type StoredAuditRecord } from "../store/index.ts"
import { loadBooks } from "./Books.ts"
import { checkConservation } from "./fate/checkConservation.ts"
import { findReadTwice } from "./findReadTwice.ts"
import { findRepeatedActs } from "./findRepeatedActs.ts"
import { matchEntries } from "./matchEntries.ts"
import { prepaidPrefix, readCredits } from "./PrepaidLog.ts"
import type { Find, StoreFinding } from "./StoreFinding.ts"
import { exportsTold, verifyExports } from "./verifyExports.ts"
import { verifyFigures } from "./verifyFigures.ts"
import { ingestTold } from "./verifyIngest.ts"
import { numbersTold, verifyNumbers } from "./verifyNumbers.ts"
import { periodsTold, verifyPeriods } from "./verifyPeriods.ts"
import { verifyReceipts } from "./verifyReceipts.ts"

export interface StoreReport {
  readonly findings: readonly StoreFinding[]
  /** What nothing proves right or wrong, a sentence each. */
  readonly unproven: readonly string[]
  /** Jobs that look as if they were read twice: nothing was edited, but they may be billed twice. */
  readonly readTwice: readonly StoreFinding[]
  readonly auditRecords: bigint
  readonly receipts: number
  readonly entries: number
}

/**
 * Verifies the books of a tenant where they are stored, as they stand when it begins: that no row contradicts itself, the audit chain
 * with its keys, then every row against what the chain says of it. An edited row is named. Rows that cannot be read are reported
 * alone, and so is a chain that is not sound. With a witness a cut end and a restored backup are found too. Jobs that may have been read
 * twice are named apart. No more than a month is held at once.
 */
export const verifyStore = Effect.fn("verifyStore")(function* (tenant: string, auditor: AuditorKeys, witness: Witness | null = null) {
  const store = yield* BillingStore
  return yield* store.snapshot(verifyAsItStands(tenant, auditor, witness))
})

const nothingRead = { readTwice: [], auditRecords: 0n, receipts: 0, entries: 0 }

const verifyAsItStands = Effect.fnUntraced(function* (tenant: string, auditor: AuditorKeys, witness: Witness | null) {
  const store = yield* BillingStore
  const findings: StoreFinding[] = []
  const find: Find = (row, finding) => {
    findings.push({ row, finding })
  }
  yield* Stream.runForEach(store.contradictions(tenant), ({ row, finding }) => Effect.sync(() => find(row, finding)))
  if (findings.some(({ finding }) => finding.startsWith("its body cannot be read")))
    return { findings, unproven: ["all else: rows that cannot be read come first"], ...nothingRead } satisfies StoreReport
  const chain = yield* checkChain(tenant, auditor, witness, find)
  if (chain.firstBad !== null) {
    const unproven = ["rows against the audit log: it is not sound itself"]
    return { findings, unproven, ...nothingRead, auditRecords: chain.size } satisfies StoreReport
  }
  const log = yield* readLog(tenant, find)
  yield* checkHead(tenant, chain, log.last, find)
  const unproven: string[] = [...log.unproven]
  const older: string[] = []
  yield* Stream.runForEach(store.unrecorded(tenant), ({ row, finding, isOlder }) =>
    Effect.sync(() => {
      if (isOlder) older.push(row)
      else find(row, finding)
    }),
  )
  if (older.length > 0) unproven.push(olderSentence(older))
  const receipts = yield* verifyReceipts(tenant, find)
  yield* verifyPeriods(tenant, log.periods, find)
  yield* verifyNumbers(tenant, log.numbers, find)
  yield* verifyExports(tenant, log.exports, auditor, find)
  // what is compared here is sound only where all else is
  if (findings.length === 0) {
    yield* verifyFigures(tenant, find)
    yield* verifyPrepaid(tenant, find)
  }
  if (findings.length === 0) yield* checkConservation(tenant, find)
  const readTwice = yield* findReadTwice(tenant)
  return { findings, unproven, readTwice, auditRecords: chain.size, receipts, entries: Number(log.last.position) } satisfies StoreReport
})

const namedMaximum = 3

const olderSentence = (rows: readonly string[]): string => {
  const more = rows.length > namedMaximum ? ` and ${rows.length - namedMaximum} more` : ""
  return `${rows.slice(0, namedMaximum).join(", ")}${more}: kept by a release that did not write their digests into the audit log`
}

/** The audit chain with its keys; a record's time is given with the report. */
const checkChain = Effect.fnUntraced(function* (tenant: string, auditor: AuditorKeys, witness: Witness | null, find: Find) {
  const store = yield* BillingStore
  const verifier = makeChainVerifier(nodeCryptography, {
    chain: 1,
    origin: auditor.origin,
    publicKey: auditor.auditPublicKey,
    publicKeyFingerprint: auditor.auditFingerprint,
    macKey: auditor.auditMacKey,
    ...(witness === null ? {} : { witness }),
  })
  const last = { atMicroseconds: 0n, actionId: 0n }
  const repeated = findRepeatedActs()
  yield* Stream.runForEach(store.auditRecords(tenant, 1n), (record) =>
    Effect.sync(() => {
      verifier.push(record, record.projection ?? undefined)
      checkProjection(record, find)
      last.atMicroseconds = record.atMicroseconds
      const event = record.kind === "event" ? decodeEvent(record.payload) : null
      if (event?.actionId === undefined) return
      for (const finding of repeated(event)) find(`audit record ${record.sequence}`, finding)
      last.actionId = BigInt(event.actionId)
    }),
  )
  const report = verifier.finish()
  if (report.firstBad !== null) find(`audit record ${report.firstBad.sequence}`, report.firstBad.reason)
  return { ...report, last }
})

/** Reads the sound log again, the journal beside it, for all that the other rows are compared with. */
const readLog = Effect.fnUntraced(function* (tenant: string, find: Find) {
  const store = yield* BillingStore
  const journal = matchEntries(tenant, find)
  const ingest = ingestTold(tenant, find)
  const [periods, numbers, exports] = [periodsTold(), numbersTold(), exportsTold(journal.throughPosition)]
  yield* Stream.runForEach(store.auditRecords(tenant, 1n), ({ kind, payload, atMicroseconds }) => {
    const event = kind === "event" ? decodeEvent(payload) : null
    if (event === null) return Effect.void
    for (const told of [periods, numbers, exports]) told.take(event)
    if (event.action === "entry.post") return journal.told(event, atMicroseconds)
    return event.action === "ingest.run" ? ingest.take(event) : Effect.void
  })
  const last = yield* journal.finish()
  return { last, unproven: yield* ingest.finish(), periods, numbers, exports }
})

/** An event has the columns that it is searched by, what is no event has none: the verifier compares those that it is given. */
const checkProjection = ({ kind, sequence, projection }: StoredAuditRecord, find: Find): void => {
  if ((kind === "event") !== (projection !== null))
    find(`audit record ${sequence}`, `it is of kind ${kind}, and the columns that events are searched by say otherwise`)
}

type CheckedChain = Effect.Success<ReturnType<typeof checkChain>>
type LastEntry = Effect.Success<ReturnType<typeof readLog>>["last"]

/** Where the head row says that the log ends, against where it does. */
const checkHead = Effect.fnUntraced(function* (tenant: string, { head: chain, last }: CheckedChain, entry: LastEntry, find: Find) {
  const store = yield* BillingStore
  const head = yield* store.storedHead(tenant)
  const told = (finding: string): void => find("audit head", finding)
  if (head === null) {
    if (chain.sequence > 0n) told(`it is not stored any more, and ${chain.sequence} records are`)
    return
  }
  const { chainSequence, entryCount, atMicroseconds, commitSequence } = head
  if (chainSequence !== chain.sequence) {
    told(
      `the head says ${chainSequence} records, ${chain.sequence} are stored: ${chainSequence > chain.sequence ? "the end of the log was cut off" : "the head was put back"}`,
    )
  }
  if (head.chainEpoch !== chain.epoch) told(`the head says epoch ${head.chainEpoch}, the log ends in epoch ${chain.epoch}`)
  if (Buffer.compare(head.chainLink, chain.link) !== 0) told("column chain_link is not the link of the last record")
  if (head.chainCarried !== encodeChainHead(chain)) told("column chain_carried does not say where the log ends")
  if (entryCount !== entry.position) told(`the head says ${entryCount} entries, the last stands at position ${entry.position}`)
  const commits = entry.commitSequence > last.actionId ? entry.commitSequence : last.actionId
  if (commitSequence < commits) told(`the head says ${commitSequence} commits, the last act is ${commits}`)
  // a check whether a checkpoint is due moves it on and writes nothing
  const latest = last.atMicroseconds + checkpointMicrosecondsMaximum
  if (atMicroseconds < last.atMicroseconds || atMicroseconds > latest) {
    told(`column at_microseconds holds ${atMicroseconds}, the last record is of ${last.atMicroseconds}`)
  }
})

/** The credits of all projects are what the account for money paid ahead holds. */
const verifyPrepaid = Effect.fnUntraced(function* (tenant: string, find: Find) {
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
