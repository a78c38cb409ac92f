import { jobStates } from "@hpc-billing/core"
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema } from "effect/http-api"
import { Access, Problems, readErrors } from "../Identity.ts"
import { routes } from "../routes.ts"
import { sentenceFields } from "../sentences.ts"
import {
  Change,
  DataUntil,
  Identifier,
  Instant,
  inTenant,
  Money,
  Month,
  monthsMaximum,
  Name,
  pageOf,
  pageQuery,
  Quantity,
} from "../values.ts"

const JobState = Schema.Literals(jobStates)

export const JobView = Schema.Struct({
  /** `cluster/jobId/submitSeconds`, as the route of one job. */
  usageId: Schema.String,
  cluster: Schema.String,
  jobId: Schema.String,
  submitSeconds: Schema.Int,
  displayJobId: Schema.String,
  name: Schema.String,
  user: Schema.String,
  account: Schema.String,
  partition: Schema.String,
  qos: Schema.String,
  state: JobState,
  submittedAt: Instant,
  startedAt: Schema.NullOr(Instant),
  endedAt: Schema.NullOr(Instant),
  elapsedSeconds: Schema.Int,
  /** `1-02:03:04`, as Slurm writes it. */
  elapsedText: Schema.String,
  cores: Schema.Int,
  gpus: Schema.Int,
  memoryMebibytes: Schema.Int,
  nodes: Schema.Int,
  nodeList: Schema.String,
  exitCode: Schema.String,
  /** Sum of its lines in the month asked for (all months when none); null while nothing has priced it yet. */
  charge: Schema.NullOr(Money),
  /** Why it costs nothing, in a word of the glossary; null when it is charged or not priced yet. */
  zeroReason: Schema.NullOr(Schema.String),
  /** Still running, or the month is not billed yet: the charge may change. */
  provisional: Schema.Boolean,
  /** Stands as running, but must long be gone: Slurm's database never learned of its end. */
  probablyRunaway: Schema.Boolean,
}).annotate({ identifier: "Job" })
export type JobView = typeof JobView.Type

export const LineView = Schema.Struct({
  receiptId: Schema.String,
  /** null on a draft. */
  receiptNumber: Schema.NullOr(Schema.String),
  receiptStatus: Schema.Literals(["draft", "issued", "paid", "void"]),
  month: Schema.String,
  position: Schema.Int,
  lineId: Schema.String,
  kind: Schema.Literals(["usage", "zero", "correction", "period"]),
  usageId: Schema.NullOr(Schema.String),
  payerId: Schema.String,
  cluster: Schema.String,
  account: Schema.String,
  user: Schema.String,
  jobId: Schema.String,
  jobName: Schema.String,
  partition: Schema.String,
  qos: Schema.String,
  state: Schema.String,
  windowStart: Instant,
  windowEnd: Instant,
  sku: Schema.String,
  quantity: Quantity,
  /** Decimal text in the currency for one unit. */
  unitPrice: Schema.String,
  /** quantity x unit price, exactly. */
  exactAmount: Schema.String,
  /** Its part of the receipt's rounded total. */
  billed: Money,
  /** Of the rate card; null: taxed as the payer is. */
  taxCode: Schema.NullOr(Schema.String),
  cardId: Schema.String,
  cardVersion: Schema.Int,
  cardHash: Schema.String,
  tier: Schema.String,
  overrideId: Schema.NullOr(Schema.String),
  basis: Schema.Literals(["allocated", "consumed", "dominant", "slurm-billing"]),
  zeroReason: Schema.NullOr(Schema.String),
  corrects: Schema.NullOr(
    Schema.Struct({ month: Schema.String, lineId: Schema.NullOr(Schema.String), receiptNumber: Schema.NullOr(Schema.String) }),
  ),
  provisional: Schema.Boolean,
  flags: Schema.Array(Schema.String),
}).annotate({ identifier: "Line" })
export type LineView = typeof LineView.Type

export const JobDetail = Schema.Struct({
  job: JobView,
  lines: Schema.Array(LineView),
  /** Every version that was read, oldest first. */
  versions: Schema.Array(
    Schema.Struct({
      readAt: Instant,
      state: JobState,
      endedAt: Schema.NullOr(Instant),
      standing: Schema.Literals(["current", "replaced", "older"]),
    }),
  ),
  dataUntil: DataUntil,
}).annotate({ identifier: "JobDetail" })
export type JobDetail = typeof JobDetail.Type

/** The way from a raw record to a billed amount: what the explain drawer shows, step by step. */
export const Explanation = Schema.Struct({
  line: LineView,
  /** One sentence, `91.503000 GPU-h x 45.00 = 4117.635 THB, billed 4117.64`. */
  sentence: Schema.String,
  /** In order: what was held, how it became a quantity, which price and why, the amount, the rounding. */
  steps: Schema.Array(Schema.Struct({ code: Schema.String, textEnglish: Schema.String, textThai: Schema.String })),
  /** Of the whole receipt: null for who may not read it, since it tells what others spent. */
  receiptNet: Schema.NullOr(Money),
  receiptGross: Schema.NullOr(Money),
  /** Allocated against really used, in thousandths; null where unknown. */
  efficiency: Schema.Struct({ cpuPermille: Schema.NullOr(Schema.Int), memoryPermille: Schema.NullOr(Schema.Int) }),
  card: Schema.Struct({
    id: Schema.String,
    version: Schema.Int,
    hash: Schema.String,
    effectiveFrom: Schema.NullOr(Schema.String),
    effectiveUntil: Schema.NullOr(Schema.String),
  }),
  /** The record as stored; null when the line is not of a job. */
  record: Schema.NullOr(Schema.Record(Schema.String, Schema.Unknown)),
  dataUntil: DataUntil,
}).annotate({ identifier: "Explanation" })
export type Explanation = typeof Explanation.Type

export const Summary = Schema.Struct({
  month: Schema.String,
  /** Billed or, in a month not billed yet, priced so far. */
  total: Money,
  /** Against the whole of the month before. */
  change: Change,
  jobs: Schema.Int,
  chargedJobs: Schema.Int,
  /** Jobs that ended in FAILED, TIMEOUT, NODE_FAIL, OUT_OF_MEMORY. */
  failedJobs: Schema.Int,
  failedCost: Money,
  runningJobs: Schema.Int,
  /** A closed or past month has none, nor have the first three days of a month. */
  forecast: Schema.NullOr(Schema.Struct({ low: Money, middle: Money, high: Money })),
  status: Schema.Literals(["not-priced", "draft", "billed", "closed"]),
  partial: Schema.Boolean,
  dataUntil: DataUntil,
}).annotate({ identifier: "Summary" })
export type Summary = typeof Summary.Type

export const Dimension = Schema.Literals(["day", "sku", "account", "user", "partition", "state", "qos", "tier", "payer", "cluster"])
export type Dimension = typeof Dimension.Type

export const CostGroup = Schema.Struct({
  /** Empty key: the rest beyond the ten largest, labelled by `others`. */
  key: Schema.String,
  others: Schema.Int,
  amount: Money,
  /** Share of the total in thousandths. */
  permille: Schema.Int,
  jobs: Schema.Int,
  quantities: Schema.Array(Quantity),
  /** Only with `compareMonth`. */
  change: Schema.NullOr(Change),
}).annotate({ identifier: "CostGroup" })
export type CostGroup = typeof CostGroup.Type

export const Costs = Schema.Struct({
  month: Schema.String,
  compareMonth: Schema.NullOr(Schema.String),
  by: Dimension,
  total: Money,
  change: Schema.NullOr(Change),
  /** Largest first (days in order); with `compareMonth` the largest absolute change first. At most ten and the rest. */
  groups: Schema.Array(CostGroup),
  partial: Schema.Boolean,
  dataUntil: DataUntil,
}).annotate({ identifier: "Costs" })
export type Costs = typeof Costs.Type

const MonthAmount = Schema.Struct({ month: Schema.String, ...Money.fields }).annotate({ identifier: "MonthAmount" })

/** Amounts of each month for at most ten keys and the rest: bars and lines over time. */
export const Series = Schema.Struct({
  by: Schema.Union([Dimension, Schema.Literal("total")]),
  months: Schema.Array(Schema.Struct({ month: Schema.String, total: Money, partial: Schema.Boolean })),
  series: Schema.Array(Schema.Struct({ key: Schema.String, others: Schema.Int, amounts: Schema.Array(MonthAmount) })),
  dataUntil: DataUntil,
}).annotate({ identifier: "Series" })
export type Series = typeof Series.Type

/** What the filters can be set to, of what the caller may see. */
export const Facets = Schema.Struct({
  users: Schema.Array(Schema.String),
  accounts: Schema.Array(Schema.String),
  partitions: Schema.Array(Schema.String),
  states: Schema.Array(Schema.String),
  clusters: Schema.Array(Schema.String),
  dataUntil: DataUntil,
}).annotate({ identifier: "Facets" })
export type Facets = typeof Facets.Type

/** What a planned job would cost at most, if it ran to its time limit; null with the reasons when its text cannot be read. */
export const EstimateAnswer = Schema.Struct({
  estimate: Schema.NullOr(
    Schema.Struct({
      /** As read, with what the site gives to jobs that do not ask. */
      account: Schema.String,
      user: Schema.String,
      cluster: Schema.String,
      partition: Schema.String,
      qos: Schema.String,
      nodes: Schema.Int,
      cores: Schema.Int,
      gpus: Schema.Int,
      memoryMebibytes: Schema.Int,
      timeLimitSeconds: Schema.Int,
      /** Tasks of the job array; 1 where it is none. */
      tasks: Schema.Int,
      /** Of one task. */
      lines: Schema.Array(
        Schema.Struct({
          sku: Schema.String,
          quantity: Quantity,
          unitPrice: Schema.String,
          exactAmount: Schema.String,
          zeroReason: Schema.NullOr(Schema.String),
          tier: Schema.String,
        }),
      ),
      /** Rounded half up, before tax. */
      perTask: Money,
      total: Money,
      /** Priced as if it started at this instant. */
      startsAt: Instant,
    }),
  ),
  problems: Schema.Array(Schema.Struct({ option: Schema.String, message: Schema.String, ...sentenceFields })),
}).annotate({ identifier: "Estimate" })
export type EstimateAnswer = typeof EstimateAnswer.Type

/** Each narrows; rows that are not the caller's are never there. */
const who = { user: Schema.optionalKey(Name), account: Schema.optionalKey(Name), cluster: Schema.optionalKey(Name) }

const jobFilter = {
  month: Schema.optionalKey(Month),
  ...who,
  partition: Schema.optionalKey(Name),
  state: Schema.optionalKey(JobState),
  /** `probably-runaway`: jobs that stand as running or suspended, but must long be gone. */
  only: Schema.optionalKey(Schema.Literal("probably-runaway")),
}

const lineFilter = {
  month: Schema.optionalKey(Month),
  ...who,
  receiptId: Schema.optionalKey(Identifier),
  jobId: Schema.optionalKey(Name),
  usageId: Schema.optionalKey(Identifier),
}

/** RFC 4180, UTF-8 with byte order mark; sent as it is read, and inert in a spreadsheet. */
const Csv = Schema.Uint8Array.pipe(HttpApiSchema.asUint8Array({ contentType: "text/csv" }))

export class UsageGroup extends HttpApiGroup.make("usage")
  .add(
    HttpApiEndpoint.get("jobs", routes.usage.jobs.path, {
      params: inTenant,
      query: { ...jobFilter, ...pageQuery },
      success: pageOf(JobView),
      error: readErrors,
    }),
    /** Every job of the list, in its order. */
    HttpApiEndpoint.get("jobsCsv", routes.usage.jobsCsv.path, { params: inTenant, query: jobFilter, success: Csv, error: readErrors }),
    HttpApiEndpoint.get("job", routes.usage.job.path, {
      params: { ...inTenant, cluster: Name, jobId: Name, submitSeconds: Schema.Int },
      success: JobDetail,
      error: readErrors,
    }),
    HttpApiEndpoint.get("lines", routes.usage.lines.path, {
      params: inTenant,
      query: { ...lineFilter, ...pageQuery },
      success: pageOf(LineView),
      error: readErrors,
    }),
    HttpApiEndpoint.get("linesCsv", routes.usage.linesCsv.path, { params: inTenant, query: lineFilter, success: Csv, error: readErrors }),
    HttpApiEndpoint.get("explain", routes.usage.explain.path, {
      params: inTenant,
      query: { receiptId: Identifier, lineId: Identifier },
      success: Explanation,
      error: readErrors,
    }),
    HttpApiEndpoint.get("summary", routes.usage.summary.path, {
      params: inTenant,
      query: { month: Month, ...who },
      success: Summary,
      error: readErrors,
    }),
    HttpApiEndpoint.get("costs", routes.usage.costs.path, {
      params: inTenant,
      query: { month: Month, by: Dimension, compareMonth: Schema.optionalKey(Month), ...who },
      success: Costs,
      error: readErrors,
    }),
    HttpApiEndpoint.get("series", routes.usage.series.path, {
      params: inTenant,
      query: {
        /** The last month of the series. */
        month: Month,
        months: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: monthsMaximum })),
        by: Schema.Union([Dimension, Schema.Literal("total")]),
        ...who,
      },
      success: Series,
      error: readErrors,
    }),
    HttpApiEndpoint.get("facets", routes.usage.facets.path, {
      params: inTenant,
      query: { month: Month },
      success: Facets,
      error: readErrors,
    }),
    HttpApiEndpoint.post("estimate", routes.usage.estimate.path, {
      params: inTenant,
      payload: Schema.Struct({
        /** An sbatch command line, or a script with `#SBATCH` lines. */
        text: Schema.String.check(Schema.isMaxLength(100_000)),
        /** Whose job; absent: the caller's first user name. */
        user: Schema.optionalKey(Name),
        /** Where the text names none. */
        account: Schema.optionalKey(Name),
        cluster: Schema.optionalKey(Name),
      }),
      success: EstimateAnswer,
      error: readErrors,
    }),
  )
  .middleware(Access)
  .middleware(Problems) {}
