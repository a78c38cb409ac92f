/** Slurm's words for how a job stands or ended; adapters take its other words for one of these. */
export const jobStates = [
  "PENDING",
  "RUNNING",
  "SUSPENDED",
  "COMPLETED",
  "CANCELLED",
  "FAILED",
  "TIMEOUT",
  "NODE_FAIL",
  "PREEMPTED",
  "BOOT_FAIL",
  "DEADLINE",
  "OUT_OF_MEMORY",
  "REQUEUED",
  "RESIZING",
  "REVOKED",
] as const

export type JobState = (typeof jobStates)[number]

/**
 * Counts by TRES name as Slurm writes it: `cpu` (cores), `mem` (MiB), `node`, `billing`, `gres/gpu`, `gres/gpu:a100`,
 * `license/matlab`. Typed GPUs are contained in `gres/gpu`, as Slurm writes them: never add the two.
 */
export type TresCounts = Readonly<Record<string, number>>

/**
 * What a scheduler says of one attempt of one job's allocation. Scheduler-neutral in shape, Slurm's words in content; the
 * adapters make it, `normalise` reads it. Not yet billable: a record may be repeated, newer, older or still running.
 *
 *   JobRecord --normalise--> Usage --slice--> Slice --rate--> RatedLine --draftReceipt--> Receipt
 *   (as read)                (once)           (one period,    (one sku)                   (one payer,
 *                                              one price)                                  one month)
 */
export interface JobRecord {
  readonly cluster: string
  /** Slurm's JobIDRaw: decimal digits. */
  readonly jobId: string
  readonly submitSeconds: number
  /** As people see it: `11_3`, `14+1`, `500001`. */
  readonly displayJobId: string
  readonly name: string
  readonly user: string
  readonly account: string
  readonly partition: string
  readonly qos: string
  readonly reservation: string
  readonly wckey: string
  readonly state: JobState
  /** null: none recorded (held, never eligible). */
  readonly eligibleSeconds: number | null
  /** null: never started, or not yet. */
  readonly startSeconds: number | null
  /** null: still running or pending, or lost. */
  readonly endSeconds: number | null
  /** Run time net of suspension, as Slurm says it. */
  readonly elapsedSeconds: number
  /** Total suspended time; its windows when the source knows them. */
  readonly suspendedSeconds: number
  readonly suspendedWindows: readonly { readonly startSeconds: number; readonly endSeconds: number }[] | null
  readonly requested: TresCounts
  /** Empty when nothing was allocated. */
  readonly allocated: TresCounts
  /** As written by Slurm: `n[1-4,7]`; empty when none. */
  readonly nodeList: string
  readonly exitCode: string
  readonly derivedExitCode: string
  readonly timeLimitSeconds: number | null
  /** Whole-node energy over the job; null when unknown or unset. */
  readonly energyJoules: bigint | null
  /** What the job really used, from its steps; null when no step reported it. */
  readonly consumedCpuMilliseconds: number | null
  readonly consumedMemoryBytesMaximum: number | null
}

/** (cluster, job id, submit time): the only key that every source carries, unique in Slurm's own job table. */
export const jobKey = (record: Pick<JobRecord, "cluster" | "jobId" | "submitSeconds">): string =>
  `${record.cluster}/${record.jobId}/${record.submitSeconds}`
