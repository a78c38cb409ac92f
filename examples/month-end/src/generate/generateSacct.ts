import { type Month, monthWindow } from "@hpc-billing/core"
import { type Course, drawCourse, drawLongCourse } from "./drawCourse.ts"
import { coresPerNode, tresText } from "./drawShape.ts"
import { type Arrival, planArrivals } from "./planArrivals.ts"
import { type SeededRandom, seededRandom } from "./SeededRandom.ts"

export interface GenerateOptions {
  /** A whole number; the same options give the same bytes. */
  readonly seed: number
  /** Calendar months in order, without gaps. */
  readonly months: readonly Month[]
  /** IANA zone of the months; `Asia/Bangkok` when left out. */
  readonly zone?: string
  /** Distinct job ids; requeued and resized ones have further rows. */
  readonly jobs: number
  /** Its name says that no one ran these jobs: it contains `generated`. */
  readonly cluster: string
  /** A `.batch` row after each job that ran, as sacct prints without -X. */
  readonly steps?: boolean
}

const delimiter = "\u001F"

/** The columns, as asked of sacct by `--format`. What people write stands before a plain last column, so that a line feed in it can be joined again. */
export const generatedColumns = [
  "Cluster",
  "JobID",
  "JobIDRaw",
  "User",
  "UID",
  "Account",
  "Partition",
  "QOS",
  "State",
  "ExitCode",
  "DerivedExitCode",
  "Submit",
  "Eligible",
  "Start",
  "End",
  "Elapsed",
  "ElapsedRaw",
  "Suspended",
  "TimelimitRaw",
  "AllocCPUS",
  "AllocNodes",
  "ReqCPUS",
  "ReqNodes",
  "ReqMem",
  "AllocTRES",
  "ReqTRES",
  "NodeList",
  "Reservation",
  "TotalCPU",
  "MaxRSS",
  "ConsumedEnergyRaw",
  "JobName",
  "WCKey",
] as const

const firstJobId = 100_000
const rowsPerChunk = 2_000
const boundaryShare = 0.001
const requeueShare = 0.005
const resizeShare = 0.0005
const cancellingUid = 10_007
const day = 86_400

const two = (value: number): string => String(value).padStart(2, "0")

/** `[D-]HH:MM:SS`. */
const duration = (seconds: number): string => {
  const days = Math.floor(seconds / day)
  const clock = `${two(Math.floor(seconds / 3_600) % 24)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
  return days === 0 ? clock : `${days}-${clock}`
}

/** One attempt of one job, its times settled. */
interface Attempt {
  readonly submitSeconds: number
  readonly startSeconds: number | null
  readonly endSeconds: number | null
  readonly course: Course
  readonly state: string
}

interface Identity {
  readonly jobId: string
  readonly rawId: number
}

const nodeList = (random: SeededRandom, nodes: number): string => {
  const first = 1 + random.below(200)
  return nodes === 1 ? `n${first}` : `n[${first}-${first + nodes - 1}]`
}

const rowOf = (
  random: SeededRandom,
  cluster: string,
  { jobId, rawId }: Identity,
  arrival: Arrival,
  attempt: Attempt,
): readonly string[] => {
  const { shape, user } = arrival
  const { course } = attempt
  const ran = attempt.startSeconds !== null
  const instant = (seconds: number | null, none: string): string => (seconds === null ? none : String(seconds))
  const request = tresText(shape, shape.requestedCores, shape.requestedMemoryMebibytes)
  const busyCpuSeconds = Math.floor(course.elapsedSeconds * shape.allocatedCores * (0.3 + 0.69 * random.unit()))
  const watts = 180 + random.below(240)
  return [
    cluster,
    jobId,
    String(rawId),
    user.login,
    String(user.uid),
    arrival.account,
    shape.partition,
    shape.qos,
    attempt.state,
    course.exitCode,
    course.exitCode,
    String(attempt.submitSeconds),
    String(attempt.submitSeconds),
    instant(attempt.startSeconds, attempt.endSeconds === null ? "Unknown" : "None"),
    instant(attempt.endSeconds, "Unknown"),
    duration(course.elapsedSeconds),
    String(course.elapsedSeconds),
    duration(course.suspendedSeconds),
    String(shape.timeLimitMinutes),
    String(ran ? shape.allocatedCores : 0),
    String(ran ? shape.nodes : 0),
    String(shape.requestedCores),
    String(shape.nodes),
    `${shape.requestedMemoryMebibytes}M`,
    ran ? tresText(shape, shape.allocatedCores, shape.allocatedMemoryMebibytes) : "",
    request,
    ran ? nodeList(random, shape.nodes) : "None assigned",
    "",
    duration(busyCpuSeconds),
    "",
    ran ? String(course.elapsedSeconds * shape.nodes * watts) : "0",
    arrival.name,
    "",
  ]
}

const batchColumns = new Set([
  "User",
  "UID",
  "Partition",
  "QOS",
  "TimelimitRaw",
  "ReqMem",
  "ReqTRES",
  "Reservation",
  "WCKey",
  "ConsumedEnergyRaw",
])

/** The batch step of a job's row: one node of it, and what it used. */
const batchRowOf = (random: SeededRandom, arrival: Arrival, job: readonly string[]): readonly string[] => {
  const { shape } = arrival
  const cores = Math.min(shape.allocatedCores, coresPerNode)
  const usedMebibytes = Math.floor((shape.allocatedMemoryMebibytes / shape.nodes) * (0.1 + 0.8 * random.unit()))
  const change: Readonly<Record<string, string>> = {
    JobName: "batch",
    AllocCPUS: String(cores),
    AllocNodes: "1",
    AllocTRES: `cpu=${cores},mem=${Math.floor(shape.allocatedMemoryMebibytes / shape.nodes)}M,node=1`,
    MaxRSS: String(usedMebibytes * 1_048_576),
  }
  return generatedColumns.map((column, index) => {
    const text = job[index] as string
    if (column === "JobID" || column === "JobIDRaw") return `${text}.batch`
    return change[column] ?? (batchColumns.has(column) ? "" : text)
  })
}

/** The attempts of one job in order of time: usually one; a requeued job has up to three before its last, a resized job two parts. */
const attemptsOf = (random: SeededRandom, arrival: Arrival, boundaries: readonly number[]): readonly Attempt[] => {
  const attempts: Attempt[] = []
  let submitSeconds = arrival.submitSeconds
  const requeues = random.chance(requeueShare) ? 1 + random.below(3) : 0
  for (let round = 0; round < requeues; round += 1) {
    const drawn = drawCourse(random, arrival.shape.timeLimitMinutes)
    const elapsedSeconds = 1 + random.below(3_600)
    const startSeconds = submitSeconds + (drawn.waitSeconds ?? 0)
    const endSeconds = startSeconds + elapsedSeconds
    const state = random.chance(0.5) ? "PREEMPTED" : "REQUEUED"
    attempts.push({
      submitSeconds,
      startSeconds,
      endSeconds,
      course: { ...drawn, elapsedSeconds, suspendedSeconds: 0, exitCode: "0:0" },
      state,
    })
    submitSeconds = endSeconds
  }
  const course = arrival.isLong ? drawLongCourse(random) : drawCourse(random, arrival.shape.timeLimitMinutes)
  if (course.waitSeconds === null) {
    const endSeconds = submitSeconds + 1 + random.below(2 * 3_600)
    attempts.push({ submitSeconds, startSeconds: null, endSeconds, course, state: `CANCELLED by ${cancellingUid}` })
    return attempts
  }
  const wallSeconds = course.elapsedSeconds + course.suspendedSeconds
  let startSeconds = submitSeconds + course.waitSeconds
  if (!course.isRunaway && random.chance(boundaryShare)) {
    // ends, or begins, in the very second in which a month changes
    const boundary = boundaries.find((at) => at >= startSeconds + wallSeconds) ?? startSeconds
    startSeconds = random.chance(0.5) ? boundary : Math.max(submitSeconds, boundary - wallSeconds)
  }
  const state = course.state === "CANCELLED" ? `CANCELLED by ${arrival.user.uid}` : course.state
  if (wallSeconds > 2 && course.suspendedSeconds === 0 && !course.isRunaway && random.chance(resizeShare)) {
    const firstSeconds = Math.floor(wallSeconds / 3)
    const cut = startSeconds + firstSeconds
    attempts.push({ submitSeconds, startSeconds, endSeconds: cut, course: { ...course, elapsedSeconds: firstSeconds }, state: "RESIZING" })
    attempts.push({
      submitSeconds: cut,
      startSeconds: cut,
      endSeconds: startSeconds + wallSeconds,
      course: { ...course, elapsedSeconds: wallSeconds - firstSeconds },
      state,
    })
    return attempts
  }
  attempts.push({ submitSeconds, startSeconds, endSeconds: course.isRunaway ? null : startSeconds + wallSeconds, course, state })
  return attempts
}

/** The last task of an array keeps the array's own number; het components are numbered `14+0`, `14+1`. */
const identityOf = ({ member }: Arrival, blockId: number): Identity => {
  if (member === null) return { jobId: String(blockId), rawId: blockId }
  if (member.kind === "heterogeneous") return { jobId: `${blockId}+${member.index}`, rawId: blockId + member.index }
  const isLast = member.index === member.size - 1
  return { jobId: `${blockId}_${member.index}`, rawId: isLast ? blockId : blockId + 1 + member.index }
}

/**
 * Invented sacct output, as `SLURM_TIME_FORMAT=%s sacct -a -D -P --noconvert --delimiter=$'\x1f'` prints it: a header line, then the
 * rows of each job in the order of job ids, in chunks of whole lines. Nothing of it was ever run.
 */
export function* generateSacct(options: GenerateOptions): Generator<string> {
  const { seed, months, jobs, cluster, zone = "Asia/Bangkok", steps = false } = options
  if (!cluster.includes("generated")) throw new RangeError(`cluster "${cluster}" must say "generated" in its name, such as generated-demo`)
  if (months.length === 0 || !Number.isSafeInteger(jobs) || jobs < 0) throw new RangeError("months and a whole number of jobs are needed")
  const random = seededRandom(seed)
  const boundaries = months.map((month) => monthWindow(month, zone).endSeconds)
  let lines = [generatedColumns.join(delimiter)]
  let nextId = firstJobId
  let blockId = firstJobId
  for (const arrival of planArrivals(random, { months, zone, jobs })) {
    if (arrival.member === null || arrival.member.index === 0) blockId = nextId
    const identity = identityOf(arrival, blockId)
    nextId += 1
    for (const attempt of attemptsOf(random, arrival, boundaries)) {
      const row = rowOf(random, cluster, identity, arrival, attempt)
      lines.push(row.join(delimiter))
      if (steps && attempt.startSeconds !== null) lines.push(batchRowOf(random, arrival, row).join(delimiter))
    }
    if (lines.length >= rowsPerChunk) {
      yield `${lines.join("\n")}\n`
      lines = []
    }
  }
  if (lines.length > 0) yield `${lines.join("\n")}\n`
}
