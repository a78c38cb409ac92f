import type { CanonicalValue, JobRecord, JobState, Receipt, ReceiptLine, ReceiptStatus, Rejection, Window } from "@hpc-billing/core"
import type { Appended, AuditEvent, AuditProjection, AuditRecord, ChainHead, Entry, Period, Transfer } from "@hpc-billing/ledger"
import { Context, type Effect, type Result, type Stream } from "effect"
import type { StoreError } from "./StoreError.ts"

/**
 * Everything the service keeps, behind one port without a driver's types: job records as read, the books, documents and
 * files, the audit chain. Implementations: PostgreSQL 15+ and the embedded PGlite, proven by `storeConformance`.
 * The tenant (a cluster's or site's books) leads every key; nothing here crosses two tenants.
 *
 *   ingestRecords -> job records, all versions -> records(window) ...rate... -> commit(plan) -> receipts, entries, audit rows
 *
 * Money and documents are written by `commit` alone: one sequencer per tenant, groups in one transaction with their audit rows.
 */
export class BillingStore extends Context.Service<BillingStore, StoreFunctions>()("@hpc-billing/service/BillingStore") {}

type Answer<A> = Effect.Effect<A, StoreError>
type Rows<A> = Stream.Stream<A, StoreError>

export interface StoreFunctions {
  // Job records -------------------------------------------------------------------------------------------------------
  /**
   * Idempotent on (tenant, cluster, job id, submit). Any number of records; `batchRecordsMaximum` go in one transaction.
   *
   * Of two contents of a job the later said stands (`preferRecord` lets an ended one stand before a running one). With
   * `asOfMicroseconds` the records were said then: they stand against what was said before, also when they go back to an
   * earlier content. Without it they are of unknown age, and count as said now: a content not seen before is news, one seen
   * before is not.
   */
  readonly ingestRecords: (tenant: string, records: readonly JobRecord[], asOfMicroseconds?: bigint) => Answer<IngestCounts>
  /** Idempotent by content; answers how many were new. */
  readonly storeRejections: (tenant: string, rejections: readonly Rejection[]) => Answer<number>
  readonly listRejections: (tenant: string, page: PageRequest) => Answer<Page<Rejection>>
  /** Digests of what was read after the places given: record versions up to a sequence, rejections up to a time (to the latest when null). */
  readonly digestIngested: (tenant: string, span: IngestSpan) => Answer<IngestDigest>
  /** Newest first. */
  readonly listIngestRuns: (tenant: string, page: PageRequest) => Answer<Page<IngestRun>>
  readonly ingestRun: (tenant: string, id: string) => Answer<IngestRun | null>
  readonly ingestCursor: (tenant: string, cluster: string) => Answer<string | null>
  /** The sequence of the latest accepted or replaced version; 0 when there is none. */
  readonly ingestHead: (tenant: string) => Answer<bigint>
  /** The latest sequence above the given one of a job whose time, in any of its versions, lies in the window; else the given one. */
  readonly ingestedIn: (tenant: string, window: Window, sequence: bigint) => Answer<bigint>
  /**
   * Current records whose time lies in the window (`recordSpan`), each once. With `asOfSequence` those that were current
   * when the ingest head stood there, so that a month can be priced again from exactly what it was priced from.
   */
  readonly records: (tenant: string, query: RecordQuery) => Rows<JobRecord>
  /**
   * Every attempt, as it stood at `asOfSequence`, of the jobs of which some version came after `sinceSequence` and was submitted or
   * started before the instant: those whose usage before it may have changed since. A record may come more than once.
   */
  readonly changedRecords: (tenant: string, query: ChangedQuery) => Rows<JobRecord>
  /** All versions of one job, oldest first: `jobId` alone or with `submitSeconds`. */
  readonly recordVersions: (tenant: string, job: JobReference) => Answer<readonly RecordVersion[]>
  /** Current records of the job ids that have more than one, by cluster, job id and submit time. */
  readonly repeatedJobs: (tenant: string) => Rows<JobRecord>
  /** Latest start first. */
  readonly listRecords: (tenant: string, filter: RecordFilter, page: PageRequest) => Answer<Page<JobRecord>>

  // The commit --------------------------------------------------------------------------------------------------------
  readonly head: (tenant: string) => Answer<LedgerHead>
  /**
   * Runs `plan` on the head and stores what it answers, with its audit rows, all or nothing. `plan` is pure: it may run
   * again on a newer head. `idempotency` given: the same key and body replay the stored answer; another body is refused.
   */
  readonly commit: <A extends CanonicalValue, E>(
    tenant: string,
    idempotency: Idempotency | null,
    plan: (head: LedgerHead) => Result.Result<CommitPlan<A>, E>,
  ) => Effect.Effect<Committed<A>, StoreError | E>

  /**
   * Decides one act: locks the head row of the tenant's books, so that no other act can write meanwhile, runs `act`, whose reads of
   * this store all see the locked books, and stores what it plans with its audit rows, all or nothing. A plan without events stores
   * nothing and answers. `view` reads in the same transaction how the books stand then; with `dryRun` all of it is rolled back.
   * `Busy` after `lockWaitSecondsMaximum`. Only `commit/decide` calls this.
   */
  readonly decide: <A extends CanonicalValue, V, E, R>(
    tenant: string,
    act: LockedAct<A, V, E, R>,
  ) => Effect.Effect<Decided<V>, StoreError | E, R>
  /** What a command with this key answered; null when none did. Another body under the key is an IdempotencyConflict. */
  readonly commandAnswer: (tenant: string, idempotency: Idempotency) => Answer<CommandAnswer | null>

  /** Writes chain rows that are no event: a due checkpoint, a rotation. `make` is pure, as a plan is. */
  readonly appendToChain: (tenant: string, make: (head: ChainHead, atMicroseconds: bigint) => Appended) => Answer<ChainHead>

  // The books ---------------------------------------------------------------------------------------------------------
  readonly periods: (tenant: string) => Answer<readonly Period[]>
  /** In the order posted; filters narrow it. */
  readonly entries: (tenant: string, filter: EntryFilter) => Rows<PostedEntry>
  /**
   * The entries that move the account, of all receipts on which it may stand open at the end of the day, and those of no receipt; in the
   * order posted. Receipts that were settled in months before are left out.
   */
  readonly openEntries: (tenant: string, account: string, asOfDate: string) => Answer<readonly Entry[]>
  readonly listEntries: (tenant: string, filter: EntryFilter, page: PageRequest) => Answer<Page<PostedEntry>>
  /** Which of these entry ids are posted. */
  readonly postedEntryIds: (tenant: string, ids: readonly string[]) => Answer<ReadonlySet<string>>
  /** Of one account, in the order posted. */
  readonly listTransfers: (tenant: string, filter: TransferFilter, page: PageRequest) => Answer<Page<PostedTransfer>>
  /** Sums per account, currency and month up to and including the month (all months when null). */
  readonly balances: (tenant: string, untilMonth: string | null) => Answer<readonly AccountBalance[]>
  readonly auditRecords: (tenant: string, fromSequence: bigint) => Rows<StoredAuditRecord>
  /** Newest first. */
  readonly listAudit: (tenant: string, filter: AuditFilter, page: PageRequest) => Answer<Page<StoredAuditRecord>>

  // Verification --------------------------------------------------------------------------------------------------------
  /** Runs work that only reads on the store as it stands when the work begins, whatever others commit meanwhile. */
  readonly snapshot: <A, E, R>(work: Effect.Effect<A, E, R>) => Effect.Effect<A, E | StoreError, R>
  /** Rows that contradict themselves: a column that does not say what its body says, a sum that is not that of its rows. */
  readonly contradictions: (tenant: string) => Rows<Contradiction>
  /**
   * Issued receipts, documents, export runs, printed files and ingest runs that differ from their audit record, have none, or are gone,
   * and records that stand twice. What it says is sound where the audit chain is.
   */
  readonly unrecorded: (tenant: string) => Rows<Unrecorded>
  /** The head row as it stands, not judged; null when there is none. */
  readonly storedHead: (tenant: string) => Answer<StoredHead | null>
  /** The events of these subjects, oldest first. */
  readonly eventsOf: (tenant: string, subjects: readonly string[]) => Answer<readonly StoredAuditRecord[]>
  readonly documentNumbers: (tenant: string) => Answer<readonly DocumentNumber[]>
  readonly ingestCursors: (tenant: string) => Answer<ReadonlyMap<string, string>>

  // Receipts, documents, files ------------------------------------------------------------------------------------------
  /** With all its lines; null when there is none. */
  readonly receipt: (tenant: string, id: string) => Answer<StoredReceipt | null>
  /** Without its lines: what a line's receipt is and how it stands. */
  readonly receiptHeader: (tenant: string, id: string) => Answer<ReceiptHeader | null>
  readonly receiptByNumber: (tenant: string, number: string) => Answer<StoredReceipt | null>
  /** Without lines; newest month first. */
  readonly listReceipts: (tenant: string, filter: ReceiptFilter, page: PageRequest) => Answer<Page<ReceiptHeader>>
  readonly listLines: (tenant: string, filter: LineFilter, page: PageRequest) => Answer<Page<StoredLine>>
  /** Every line of the filter, in (receipt, position) order. */
  readonly lines: (tenant: string, filter: LineFilter) => Rows<StoredLine>
  /** The version, or the latest when null. */
  readonly document: (tenant: string, kind: string, version: number | null) => Answer<StoredDocument | null>
  readonly documents: (tenant: string, kind: string) => Answer<readonly DocumentHeader[]>
  /** Keeps a file made after its commit (a PDF). Idempotent: the same subject and name with other bytes is a Conflict. */
  readonly attachFile: (tenant: string, file: NewFile) => Answer<FileHeader>
  readonly files: (tenant: string, subject: string) => Answer<readonly FileHeader[]>
  readonly file: (tenant: string, subject: string, name: string) => Answer<StoredFile | null>
  /** Newest first. */
  readonly exportRuns: (tenant: string, month: string | null) => Answer<readonly ExportRun[]>
}

export const batchRecordsMaximum = 10_000
export const pageRowsMaximum = 1_000
export const commandsPerGroupMaximum = 1_000
/** An act that cannot begin within this time is told that the books are busy. */
export const lockWaitSecondsMaximum = 30

/** `cursor` is null for the first page, else `next` of the page before; its text means nothing to the reader. */
export interface PageRequest {
  readonly cursor: string | null
  /** 1 to `pageRowsMaximum`. */
  readonly limit: number
}

export interface Page<A> {
  readonly rows: readonly A[]
  readonly next: string | null
}

export interface IngestCounts {
  /** Jobs not seen before. */
  readonly accepted: number
  /** Newer versions that took the place of an older one. */
  readonly replaced: number
  /** Versions stored already, and ones that lost to what is there. */
  readonly known: number
}

export interface IngestRun extends IngestCounts {
  /** Made by the caller, unique per tenant: recording it twice is recording it once. */
  readonly id: string
  readonly cluster: string
  readonly source: string
  readonly startedAtSeconds: number
  readonly finishedAtSeconds: number
  readonly read: number
  readonly rejected: number
  readonly cursor: string | null
}

export interface RecordQuery {
  readonly window: Window
  readonly cluster?: string
  readonly asOfSequence?: bigint
}

export interface ChangedQuery {
  readonly sinceSequence: bigint
  readonly asOfSequence: bigint
  readonly beforeSeconds: number
}

export interface JobReference {
  readonly cluster: string
  readonly jobId: string
  readonly submitSeconds?: number
}

export interface RecordVersion {
  readonly record: JobRecord
  /** null: it lost to the version that was there when it came. */
  readonly ingestSequence: bigint | null
  /** The sequence of the version that stands in its place; null while it is current. */
  readonly replacedBy: bigint | null
  /** When it was said, or, where that is not known, stored. */
  readonly readAtMicroseconds: bigint
}

export interface RecordFilter {
  readonly window?: Window
  readonly cluster?: string
  readonly user?: string
  /** Any of these; an empty list finds nothing. */
  readonly accounts?: readonly string[]
  readonly partition?: string
  readonly state?: JobState
}

/** Where the books of a tenant stand, as the plan of a commit sees them. */
export interface LedgerHead {
  readonly tenant: string
  /** Commits so far. */
  readonly commitSequence: bigint
  /** Entries posted so far: the position of the latest. */
  readonly entryCount: bigint
  readonly chain: ChainHead
  /** The number that the next document of the series and year gets, from 1, dense. */
  readonly nextNumber: (series: string, year: number) => bigint
  /** Opened periods by month, in order. */
  readonly periods: ReadonlyMap<string, Period>
  /** Latest version by kind of document, 0 when there is none. */
  readonly documentVersion: (kind: string) => number
  /** Kinds that begin with the text, in order. */
  readonly documentKinds: (prefix: string) => readonly string[]
  /** The instant of this commit, from the store's clock. */
  readonly atMicroseconds: bigint
}

export interface Idempotency {
  readonly key: string
  /** SHA-256 (hex) of the command's canonical form. */
  readonly bodySha256: string
}

/** What a command wants stored. Absent parts are empty. Every commit has at least one audit event; an act without any stores nothing. */
export interface CommitPlan<A extends CanonicalValue> {
  /** Kept with the idempotency key and answered again on replay. */
  readonly answer: A
  readonly events: readonly AuditEvent[]
  readonly receipts?: readonly NewReceipt[]
  readonly receiptChanges?: readonly ReceiptChange[]
  /** Ones posted already with the same content are left out; with other content they are a Conflict. */
  readonly entries?: readonly Entry[]
  /** Opened, closed or reopened; each replaces the period of its month. */
  readonly periods?: readonly Period[]
  readonly documents?: readonly NewDocument[]
  /** How many numbers were taken from `nextNumber` on. */
  readonly numbers?: readonly { readonly series: string; readonly year: number; readonly taken: number }[]
  readonly exports?: readonly ExportRun[]
  /** Summaries of what was read; one with a cursor says where the cluster's next run begins. */
  readonly ingestRuns?: readonly IngestRun[]
  readonly files?: readonly NewFile[]
  /** Chain rows that are no event, after those of the events: a rotation. */
  readonly chainRows?: (head: ChainHead, atMicroseconds: bigint) => Appended
  /** Ends the commit's audit rows with a checkpoint: at a close and an export. */
  readonly checkpoint?: boolean
}

/** An act on the books, as `decide` runs it under the lock. */
export interface LockedAct<A extends CanonicalValue, V, E, R> {
  readonly idempotency: Idempotency | null
  readonly dryRun: boolean
  readonly act: (head: LedgerHead) => Effect.Effect<CommitPlan<A>, E, R>
  readonly view: (answer: A) => Effect.Effect<V, E, R>
}

export interface Decided<V> {
  readonly view: V
  /** The key had been used: the answer is that of then. */
  readonly replayed: boolean
}

export interface CommandAnswer {
  readonly answer: CanonicalValue
}

export interface Committed<A> {
  readonly answer: A
  readonly replayed: boolean
  /** Place of the commit that wrote it. */
  readonly commitSequence: bigint
  /** Entries that were new. */
  readonly entriesPosted: number
}

/** A receipt that is not stored yet, or that takes the place of a draft with its id. */
export interface NewReceipt {
  readonly receipt: Receipt
  /** Canonical bytes of an issued receipt; null on a draft. */
  readonly issuedBytes: Uint8Array | null
}

/** A change of status; refused as a Conflict when the stored status is not of the kind `from`. */
export interface ReceiptChange {
  readonly receiptId: string
  readonly from: ReceiptStatus["kind"]
  readonly to: ReceiptStatus
  /** Given when a draft is issued: its canonical bytes from now on. */
  readonly issuedBytes?: Uint8Array
}

export type ReceiptHeader = Omit<Receipt, "lines"> & {
  readonly lineCount: number
  /** Hex; null on a draft. */
  readonly issuedSha256: string | null
}

export interface StoredReceipt {
  readonly receipt: Receipt
  readonly issuedBytes: Uint8Array | null
  /** Hex; null on a draft. */
  readonly issuedSha256: string | null
}

export interface ReceiptFilter {
  readonly ids?: readonly string[]
  readonly month?: string
  readonly payerIds?: readonly string[]
  readonly status?: ReceiptStatus["kind"]
}

export interface StoredLine {
  readonly receiptId: string
  /** From 0, in the receipt's order. */
  readonly position: number
  readonly line: ReceiptLine
}

export interface LineFilter {
  readonly receiptId?: string
  readonly month?: string
  readonly user?: string
  readonly accounts?: readonly string[]
  readonly cluster?: string
  readonly jobId?: string
  /** null: amounts of the whole period, which belong to no usage. */
  readonly usageId?: string | null
  /** Any of these. */
  readonly usageIds?: readonly string[]
  /** Lines that correct this month, on receipts of any month. */
  readonly correctsMonth?: string
}

export interface PostedEntry {
  readonly entry: Entry
  /** From 1, dense, in the order of posting. */
  readonly position: bigint
  readonly postedAtMicroseconds: bigint
  readonly commitSequence: bigint
}

export interface EntryFilter {
  readonly month?: string
  readonly receiptId?: string
  /** Entries with a position greater than this. */
  readonly afterPosition?: bigint
}

export interface TransferFilter {
  readonly account: string
  readonly month?: string
}

export interface PostedTransfer {
  readonly entryId: string
  readonly position: bigint
  readonly month: string
  readonly effectiveDate: string
  readonly currency: string
  readonly transfer: Transfer
}

export interface AccountBalance {
  readonly account: string
  readonly currency: string
  readonly month: string
  readonly debitMinor: bigint
  readonly creditMinor: bigint
}

/** With what the store searches events by; null on a checkpoint or rotation. The verifier compares it with the payload. */
export interface StoredAuditRecord extends AuditRecord {
  readonly projection: AuditProjection | null
}

export interface AuditFilter {
  readonly action?: string
  readonly actor?: string
  readonly subject?: string
}

export interface Contradiction {
  /** The row: `receipt line t/2026-10/physics/1 3`. */
  readonly row: string
  readonly finding: string
}

export interface Unrecorded extends Contradiction {
  /** It may be older than the first record of its kind: releases before kept such rows without one, so that nothing proves it wrong. */
  readonly isOlder: boolean
}

/** The head row of the tenant's books, as stored. */
export interface StoredHead {
  readonly commitSequence: bigint
  readonly entryCount: bigint
  readonly chainSequence: bigint
  readonly chainEpoch: number
  readonly chainLink: Uint8Array
  /** What `encodeChainHead` wrote. */
  readonly chainCarried: string
  readonly atMicroseconds: bigint
}

export interface DocumentNumber {
  readonly series: string
  readonly year: number
  /** The number that comes next. */
  readonly nextNumber: bigint
}

/** What was read after one place and up to another: record versions by sequence, rejections by the time they were read. */
export interface IngestSpan {
  readonly recordsAfter: bigint
  readonly recordsThrough: bigint
  readonly rejectionsAfter: bigint
  /** null: up to the latest. */
  readonly rejectionsThrough: bigint | null
}

/** SHA-256 (hex) of the rows of a span in their order. */
export interface IngestDigest {
  readonly rejectionsThrough: bigint
  readonly recordsSha256: string
  readonly rejectionsSha256: string
}

/** Canonical bytes of a rate book, payer book, issuer ..., immutable once stored. */
export interface NewDocument {
  readonly kind: string
  /** One more than the latest of its kind. */
  readonly version: number
  readonly bytes: Uint8Array
}

export interface DocumentHeader {
  readonly kind: string
  readonly version: number
  /** Hex. */
  readonly sha256: string
  readonly storedAtMicroseconds: bigint
}

export interface StoredDocument extends DocumentHeader {
  readonly bytes: Uint8Array
}

/** A file that belongs to a receipt or export run: subject `receipt/<id>` or `export/<id>`. */
export interface NewFile {
  readonly subject: string
  readonly name: string
  readonly mediaType: string
  readonly bytes: Uint8Array
}

export interface FileHeader {
  readonly subject: string
  readonly name: string
  readonly mediaType: string
  readonly byteCount: number
  /** Hex. */
  readonly sha256: string
}

export interface StoredFile extends FileHeader {
  readonly bytes: Uint8Array
}

export interface ExportRun {
  readonly id: string
  readonly month: string
  readonly profile: string
  readonly exportedAtMicroseconds: bigint
  /** Hex of the manifest's bytes. */
  readonly manifestSha256: string
  /** Entries up to this position are in it. */
  readonly throughPosition: bigint
  readonly chainSequence: bigint
}
