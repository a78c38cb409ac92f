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

/**
 * A cursor while it is being moved. Without a canary an empty answer proves nothing, as Slurm can fail in silence: the read then looks ahead for a first
 * job, and reads the time before it again with that job as the proof. Never stored: a read that was cut off looks ahead anew.
 */
export interface ReadProgress {
  readonly cursor: IngestCursor
  readonly ahead: Ahead | null
  /** Of the next window: it doubles while nothing comes. */
  readonly windowSeconds: number
}

interface Ahead {
  /** Asked up to here, beyond the cursor. */
  readonly untilSeconds: number
  /** The first job behind an empty time; null while there is none. */
  readonly found: { readonly key: string; readonly jobId: string; readonly eligibleSeconds: number } | null
}

export interface IngestSettings {
  /** Read again before the cursor: Slurm writes late. */
  readonly overlapSeconds: number
  /** At most in one read of busy time. */
  readonly windowSeconds: number
  /** At most in one read of empty time. */
  readonly emptyWindowSeconds: number
  /** Not read before this age: the end of a job reaches the database a little later. */
  readonly settleSeconds: number
}

export const ingestDefaults: IngestSettings = {
  overlapSeconds: 6 * 3_600,
  windowSeconds: 86_400,
  emptyWindowSeconds: 32 * 86_400,
  settleSeconds: 60,
}

export interface ReadPlan {
  readonly window: Window
  /** The window is longer than one of busy time: its first record ends the read, and it is read again in shorter ones. */
  readonly untilFirst: boolean
  /** A second question with a known answer. */
  readonly canary: { readonly key: string; readonly jobId: string; readonly window: Window } | null
  /** After this window everything settled has been read: the time to ask for open jobs that no window brought. */
  readonly isLast: boolean
}

export const startCursor = (cluster: string, fromSeconds: number): IngestCursor => ({
  cluster,
  readUntilSeconds: fromSeconds,
  canary: null,
  openJobs: [],
})

export const startRead = (cursor: IngestCursor, settings: IngestSettings = ingestDefaults): ReadProgress => ({
  cursor,
  ahead: null,
  windowSeconds: settings.windowSeconds,
})

/** Where the next window begins. */
const position = ({ cursor, ahead }: ReadProgress): number => (ahead?.found === null ? ahead.untilSeconds : cursor.readUntilSeconds)

const proofOf = ({ cursor: { canary }, ahead }: ReadProgress): ReadPlan["canary"] => {
  const job = canary ?? ahead?.found ?? null
  if (job === null) return null
  const atSeconds = "endSeconds" in job ? job.endSeconds : job.eligibleSeconds
  return { key: job.key, jobId: job.jobId, window: { startSeconds: atSeconds - 1, endSeconds: atSeconds + 1 } }
}

/** What to read next; null when all that is settled has been read. */
export const planRead = (progress: ReadProgress, nowSeconds: number, settings: IngestSettings = ingestDefaults): ReadPlan | null => {
  const settled = nowSeconds - settings.settleSeconds
  const from = position(progress)
  if (settled <= from) return null
  const endSeconds = Math.min(settled, from + progress.windowSeconds)
  return {
    window: { startSeconds: Math.max(0, from - settings.overlapSeconds), endSeconds },
    untilFirst: endSeconds - from > settings.windowSeconds,
    canary: proofOf(progress),
    isLast: endSeconds === settled,
  }
}

export interface ReadAnswer {
  readonly window: Window
  /** Whether the read ended at the first record, as the plan said; else the window was read from the first byte to the last. */
  readonly cutShort: boolean
  /** Whether only some users, accounts or partitions were asked for. */
  readonly filtered: boolean
  /** Of the window and of the open jobs. */
  readonly records: readonly JobRecord[]
  /** Answers to the canary's question; null when there was none to ask. */
  readonly canaryKeys: readonly string[] | null
}

export type Advance =
  | { readonly kind: "advanced"; readonly progress: ReadProgress }
  /** Read on, the cursor is where it was: the time was read in part, or nothing proves it empty. */
  | { readonly kind: "looked"; readonly progress: ReadProgress }
  | { readonly kind: "kept"; readonly reason: KeptReason }

export type KeptReason =
  /** There is a hole between the cursor and the window. */
  | "gap"
  /** Slurm did not answer with a record that it must know: it is failing in silence. */
  | "canary-missing"

/** The cursor after an answer. Reading a window again, in any order, keeps or moves it alike; it never goes back. */
export const advance = (progress: ReadProgress, answer: ReadAnswer, settings: IngestSettings = ingestDefaults): Advance => {
  const { cursor, ahead } = progress
  if (answer.window.startSeconds > position(progress)) return { kind: "kept", reason: "gap" }
  const proof = proofOf(progress)
  if (proof !== null && !(answer.canaryKeys ?? []).includes(proof.key)) return { kind: "kept", reason: "canary-missing" }
  const records = answer.records.filter(({ cluster }) => cluster === cursor.cluster)
  const isEmpty = records.length === 0 && !answer.cutShort
  const windowSeconds = isEmpty ? Math.min(2 * progress.windowSeconds, settings.emptyWindowSeconds) : settings.windowSeconds
  const looked = (next: Ahead | null): Advance => ({ kind: "looked", progress: { cursor, ahead: next, windowSeconds } })
  const untilSeconds = Math.max(position(progress), answer.window.endSeconds)
  if (answer.filtered) return looked(answer.cutShort ? ahead : { untilSeconds, found: null })
  if (proof === null && (isEmpty || ahead !== null)) {
    const found = firstOf(records)
    return looked(found === null ? { untilSeconds, found } : { untilSeconds: ahead?.untilSeconds ?? untilSeconds, found })
  }
  if (answer.cutShort) return looked(ahead)
  return {
    kind: "advanced",
    progress: {
      cursor: {
        cluster: cursor.cluster,
        readUntilSeconds: untilSeconds,
        canary: canaryOf(cursor.canary, records),
        openJobs: openJobsOf(cursor.openJobs, records),
      },
      ahead: ahead !== null && untilSeconds < ahead.untilSeconds ? ahead : null,
      windowSeconds,
    },
  }
}

const firstOf = (records: readonly JobRecord[]): Ahead["found"] => {
  for (const record of records) {
    const { jobId, eligibleSeconds } = record
    if (eligibleSeconds !== null) return { key: jobKey(record), jobId, eligibleSeconds }
  }
  return null
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
