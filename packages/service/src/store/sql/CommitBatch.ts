import { hash } from "node:crypto"
import { type CanonicalValue, canonicalJson } from "@hpc-billing/core"
import { type AuditEvent, type AuditRecord, canonicalEntry, type Entry, type Period } from "@hpc-billing/ledger"
import type { AuditChain } from "../AuditChain.ts"
import type { CommitPlan, ExportRun, Idempotency, IngestRun, NewDocument, NewFile, NewReceipt, ReceiptChange } from "../BillingStore.ts"
import { StoreError } from "../StoreError.ts"
import { storableText } from "./columns.ts"
import { type HeadState, numberKey } from "./HeadState.ts"

/** Rows of one group of commands, in the order of its commands, to be written in one transaction. */
export interface CommitBatch {
  readonly audit: AuditRecord[]
  readonly commands: CommandRow[]
  readonly entries: EntryRow[]
  readonly receipts: NewReceipt[]
  readonly replacedDrafts: string[]
  readonly receiptChanges: ReceiptChange[]
  readonly periods: Map<string, Period>
  readonly numbers: Map<string, { readonly series: string; readonly year: number }>
  readonly documents: (NewDocument & { readonly atMicroseconds: bigint })[]
  readonly exports: ExportRun[]
  readonly ingestRuns: IngestRun[]
  readonly files: (NewFile & { readonly sha256: string })[]
}

export interface CommandRow {
  readonly idempotency: Idempotency
  readonly answer: string
  readonly commitSequence: bigint
  readonly entriesPosted: number
}

export interface EntryRow {
  readonly entry: Entry
  readonly body: string
  readonly sha256: Buffer
  readonly position: bigint
  readonly commitSequence: bigint
  readonly atMicroseconds: bigint
}

export const emptyBatch = (): CommitBatch => ({
  audit: [],
  commands: [],
  entries: [],
  receipts: [],
  replacedDrafts: [],
  receiptChanges: [],
  periods: new Map(),
  numbers: new Map(),
  documents: [],
  exports: [],
  ingestRuns: [],
  files: [],
})

/** What is stored already of the things that the group's plans name, looked up once for the whole group and kept up to date. */
export interface Stored {
  /** SHA-256 (hex) by entry id. */
  readonly entries: Map<string, string>
  readonly receipts: Map<string, string>
  /** SHA-256 (hex) by subject and name. */
  readonly files: Map<string, string>
}

export const fileKey = (file: Pick<NewFile, "subject" | "name">): string => JSON.stringify([file.subject, file.name])

const conflict = (subject: string, sentence: string) => new StoreError({ reason: { _tag: "Conflict", sentence, subject } })

const assertEntry = (entry: Entry, tenant: string): void => {
  if (entry.tenant !== tenant) throw new RangeError(`entry ${entry.id} is of ${entry.tenant}, the commit of ${tenant}`)
  if (entry.transfers.length === 0) throw new RangeError(`entry ${entry.id} has no transfer`)
  for (const transfer of entry.transfers) {
    if (transfer.amountMinor <= 0n) throw new RangeError(`entry ${entry.id} moves ${transfer.amountMinor}: amounts are greater than zero`)
    if (transfer.debitAccount === transfer.creditAccount)
      throw new RangeError(`entry ${entry.id} debits and credits ${transfer.debitAccount}`)
  }
}

/**
 * Adds one plan to the batch and moves the state on. A StoreError is thrown when what is stored refuses it; the batch and
 * state are then to be dropped. Other errors are mistakes of the plan.
 */
export const addPlan = (
  batch: CommitBatch,
  state: HeadState,
  stored: Stored,
  chain: AuditChain,
  tenant: string,
  command: { readonly idempotency: Idempotency | null; readonly atMicroseconds: bigint },
  plan: CommitPlan<CanonicalValue>,
): { readonly commitSequence: bigint; readonly entriesPosted: number } => {
  if (plan.events.length === 0 && plan.chainRows === undefined) throw new RangeError("a commit has at least one audit event")
  const { atMicroseconds } = command
  const commitSequence = state.commitSequence + 1n
  const before = new Map(state.periods)
  for (const period of plan.periods ?? []) {
    state.periods.set(period.month, period)
    batch.periods.set(period.month, period)
  }

  let entriesPosted = 0
  for (const entry of plan.entries ?? []) {
    assertEntry(entry, tenant)
    const body = canonicalEntry(entry)
    const sha256 = hash("sha256", body, "buffer")
    const known = stored.entries.get(entry.id)
    if (known !== undefined && known !== sha256.toString("hex")) {
      throw conflict(entry.id, `Entry ${entry.id} is posted with other content: reverse it and post a new entry under its own id.`)
    }
    if (known !== undefined) continue
    const open = before.get(entry.month)?.status.kind === "open" || state.periods.get(entry.month)?.status.kind === "open"
    if (!open) {
      throw new StoreError({
        reason: {
          _tag: "PeriodClosed",
          sentence: `Entry ${entry.id} cannot be posted: the month ${entry.month} of ${tenant} is not open. Post it in the next open month, or reopen this one first.`,
          month: entry.month,
        },
      })
    }
    stored.entries.set(entry.id, sha256.toString("hex"))
    state.entryCount += 1n
    entriesPosted += 1
    batch.entries.push({ entry, body, sha256, position: state.entryCount, commitSequence, atMicroseconds })
  }

  for (const receipt of plan.receipts ?? []) {
    const { id, status } = receipt.receipt
    const known = stored.receipts.get(id)
    if (known !== undefined && known !== "draft") {
      throw conflict(id, `Receipt ${id} is ${known} already: read it instead of writing it, or correct it in a later receipt.`)
    }
    if (batch.receipts.some((added) => added.receipt.id === id))
      throw conflict(id, `Receipt ${id} is written twice at once: write it once.`)
    if (known === "draft") batch.replacedDrafts.push(id)
    stored.receipts.set(id, status.kind)
    batch.receipts.push(receipt)
  }
  for (const change of plan.receiptChanges ?? []) {
    const known = stored.receipts.get(change.receiptId)
    if (known !== change.from) {
      throw conflict(
        change.receiptId,
        `Receipt ${change.receiptId} is ${known ?? "not stored"}, not ${change.from}: read it again before changing it.`,
      )
    }
    if (batch.receiptChanges.some((made) => made.receiptId === change.receiptId)) {
      throw conflict(change.receiptId, `Receipt ${change.receiptId} is changed twice at once: change it once.`)
    }
    stored.receipts.set(change.receiptId, change.to.kind)
    batch.receiptChanges.push(change)
  }

  for (const document of plan.documents ?? []) {
    const next = (state.documents.get(document.kind) ?? 0) + 1
    if (document.version !== next) {
      throw conflict(
        `${document.kind}/${document.version}`,
        `The next version of ${document.kind} is ${next}, not ${document.version}: read the latest and repeat the change on it.`,
      )
    }
    state.documents.set(document.kind, next)
    batch.documents.push({ ...document, atMicroseconds })
  }
  for (const { series, year, taken } of plan.numbers ?? []) {
    if (!Number.isInteger(taken) || taken < 0) throw new RangeError(`${taken} is not a count of numbers taken from ${series} ${year}`)
    const key = numberKey(series, year)
    state.numbers.set(key, (state.numbers.get(key) ?? 1n) + BigInt(taken))
    batch.numbers.set(key, { series, year })
  }
  for (const file of plan.files ?? []) {
    const sha256 = hash("sha256", file.bytes, "hex")
    if (isStoredAlready(stored, file, sha256)) continue
    stored.files.set(fileKey(file), sha256)
    batch.files.push({ ...file, sha256 })
  }
  batch.exports.push(...(plan.exports ?? []))
  batch.ingestRuns.push(...(plan.ingestRuns ?? []))

  const actionId = String(commitSequence)
  const events = plan.events.map((event) => ({ ...storableEvent(event), actionId }))
  const appended = chain.append(tenant, state.chain, events, atMicroseconds)
  batch.audit.push(...appended.records)
  state.chain = appended.head
  if (plan.chainRows !== undefined) {
    const rows = plan.chainRows(state.chain, atMicroseconds)
    batch.audit.push(...rows.records)
    state.chain = rows.head
  }
  if (plan.checkpoint === true && state.chain.sequence !== state.chain.checkpointSequence) {
    const sealed = chain.checkpoint(tenant, state.chain, atMicroseconds)
    batch.audit.push(...sealed.records)
    state.chain = sealed.head
  }
  state.commitSequence = commitSequence
  state.atMicroseconds = atMicroseconds
  if (command.idempotency !== null) {
    batch.commands.push({ idempotency: command.idempotency, answer: canonicalJson(plan.answer), commitSequence, entriesPosted })
  }
  return { commitSequence, entriesPosted }
}

/** The columns that events are searched by hold what the payload says, so the payload holds what the columns can. */
const storableEvent = (event: AuditEvent): AuditEvent => ({
  ...event,
  action: storableText(event.action),
  actor: storableText(event.actor),
  requestId: storableText(event.requestId),
  subject: storableText(event.subject),
})

/** Whether the file is stored with these bytes; a Conflict is thrown when it is stored with others. */
export const isStoredAlready = (stored: Pick<Stored, "files">, file: NewFile, sha256: string): boolean => {
  const known = stored.files.get(fileKey(file))
  if (known !== undefined && known !== sha256) {
    throw conflict(
      `${file.subject}/${file.name}`,
      `The file ${file.name} of ${file.subject} is stored with other bytes: keep it, or store the new one under another name.`,
    )
  }
  return known !== undefined
}
