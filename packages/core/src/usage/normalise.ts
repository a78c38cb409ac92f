import { isProbablyRunaway } from "./isProbablyRunaway.ts"
import { type JobRecord, jobKey } from "./JobRecord.ts"
import { preferRecord } from "./preferRecord.ts"
import { resourcesPerSecond } from "./resourcesPerSecond.ts"
import type { Suspension, Usage, UsageFlag } from "./Usage.ts"

export interface Normalised {
  /** One per (cluster, job id, submit time), in the order in which their keys were first read. */
  readonly usages: readonly Usage[]
  /** Records that fell together with another of the same key. */
  readonly repeatedCount: number
}

/**
 * Records in any order, repeated, running and ended, to usages. A resized job's later segment is clipped only when the
 * segment before it is among the records: pass all records of a job id together.
 */
export const normalise = (records: Iterable<JobRecord>, options: { readonly asOfSeconds: number }): Normalised => {
  const standing = new Map<string, JobRecord>()
  let readCount = 0
  for (const record of records) {
    readCount++
    const key = jobKey(record)
    const known = standing.get(key)
    standing.set(key, known === undefined ? record : preferRecord(known, record))
  }
  const resizeEnds = resizeEndsOf(standing.values())
  const usages: Usage[] = []
  for (const [id, record] of standing) usages.push(usageOf(id, record, clippedStart(record, resizeEnds), options.asOfSeconds))
  return { usages, repeatedCount: readCount - usages.length }
}

interface ResizedSegment {
  readonly cluster: string
  readonly submitSeconds: number
  readonly startSeconds: number
  readonly endSeconds: number
}

/** By job id. */
type ResizeEnds = ReadonlyMap<string, readonly ResizedSegment[]>

const resizeEndsOf = (records: Iterable<JobRecord>): ResizeEnds => {
  const ends = new Map<string, ResizedSegment[]>()
  for (const { cluster, jobId, state, submitSeconds, startSeconds, endSeconds } of records) {
    if (state !== "RESIZING" || startSeconds === null || endSeconds === null) continue
    const segment = { cluster, submitSeconds, startSeconds, endSeconds }
    const segments = ends.get(jobId)
    if (segments === undefined) ends.set(jobId, [segment])
    else segments.push(segment)
  }
  return ends
}

/** The end of the latest segment that this record, submitted after it, still overlaps; null when it overlaps none. */
const clippedStart = (record: JobRecord, resizeEnds: ResizeEnds): number | null => {
  if (resizeEnds.size === 0 || record.startSeconds === null) return null
  let clipped: number | null = null
  for (const segment of resizeEnds.get(record.jobId) ?? []) {
    const overlaps =
      segment.cluster === record.cluster &&
      segment.submitSeconds < record.submitSeconds &&
      segment.startSeconds <= record.startSeconds &&
      segment.endSeconds > Math.max(record.startSeconds, clipped ?? 0)
    if (overlaps) clipped = segment.endSeconds
  }
  return clipped
}

const usageOf = (id: string, record: JobRecord, clipped: number | null, asOfSeconds: number): Usage => {
  const provisional = isRunning(record)
  const ran = record.startSeconds !== null
  const endSeconds = endOf(record, provisional, asOfSeconds)
  const startSeconds = ran ? Math.min(clipped ?? (record.startSeconds as number), endSeconds) : endSeconds
  const flags: UsageFlag[] = []
  if (clipped !== null) flags.push("resize-clipped")
  if (provisional && ran && isProbablyRunaway(record, endSeconds - startSeconds)) flags.push("probably-runaway")
  const perSecond = ran ? resourcesPerSecond(record.allocated) : {}
  if (ran && endSeconds > startSeconds) {
    if (record.allocated.mem === undefined && record.allocated.billing === undefined) flags.push("allocation-from-counts")
    if (record.energyJoules === null) flags.push("energy-unknown")
  }
  return {
    id,
    record,
    startSeconds,
    endSeconds,
    perSecond,
    suspension: suspensionOf(record, startSeconds, endSeconds),
    energyJoules: record.energyJoules,
    provisional,
    flags,
  }
}

const isRunning = (record: JobRecord): boolean =>
  record.endSeconds === null && (record.state === "PENDING" || record.state === "RUNNING" || record.state === "SUSPENDED")

const endOf = (record: JobRecord, provisional: boolean, asOfSeconds: number): number => {
  if (record.endSeconds !== null) return Math.max(record.endSeconds, record.startSeconds ?? record.endSeconds)
  const startSeconds = record.startSeconds ?? record.submitSeconds
  // its end is lost: what Slurm counted as run and suspended stands for it
  return provisional ? Math.max(startSeconds, asOfSeconds) : startSeconds + record.elapsedSeconds + record.suspendedSeconds
}

const suspensionOf = (record: JobRecord, startSeconds: number, endSeconds: number): Suspension => {
  if (record.suspendedWindows !== null) {
    const windows = disjointWindows(record.suspendedWindows, startSeconds, endSeconds)
    return windows.length === 0 ? { kind: "none" } : { kind: "windows", windows }
  }
  const seconds = Math.min(record.suspendedSeconds, endSeconds - startSeconds)
  return seconds <= 0 ? { kind: "none" } : { kind: "unplaced", seconds }
}

const disjointWindows = (
  windows: readonly { readonly startSeconds: number; readonly endSeconds: number }[],
  startSeconds: number,
  endSeconds: number,
): readonly { readonly startSeconds: number; readonly endSeconds: number }[] => {
  const disjoint: { startSeconds: number; endSeconds: number }[] = []
  for (const window of [...windows].sort((left, right) => left.startSeconds - right.startSeconds)) {
    const from = Math.max(window.startSeconds, startSeconds, disjoint.at(-1)?.endSeconds ?? startSeconds)
    const to = Math.min(window.endSeconds, endSeconds)
    if (from < to) disjoint.push({ startSeconds: from, endSeconds: to })
  }
  return disjoint
}
