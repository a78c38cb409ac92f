import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup } from "effect/http-api"
import { Access, Problems, readErrors, writeErrors } from "../Identity.ts"
import { routes } from "../routes.ts"
import { Sentence } from "../sentences.ts"
import {
  Change,
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
  writeHeaders,
} from "../values.ts"
import { JobView } from "./usage.ts"

export const AuditView = Schema.Struct({
  sequence: Schema.String,
  at: Instant,
  epoch: Schema.Int,
  kind: Schema.Literals(["event", "checkpoint", "rotate"]),
  /** Empty on checkpoints and rotations. */
  action: Schema.String,
  actor: Schema.String,
  requestId: Schema.String,
  subject: Schema.String,
  detail: Schema.Record(Schema.String, Schema.String),
  link: Schema.String,
}).annotate({ identifier: "AuditRecord" })
export type AuditView = typeof AuditView.Type

export const ChainStatus = Schema.Struct({
  origin: Schema.String,
  records: Schema.String,
  epoch: Schema.Int,
  link: Schema.String,
  root: Schema.String,
  checkpointSequence: Schema.String,
  checkpointAt: Schema.NullOr(Instant),
  /** Records behind the last checkpoint. */
  unsealed: Schema.String,
}).annotate({ identifier: "ChainStatus" })
export type ChainStatus = typeof ChainStatus.Type

export const ChainVerification = Schema.Struct({
  ok: Schema.Boolean,
  records: Schema.String,
  sealedUpTo: Schema.String,
  unsealedTail: Schema.String,
  firstBad: Schema.NullOr(Schema.Struct({ sequence: Schema.String, fault: Schema.String, reason: Schema.String })),
  ...Sentence.fields,
}).annotate({ identifier: "ChainVerification" })
export type ChainVerification = typeof ChainVerification.Type

export class AuditGroup extends HttpApiGroup.make("audit")
  .add(
    HttpApiEndpoint.get("list", routes.audit.list.path, {
      params: inTenant,
      query: {
        actor: Schema.optionalKey(Identifier),
        action: Schema.optionalKey(Identifier),
        subject: Schema.optionalKey(Identifier),
        ...pageQuery,
      },
      success: pageOf(AuditView),
      error: readErrors,
    }),
    HttpApiEndpoint.get("status", routes.audit.status.path, { params: inTenant, success: ChainStatus, error: readErrors }),
    HttpApiEndpoint.get("verify", routes.audit.verify.path, { params: inTenant, success: ChainVerification, error: readErrors }),
  )
  .middleware(Access)
  .middleware(Problems) {}

const Ranked = Schema.Struct({ key: Schema.String, jobs: Schema.Int, amount: Schema.NullOr(Money) })

export const Kpis = Schema.Struct({
  month: Schema.String,
  compareMonth: Schema.NullOr(Schema.String),
  /** Priced in the month and not on an issued receipt yet. */
  unbilled: Money,
  /** What the journal says is owed today, over all months: the total of the receivables report. */
  receivables: Money,
  /** Issued, of any month, and not in the journal yet: not part of the receivables. */
  notPosted: NotPosted,
  paidIn30Days: Money,
  /** With tax, on the receipts of the month that stand. */
  billed: Money,
  billedChange: Schema.NullOr(Change),
  /** What the month's usage is priced at, before tax, billed or not. */
  cost: Money,
  costChange: Schema.NullOr(Change),
  jobs: Schema.Int,
  jobsCompared: Schema.NullOr(Schema.Int),
  energyKilowattHours: Schema.NullOr(Schema.String),
  topUsers: Schema.Array(Ranked),
  topAccounts: Schema.Array(Ranked),
  topTiers: Schema.Array(Ranked),
  /** Node lists expanded; jobs that ran on the node. */
  topNodes: Schema.Array(Schema.Struct({ key: Schema.String, jobs: Schema.Int })),
  states: Schema.Array(Schema.Struct({ key: Schema.String, jobs: Schema.Int })),
  exitCodes: Schema.Array(Schema.Struct({ key: Schema.String, jobs: Schema.Int })),
  /** Of the month, the latest start first. */
  recentJobs: Schema.Array(JobView),
  dataUntil: DataUntil,
}).annotate({ identifier: "Kpis" })
export type Kpis = typeof Kpis.Type

export class DashboardGroup extends HttpApiGroup.make("dashboard")
  .add(
    HttpApiEndpoint.get("kpis", routes.dashboard.kpis.path, {
      params: inTenant,
      query: { month: Month, compareMonth: Schema.optionalKey(Month) },
      success: Kpis,
      error: readErrors,
    }),
  )
  .middleware(Access)
  .middleware(Problems) {}

export const IngestRunView = Schema.Struct({
  id: Schema.String,
  cluster: Schema.String,
  source: Schema.String,
  startedAt: Instant,
  finishedAt: Instant,
  read: Schema.Int,
  accepted: Schema.Int,
  replaced: Schema.Int,
  known: Schema.Int,
  rejected: Schema.Int,
}).annotate({ identifier: "IngestRun" })
export type IngestRunView = typeof IngestRunView.Type

/** What an upload did, and what of its text users could have forged. */
export const UploadView = Schema.Struct({ ...IngestRunView.fields, warnings: Schema.Array(Schema.String) }).annotate({
  identifier: "Upload",
})
export type UploadView = typeof UploadView.Type

export const RejectionView = Schema.Struct({
  source: Schema.String,
  lineNumber: Schema.NullOr(Schema.Int),
  field: Schema.NullOr(Schema.String),
  reason: Schema.String,
  raw: Schema.String,
}).annotate({ identifier: "Rejection" })
export type RejectionView = typeof RejectionView.Type

export class IngestGroup extends HttpApiGroup.make("ingest")
  .add(
    HttpApiEndpoint.get("runs", routes.ingest.runs.path, {
      params: inTenant,
      query: pageQuery,
      success: pageOf(IngestRunView),
      error: readErrors,
    }),
    HttpApiEndpoint.get("rejections", routes.ingest.rejections.path, {
      params: inTenant,
      query: pageQuery,
      success: pageOf(RejectionView),
      error: readErrors,
    }),
    HttpApiEndpoint.post("sacct", routes.ingest.sacct.path, {
      params: inTenant,
      headers: writeHeaders,
      payload: Schema.Struct({
        cluster: Name,
        /** What `sacct --parsable2` printed, with its header line. */
        text: Schema.String.check(Schema.isMaxLength(20_000_000)),
        /** IANA zone of times that are not epoch seconds; without it such text is refused. */
        timeZone: Schema.optionalKey(Name),
      }),
      success: UploadView,
      error: writeErrors,
    }),
  )
  .middleware(Access)
  .middleware(Problems) {}
