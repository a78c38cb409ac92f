import type { JobRecord, TresCounts } from "@hpc-billing/core"
import { energyProblem } from "../text/energyProblem.ts"
import { isUnset, isUnsetText } from "../text/isUnset.ts"
import type { LocalClock } from "../text/LocalClock.ts"
import { parseScaled } from "../text/parseScaled.ts"
import { parseState } from "../text/parseState.ts"
import { parseTres } from "../text/parseTres.ts"
import { badDuration, readDurationMilliseconds } from "../text/readDuration.ts"
import { badInstant, isWordForNone, noInstant, readInstant } from "../text/readInstant.ts"
import { tresCount } from "../text/tresCount.ts"
import type { CsvColumn } from "./csvColumns.ts"

interface Problem {
  readonly field: string
  readonly reason: string
}

/** What stands in for what rows leave out. */
export interface CsvRowContext {
  readonly clock: LocalClock
  readonly cluster: string
  readonly account: string
  readonly maximumWattsPerNode: number
}

/** One row to one record; which field cannot be read, and why, when it cannot be one. */
export const recordOfCsvRow = (
  row: readonly string[],
  positions: ReadonlyMap<CsvColumn, number>,
  { clock, cluster, account, maximumWattsPerNode }: CsvRowContext,
): JobRecord | Problem => {
  let problem: Problem | null = null
  const textOf = (column: CsvColumn): string => {
    const position = positions.get(column)
    return position === undefined ? "" : (row[position] ?? "").trim()
  }
  const wrong = (field: string, reason: string): null => {
    problem ??= { field, reason }
    return null
  }
  const instantOf = (column: CsvColumn): number | null => {
    const text = textOf(column)
    const instant = parseInstant(text, clock)
    return instant === "bad" ? wrong(column, `"${text}" is not a time such as 2026-10-31T23:59:59`) : instant
  }
  const millisecondsOf = (column: CsvColumn): number | null => {
    const text = textOf(column)
    if (text === "" || isUnsetText(text)) return null
    if (/^\d{1,10}$/.test(text)) return Number(text) * 1_000
    const bytes = Buffer.from(text)
    const milliseconds = readDurationMilliseconds(bytes, 0, bytes.length)
    if (isUnset(Math.floor(milliseconds / 1_000)) || isWordForNone(bytes, 0, bytes.length)) return null
    return milliseconds === badDuration ? wrong(column, `"${text}" is neither seconds nor a duration such as 1-02:03:04`) : milliseconds
  }
  const secondsOf = (column: CsvColumn): number | null => {
    const milliseconds = millisecondsOf(column)
    return milliseconds === null ? null : Math.floor(milliseconds / 1_000)
  }
  const countOf = (column: CsvColumn): number => {
    const text = textOf(column)
    if (text === "" || isUnsetText(text)) return 0
    return /^\d{1,9}$/.test(text) ? Number(text) : (wrong(column, `"${text}" is not a whole number`) ?? 0)
  }
  const jobId = textOf("jobId")
  const id = /^\d{1,20}(?:[_+][\w[\],%:-]+)?$/.test(jobId)
    ? jobId
    : (wrong("jobId", `"${jobId}" is neither a job id nor a step of one`) ?? "")
  if (row.some((text) => text.includes("\u0000"))) wrong("row", "it holds a NUL")
  const endSeconds = instantOf("end")
  const elapsed = secondsOf("elapsed")
  const suspended = secondsOf("suspended")
  const started = instantOf("start")
  const startSeconds = started ?? (endSeconds !== null && elapsed !== null ? endSeconds - elapsed - (suspended ?? 0) : null)
  const submitSeconds = instantOf("submit") ?? startSeconds
  if (submitSeconds === null)
    wrong("submit", "there is no time of submission, nor a start or an end with a run time to take its place; export with Submit or End")
  if (startSeconds !== null && endSeconds !== null && endSeconds < startSeconds) wrong("end", "it lies before the start")
  const stateText = textOf("state").toUpperCase().replace(" BY ", " by ")
  const state = stateText === "" ? (endSeconds === null ? "RUNNING" : "COMPLETED") : parseState(stateText)
  if (state === null) wrong("state", `"${stateText}" is not a state of Slurm's`)
  if (!positions.has("tres") && !positions.has("cpus"))
    wrong("tres", "it says what was asked for, not what was allocated; export with AllocTRES")
  const allocated = allocatedOf(textOf, countOf, wrong)
  const requested = parseTres(textOf("requestedTres"))
  if (typeof requested === "string") wrong("requestedTres", requested)
  const consumedCpuMilliseconds = millisecondsOf("consumedCpu")
  const nodeList = textOf("nodeList")
  const wallSeconds = startSeconds !== null && endSeconds !== null ? endSeconds - startSeconds : 0
  const suspendedSeconds = suspended ?? (elapsed === null ? 0 : Math.max(0, wallSeconds - elapsed))
  const namedCluster = textOf("cluster") || cluster
  if (namedCluster === "") wrong("cluster", "it is empty, and no cluster was named by the cluster option")
  const energyJoules = textOf("energyJoules") === "" ? null : parseScaled(textOf("energyJoules"), 1000n)
  if (textOf("energyJoules") !== "" && energyJoules === null)
    wrong("energyJoules", `"${textOf("energyJoules")}" is not a whole number of joules`)
  const record: JobRecord = {
    cluster: namedCluster,
    jobId: id,
    submitSeconds: submitSeconds as number,
    displayJobId: id,
    name: textOf("name"),
    user: textOf("user"),
    account: textOf("account") || account,
    partition: textOf("partition"),
    qos: textOf("qos"),
    reservation: "",
    wckey: "",
    state: state ?? "COMPLETED",
    eligibleSeconds: submitSeconds,
    startSeconds,
    endSeconds,
    elapsedSeconds: elapsed ?? Math.max(0, wallSeconds - suspendedSeconds),
    suspendedSeconds,
    suspendedWindows: null,
    requested: typeof requested === "string" ? {} : requested.counts,
    allocated,
    nodeList: nodeList === "None assigned" ? "" : nodeList,
    exitCode: textOf("exitCode"),
    derivedExitCode: textOf("derivedExitCode"),
    timeLimitSeconds: null,
    energyJoules: energyJoules === null || energyJoules === 0n || isUnset(energyJoules) ? null : energyJoules,
    // zero is what sacct prints where no step reported
    consumedCpuMilliseconds: consumedCpuMilliseconds === 0 ? null : consumedCpuMilliseconds,
    consumedMemoryBytesMaximum: null,
  }
  const tooMuch = energyProblem(record, maximumWattsPerNode)
  if (tooMuch !== null) wrong("energyJoules", tooMuch)
  return problem ?? record
}

const parseInstant = (text: string, clock: LocalClock): number | null | "bad" => {
  if (/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:?\d\d)$/.test(text)) {
    const milliseconds = Date.parse(text.replace(" ", "T"))
    return Number.isNaN(milliseconds) ? "bad" : milliseconds / 1_000
  }
  const padded = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d$/.test(text) ? `${text}:00` : text
  const bytes = Buffer.from(padded)
  const instant = readInstant(bytes, 0, bytes.length, clock)
  if (instant === badInstant) return "bad"
  return instant === noInstant ? null : instant
}

const allocatedOf = (
  textOf: (column: CsvColumn) => string,
  countOf: (column: CsvColumn) => number,
  wrong: (field: string, reason: string) => null,
): TresCounts => {
  const cpu = countOf("cpus")
  if (textOf("tres") !== "") {
    const tres = parseTres(textOf("tres"))
    if (typeof tres === "string") wrong("tres", tres)
    // cores that Slurm has not set stand in their own column
    else return tres.counts.cpu !== undefined || cpu === 0 ? tres.counts : { node: countOf("nodes") || 1, ...tres.counts, cpu }
  }
  const gpus = countOf("gpus")
  const mem = isUnsetText(textOf("memoryGibibytes")) ? 0 : (mebibytesOf(textOf("memoryGibibytes")) ?? countOf("memoryMebibytes"))
  if (typeof mem === "string") wrong("memoryGibibytes", mem)
  const type = textOf("gpuType").toLowerCase()
  return {
    ...(cpu > 0 ? { cpu } : {}),
    ...(typeof mem === "number" && mem > 0 ? { mem } : {}),
    ...(cpu > 0 ? { node: countOf("nodes") || 1 } : {}),
    ...(gpus > 0 ? { "gres/gpu": gpus } : {}),
    ...(gpus > 0 && /^[\w.-]+$/.test(type) ? { [`gres/gpu:${type}`]: gpus } : {}),
  }
}

/** GiB in MiB; null for an empty field, text that says what is wrong with another. */
const mebibytesOf = (gibibytes: string): number | string | null => {
  if (gibibytes === "") return null
  const bytes = parseScaled(`${gibibytes}G`, 1024n)
  if (bytes === null || bytes % 1_048_576n !== 0n) return `"${gibibytes}" is not a whole number of MiB`
  const count = tresCount("mem", bytes / 1_048_576n)
  return count === null || count === "too large" ? `"${gibibytes}" is larger than any machine` : count
}
