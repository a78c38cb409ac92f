import type { JobRecord, JobState, TresCounts } from "@hpc-billing/core"
import { energyProblem } from "../text/energyProblem.ts"
import { exitCodeText } from "../text/exitCodeText.ts"
import { isUnset, isWrapped } from "../text/isUnset.ts"
import { parseState } from "../text/parseState.ts"
import { tresCount } from "../text/tresCount.ts"
import type { RestExitCode, RestJob, RestNumber, RestVersion } from "./restJob.ts"

/** What stands in for what answers leave out, and what a node can draw. */
export interface RestJobContext {
  readonly cluster: string
  readonly maximumWattsPerNode: number
}

/**
 * One job of an answer to one record; a pair of field and reason when it cannot be one. Up to v0.0.37 `time.start` is the eligible time, so the start is
 * counted back from the end, and of a running job taken from its first step; up to v0.0.38 reservations have no name, up to v0.0.39 exit codes are wrong: these
 * stay empty.
 */
export const recordOfRestJob = (
  job: RestJob,
  version: RestVersion,
  { cluster, maximumWattsPerNode }: RestJobContext,
): JobRecord | { readonly field: string; readonly reason: string } => {
  const state = stateOf(job.state.current)
  if (state === null) return { field: "state", reason: `"${String(job.state.current)}" is not a state of Slurm's` }
  const allocated = tresOf(job.tres.allocated)
  const requested = tresOf(job.tres.requested)
  if (typeof allocated === "string") return { field: "tres.allocated", reason: allocated }
  if (typeof requested === "string") return { field: "tres.requested", reason: requested }
  const submission = secondsOf(job.time.submission) ?? 0
  const [elapsed, suspended] = [secondsOf(job.time.elapsed), secondsOf(job.time.suspended)]
  for (const [field, value] of Object.entries({
    job_id: job.job_id,
    "time.elapsed": elapsed ?? 0,
    "time.suspended": suspended ?? 0,
    "time.submission": submission,
  })) {
    if (!Number.isSafeInteger(value) || value < 0) return { field, reason: `${value} is not a whole number` }
  }
  if (submission === 0) return { field: "time.submission", reason: "it is empty, and without it the job has no identity" }
  const endSeconds = instantOf(job.time.end)
  let startSeconds = version <= 37 ? startBeforeEnd(job, endSeconds, allocated.counts) : instantOf(job.time.start)
  if (startSeconds !== null && endSeconds !== null && endSeconds < startSeconds) {
    // cancelled with an expected start still written
    if (elapsed !== null && elapsed > 0) return { field: "time.end", reason: "it lies before time.start" }
    startSeconds = null
  }
  const wallSeconds = startSeconds !== null && endSeconds !== null ? endSeconds - startSeconds : 0
  const limitMinutes = numberOf(job.time.limit)
  const record: JobRecord = {
    cluster: job.cluster || cluster,
    jobId: String(job.job_id),
    submitSeconds: submission,
    displayJobId: displayJobId(job),
    name: job.name ?? "",
    user: job.user ?? "",
    account: job.account ?? "",
    partition: job.partition ?? "",
    qos: job.qos ?? "",
    reservation: typeof job.reservation.name === "string" ? job.reservation.name : "",
    wckey: job.wckey.wckey ?? "",
    state,
    eligibleSeconds: instantOf(job.time.eligible),
    startSeconds,
    endSeconds,
    elapsedSeconds: elapsed ?? Math.max(0, wallSeconds - (suspended ?? 0)),
    suspendedSeconds: suspended ?? Math.max(0, wallSeconds - (elapsed ?? wallSeconds)),
    suspendedWindows: null,
    requested: requested.counts,
    allocated: allocated.counts,
    nodeList: job.nodes === "None assigned" ? "" : (job.nodes ?? ""),
    exitCode: version >= 40 ? exitCodeOf(job.exit_code as RestExitCode) : "",
    derivedExitCode: version >= 40 ? exitCodeOf(job.derived_exit_code as RestExitCode) : "",
    timeLimitSeconds: limitMinutes === null || limitMinutes === 0 ? null : limitMinutes * 60,
    energyJoules: allocated.energyJoules,
    consumedCpuMilliseconds: cpuMillisecondsOf(job),
    consumedMemoryBytesMaximum: memoryBytesOf(job),
  }
  const problem = energyProblem(record, maximumWattsPerNode)
  return problem === null ? record : { field: "tres.allocated", reason: problem }
}

/** null where it is not set. */
const secondsOf = (seconds: number): number | null => (isUnset(seconds) ? null : seconds)

const flags = new Set(["REQUEUED", "RESIZING", "REVOKED"])

const stateOf = (current: string | readonly string[]): JobState | null => {
  if (typeof current === "string") return parseState(current)
  // a list holds a state and what happens to it: a pending job that is requeued, say
  const word = current.find((each) => flags.has(each)) ?? current[0]
  return word === undefined ? null : parseState(word)
}

interface RestTres {
  readonly counts: TresCounts
  readonly energyJoules: bigint | null
}

const tresOf = (list: RestJob["tres"]["allocated"]): RestTres | string => {
  const counts: Record<string, number> = {}
  let energyJoules: bigint | null = null
  for (const { type, name, count } of list) {
    const key = name === null || name === "" ? type : `${type}/${name}`
    // a number below zero is one that wrapped, and -2 is NO_VAL
    const isSet = count !== null && count >= 0 && !isUnset(count)
    if (key === "energy") {
      // zero is what sacct prints without an energy plugin
      energyJoules = isSet && count > 0 ? BigInt(Math.round(count)) : null
      continue
    }
    if (!isSet) continue
    const held = Number.isSafeInteger(count) ? tresCount(key, BigInt(count)) : null
    if (held === null) return `${key} ${count} is not a whole number`
    if (held === "too large") return `${key} ${count} is larger than any machine`
    counts[key] = held
  }
  return { counts, energyJoules }
}

const numberOf = (value: RestNumber): number | null => {
  const number = value === null || typeof value === "number" ? value : value.set && !value.infinite ? value.number : null
  return number === null || isUnset(number) ? null : number
}

const instantOf = (value: RestNumber): number | null => {
  const instant = numberOf(value)
  return instant === null || instant <= 0 ? null : instant
}

const startBeforeEnd = (job: RestJob, endSeconds: number | null, allocated: TresCounts): number | null => {
  if (Object.keys(allocated).length === 0) return null
  if (endSeconds !== null) return endSeconds - (secondsOf(job.time.elapsed) ?? 0) - (secondsOf(job.time.suspended) ?? 0)
  const starts = (job.steps ?? []).map(({ time }) => instantOf(time.start)).filter((start) => start !== null)
  return starts.length > 0 ? Math.min(...starts) : instantOf(job.time.start)
}

const displayJobId = (job: RestJob): string => {
  const task = numberOf(job.array.task_id)
  if (job.array.job_id > 0 && task !== null) return `${job.array.job_id}_${task}`
  if (job.array.job_id > 0 && job.array.task) return `${job.array.job_id}_[${job.array.task}]`
  const component = numberOf(job.het.job_offset)
  return job.het.job_id > 0 && component !== null ? `${job.het.job_id}+${component}` : String(job.job_id)
}

const exitCodeOf = (code: RestExitCode): string => exitCodeText(numberOf(code.return_code) ?? 0, numberOf(code.signal.id) ?? 0)

/** Of the job as a whole, or of its steps where that is not filled in (up to v0.0.38). */
const cpuMillisecondsOf = (job: RestJob): number | null => {
  const microseconds = ({ seconds, microseconds: rest }: { readonly seconds: number; readonly microseconds: number }): number =>
    isUnset(seconds) ? 0 : seconds * 1_000_000 + rest
  const whole = microseconds(job.time.total)
  const used = whole > 0 ? whole : (job.steps ?? []).reduce((sum, { time }) => sum + microseconds(time.total), 0)
  return used < 1_000 ? null : Math.floor(used / 1_000)
}

const memoryBytesOf = (job: RestJob): number | null => {
  let most = 0
  for (const { tres } of job.steps ?? [])
    for (const { type, count } of tres.requested.max)
      if (type === "mem" && count !== null && !isWrapped(count)) most = Math.max(most, count)
  return most > 0 ? most : null
}
