import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema } from "effect/http-api"
import { Access, Problems, readErrors, writeErrors } from "../Identity.ts"
import { routes } from "../routes.ts"
import { Sentence } from "../sentences.ts"
import {
  DataUntil,
  Identifier,
  Instant,
  inTenant,
  Money,
  Month,
  Name,
  NotPosted,
  pageOf,
  pageQuery,
  Reason,
  Sha256,
  writeHeaders,
} from "../values.ts"

export const EntryView = Schema.Struct({
  id: Schema.String,
  /** null on a preview. */
  position: Schema.NullOr(Schema.String),
  postedAt: Schema.NullOr(Instant),
  effectiveDate: Schema.String,
  month: Schema.String,
  memo: Schema.String,
  kind: Schema.String,
  receiptId: Schema.NullOr(Schema.String),
  receiptNumber: Schema.NullOr(Schema.String),
  reverses: Schema.NullOr(Schema.String),
  lines: Schema.Array(
    Schema.Struct({
      account: Schema.String,
      accountName: Schema.String,
      accountNameThai: Schema.String,
      debit: Schema.NullOr(Money),
      credit: Schema.NullOr(Money),
      payerId: Schema.String,
      memo: Schema.String,
    }),
  ),
}).annotate({ identifier: "Entry" })
export type EntryView = typeof EntryView.Type

export const TrialBalanceView = Schema.Struct({
  /** null: over all months. */
  month: Schema.NullOr(Schema.String),
  rows: Schema.Array(
    Schema.Struct({
      account: Schema.String,
      accountName: Schema.String,
      accountNameThai: Schema.String,
      accountType: Schema.String,
      debit: Money,
      credit: Money,
      balance: Money,
    }),
  ),
  debit: Money,
  credit: Money,
  balanced: Schema.Boolean,
}).annotate({ identifier: "TrialBalance" })
export type TrialBalanceView = typeof TrialBalanceView.Type

export const JournalPreview = Schema.Struct({
  month: Schema.String,
  /** At most 200 of them. */
  entries: Schema.Array(EntryView),
  entryCount: Schema.Int,
  /** Equals the digest of what posting writes. */
  sha256: Sha256,
  trialBalance: TrialBalanceView,
}).annotate({ identifier: "JournalPreview" })
export type JournalPreview = typeof JournalPreview.Type

export class JournalGroup extends HttpApiGroup.make("journal")
  .add(
    HttpApiEndpoint.get("entries", routes.journal.entries.path, {
      params: inTenant,
      query: { month: Schema.optionalKey(Month), receiptId: Schema.optionalKey(Identifier), ...pageQuery },
      success: pageOf(EntryView),
      error: readErrors,
    }),
    HttpApiEndpoint.get("trialBalance", routes.journal.trialBalance.path, {
      params: inTenant,
      query: { month: Schema.optionalKey(Month) },
      success: TrialBalanceView,
      error: readErrors,
    }),
    HttpApiEndpoint.get("preview", routes.journal.preview.path, {
      params: inTenant,
      query: { month: Month },
      success: JournalPreview,
      error: readErrors,
    }),
    HttpApiEndpoint.post("post", routes.journal.post.path, {
      params: inTenant,
      headers: writeHeaders,
      payload: Schema.Struct({ month: Month }),
      success: Schema.Struct({ month: Schema.String, entriesPosted: Schema.Int, sha256: Sha256 }),
      error: writeErrors,
    }),
  )
  .middleware(Access)
  .middleware(Problems) {}

const Step = Schema.Struct({
  step: Schema.Literals(["ingested", "rated", "reviewed", "issued", "posted", "exported"]),
  state: Schema.Literals(["done", "now", "blocked", "later"]),
  /** What stands in the way, each with the next step. */
  blockers: Schema.Array(Sentence),
  ...Sentence.fields,
})

export const PeriodHeaderView = Schema.Struct({
  month: Schema.String,
  status: Schema.Literals(["not-opened", "open", "closed"]),
  closedAt: Schema.NullOr(Instant),
  closedBy: Schema.NullOr(Schema.String),
  journalSha256: Schema.NullOr(Sha256),
  entryCount: Schema.NullOr(Schema.Int),
  debit: Schema.NullOr(Money),
  credit: Schema.NullOr(Money),
}).annotate({ identifier: "PeriodHeader" })
export type PeriodHeaderView = typeof PeriodHeaderView.Type

/** The finance board of one month. */
export const PeriodView = Schema.Struct({
  ...PeriodHeaderView.fields,
  steps: Schema.Array(Step),
  canClose: Schema.Boolean,
  /** What the caller may ask for now; who asked to reopen a month does not approve it. */
  actions: Schema.Array(Schema.Literals(["close", "request-reopen", "reopen", "impair"])),
  /** Somebody asked to reopen the month, and it waits for another person's approval. */
  reopenRequest: Schema.NullOr(Schema.Struct({ requestedBy: Schema.String, requestedAt: Instant, reason: Schema.String })),
  receipts: Schema.Struct({ draft: Schema.Int, issued: Schema.Int, paid: Schema.Int, void: Schema.Int }),
  billed: Money,
  received: Money,
  due: Money,
  /** What the journal says is owed today over all months, by days since issue: the sums of the receivables report. */
  receivables: Schema.Array(Schema.Struct({ ageText: Schema.String, amount: Money, count: Schema.Int })),
  /** Issued, of any month, and not in the journal yet: not part of the receivables. */
  notPosted: NotPosted,
  dataUntil: DataUntil,
}).annotate({ identifier: "Period" })
export type PeriodView = typeof PeriodView.Type

const FateKind = Schema.Literals(["billed", "zero", "unmapped", "provisional", "unbilled", "held"])

/** What became of one job, reading or period amount of a month, or of a record that could not be read; its sentence says what to do about it. */
export const FateView = Schema.Struct({
  subject: Schema.Literals(["job", "reading", "period", "rejection"]),
  /** The usage's id; of a period amount its payer and group; of a rejected record its place. */
  id: Schema.String,
  cluster: Schema.String,
  account: Schema.String,
  user: Schema.String,
  /** As people see it; empty where it is no job. */
  jobId: Schema.String,
  kind: FateKind,
  /** Why it costs nothing or was rejected; `running` or `pending`; `changed`: billed otherwise than it is rated now. */
  reason: Schema.NullOr(Schema.String),
  /** The lines that stand for it on receipts that are not void. */
  lines: Schema.Array(Schema.Struct({ lineId: Schema.String, receiptNumber: Schema.String })),
  /** How it breaks the rule that each usage is billed exactly once, as it is rated. */
  breach: Schema.NullOr(Schema.Literals(["not-billed", "billed-otherwise", "billed-twice", "no-record"])),
  ...Sentence.fields,
}).annotate({ identifier: "Fate" })
export type FateView = typeof FateView.Type

export const FatesView = Schema.Struct({
  month: Schema.String,
  status: Schema.Literals(["open", "closed"]),
  /** Of the whole month, whatever the filter; rejected records, whose month is not known, are counted for none. */
  counts: Schema.Struct({
    billed: Schema.Int,
    zero: Schema.Int,
    unmapped: Schema.Int,
    provisional: Schema.Int,
    unbilled: Schema.Int,
    breaches: Schema.Int,
  }),
  ...pageOf(FateView).fields,
}).annotate({ identifier: "Fates" })
export type FatesView = typeof FatesView.Type

export class PeriodsGroup extends HttpApiGroup.make("periods")
  .add(
    HttpApiEndpoint.get("list", routes.periods.list.path, {
      params: inTenant,
      success: Schema.Struct({ periods: Schema.Array(PeriodHeaderView) }),
      error: readErrors,
    }),
    HttpApiEndpoint.get("get", routes.periods.get.path, { params: { ...inTenant, month: Month }, success: PeriodView, error: readErrors }),
    /** Every job and reading of the month with its one fate, then the records that could not be read. */
    HttpApiEndpoint.get("fates", routes.periods.fates.path, {
      params: { ...inTenant, month: Month },
      query: {
        kind: Schema.optionalKey(FateKind),
        /** `breaches`: what is not billed exactly once, as it is rated, and should be by now. */
        only: Schema.optionalKey(Schema.Literal("breaches")),
        cluster: Schema.optionalKey(Name),
        account: Schema.optionalKey(Name),
        user: Schema.optionalKey(Name),
        jobId: Schema.optionalKey(Name),
        ...pageQuery,
      },
      success: FatesView,
      error: readErrors,
    }),
    HttpApiEndpoint.post("close", routes.periods.close.path, {
      params: { ...inTenant, month: Month },
      headers: writeHeaders,
      success: PeriodHeaderView,
      error: writeErrors,
    }),
    /** Asks to open a closed month again; another person approves it by `reopen`. */
    HttpApiEndpoint.post("requestReopen", routes.periods.requestReopen.path, {
      params: { ...inTenant, month: Month },
      headers: writeHeaders,
      payload: Schema.Struct({ reason: Reason }),
      success: PeriodView,
      error: writeErrors,
    }),
    HttpApiEndpoint.post("reopen", routes.periods.reopen.path, {
      params: { ...inTenant, month: Month },
      headers: writeHeaders,
      success: PeriodHeaderView,
      error: writeErrors,
    }),
    /** Brings the allowance for expected losses to what the age of the receivables asks for. */
    HttpApiEndpoint.post("impair", routes.periods.impair.path, {
      params: { ...inTenant, month: Month },
      headers: writeHeaders,
      success: Schema.Struct({ month: Schema.String, entriesPosted: Schema.Int }),
      error: writeErrors,
    }),
  )
  .middleware(Access)
  .middleware(Problems) {}

export const ExportView = Schema.Struct({
  id: Schema.String,
  month: Schema.String,
  profile: Schema.String,
  exportedAt: Instant,
  manifestSha256: Sha256,
  throughPosition: Schema.String,
  chainSequence: Schema.String,
}).annotate({ identifier: "Export" })
export type ExportView = typeof ExportView.Type

export const FileView = Schema.Struct({ name: Schema.String, mediaType: Schema.String, byteCount: Schema.Int, sha256: Sha256 }).annotate({
  identifier: "File",
})
export type FileView = typeof FileView.Type

const exportParams = { ...inTenant, exportId: Identifier }

export class ExportsGroup extends HttpApiGroup.make("exports")
  .add(
    HttpApiEndpoint.get("list", routes.exports.list.path, {
      params: inTenant,
      query: { month: Schema.optionalKey(Month) },
      success: Schema.Struct({ exports: Schema.Array(ExportView) }),
      error: readErrors,
    }),
    HttpApiEndpoint.post("create", routes.exports.create.path, {
      params: inTenant,
      headers: writeHeaders,
      payload: Schema.Struct({ month: Month }),
      success: ExportView,
      error: writeErrors,
    }),
    HttpApiEndpoint.get("files", routes.exports.files.path, {
      params: exportParams,
      success: Schema.Struct({ export: ExportView, files: Schema.Array(FileView) }),
      error: readErrors,
    }),
    HttpApiEndpoint.get("file", routes.exports.file.path, {
      params: { ...exportParams, name: Identifier },
      success: Schema.Uint8Array.pipe(HttpApiSchema.asUint8Array({ contentType: "application/octet-stream" })),
      error: readErrors,
    }),
    HttpApiEndpoint.get("verify", routes.exports.verify.path, {
      params: exportParams,
      /** Every file's bytes against the manifest, and the manifest against its seals. */
      success: Schema.Struct({ ok: Schema.Boolean, checkedFiles: Schema.Int, findings: Schema.Array(Schema.String) }),
      error: readErrors,
    }),
  )
  .middleware(Access)
  .middleware(Problems) {}
