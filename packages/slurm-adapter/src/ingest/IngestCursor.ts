import { type JobRecord, jobKey, type Window } from "@hpc-billing/core"

/**
 * How far a cluster's records have been read, as plain data for a store to keep: one cursor to a cluster. It moves only by `advance`, and only past what
 * was surely read.
 */
export interface IngestCursor {
  readonly cluster: string
  readonly readUntilSeconds: number
  /** The record that ended last: an answer to a question that must contain it proves that Slurm answers at all. Null before the first. */
  readonly canary: { readonly key: string; readonly jobId: string; readonly endSeconds: number } | null
  /** Jobs seen without an end, asked for again by id. */
  readonly openJobs: readonly { readonly key: string; readonly jobId: string }[]
}

export interface IngestSettings {
  /** Read again before the cursor: Slurm writes late. */
  readonly overlapSeconds: number
  /** At most in one read. */
  readonly windowSeconds: number
  /** Not read before this age: the end of a job reaches the database a little later. */
  readonly settleSeconds: number
  readonly openJobsMaximum: number
}

export const ingestDefaults: IngestSettings = { overlapSeconds: 6 * 3_600, windowSeconds: 86_400, settleSeconds: 60, openJobsMaximum: 500 }

export interface ReadPlan {
  readonly window: Window
  /** A second question with a known answer. */
  readonly canary: { readonly key: string; readonly jobId: string; readonly window: Window } | null
  readonly openJobIds: readonly string[]
}

export const startCursor = (cluster: string, fromSeconds: number): IngestCursor => ({
  cluster,
  readUntilSeconds: fromSeconds,
  canary: null,
  openJobs: [],
})

/** What to read next; null when all that is settled has been read. */
export const planRead = (cursor: IngestCursor, nowSeconds: number, settings: IngestSettings = ingestDefaults): ReadPlan | null => {
  const settled = nowSeconds - settings.settleSeconds
  if (settled <= cursor.readUntilSeconds) return null
  const startSeconds = Math.max(0, cursor.readUntilSeconds - settings.overlapSeconds)
  const { canary } = cursor
  return {
    window: { startSeconds, endSeconds: Math.min(settled, cursor.readUntilSeconds + settings.windowSeconds) },
    canary: canary && {
      key: canary.key,
      jobId: canary.jobId,
      window: { startSeconds: canary.endSeconds - 1, endSeconds: canary.endSeconds + 1 },
    },
    openJobIds: cursor.openJobs.slice(0, settings.openJobsMaximum).map(({ jobId }) => jobId),
  }
}

export interface ReadAnswer {
  /** The window that was read whole, from the first byte to the last. */
  readonly window: Window
  /** Whether only some users, accounts or partitions were asked for. */
  readonly filtered: boolean
  /** Of the window and of the open jobs. */
  readonly records: readonly JobRecord[]
  /** Answers to the canary's question; null when there was none to ask. */
  readonly canaryKeys: readonly string[] | null
}

export type Advance =
  | { readonly kind: "advanced"; readonly cursor: IngestCursor }
  | { readonly kind: "kept"; readonly cursor: IngestCursor; readonly reason: KeptReason }

export type KeptReason =
  /** A filtered read says nothing of the rest. */
  | "filtered"
  /** There is a hole between the cursor and the window. */
  | "gap"
  /** Slurm did not answer with a record that it must know: it is failing in silence. */
  | "canary-missing"
  /** Nothing came, and there is no canary yet to tell an empty day from a silent failure: read again over a longer time. */
  | "empty"

/** The cursor after an answer. Reading a window again, in any order, keeps or moves it alike; it never goes back. */
export const advance = (cursor: IngestCursor, answer: ReadAnswer): Advance => {
  const kept = (reason: KeptReason): Advance => ({ kind: "kept", cursor, reason })
  if (answer.filtered) return kept("filtered")
  if (answer.window.startSeconds > cursor.readUntilSeconds) return kept("gap")
  if (cursor.canary !== null && !(answer.canaryKeys ?? []).includes(cursor.canary.key)) return kept("canary-missing")
  if (cursor.canary === null && answer.records.length === 0) return kept("empty")
  const records = answer.records.filter(({ cluster }) => cluster === cursor.cluster)
  return {
    kind: "advanced",
    cursor: {
      cluster: cursor.cluster,
      readUntilSeconds: Math.max(cursor.readUntilSeconds, answer.window.endSeconds),
      canary: canaryOf(cursor.canary, records),
      openJobs: openJobsOf(cursor.openJobs, records),
    },
  }
}

const canaryOf = (known: IngestCursor["canary"], records: readonly JobRecord[]): IngestCursor["canary"] => {
  let latest = known
  for (const record of records) {
    const { endSeconds } = record
    if (endSeconds === null || record.eligibleSeconds === null) continue
    const key = jobKey(record)
    const later = latest === null || endSeconds > latest.endSeconds || (endSeconds === latest.endSeconds && key > latest.key)
    if (later) latest = { key, jobId: record.jobId, endSeconds }
  }
  return latest
}

const openJobsOf = (known: IngestCursor["openJobs"], records: readonly JobRecord[]): IngestCursor["openJobs"] => {
  const open = new Map(known.map((job) => [job.key, job]))
  for (const record of records) if (record.endSeconds === null) open.set(jobKey(record), { key: jobKey(record), jobId: record.jobId })
  for (const record of records) if (record.endSeconds !== null) open.delete(jobKey(record))
  return [...open.values()].sort((left, right) => (left.key < right.key ? -1 : left.key > right.key ? 1 : 0))
}
