import type { JobRecord, JobState, TresCounts } from "@hpc-billing/core"
import { energyProblem } from "../text/energyProblem.ts"
import { parseExitCode } from "../text/exitCodeText.ts"
import { isUnset, isUnsetText, unsetFrom } from "../text/isUnset.ts"
import type { LocalClock } from "../text/LocalClock.ts"
import { Memo, readText } from "../text/Memo.ts"
import { parseScaled } from "../text/parseScaled.ts"
import { parseState } from "../text/parseState.ts"
import { parseTres, type Tres } from "../text/parseTres.ts"
import { badDuration, readDurationMilliseconds } from "../text/readDuration.ts"
import { badInstant, isWordForNone, noInstant, readInstant } from "../text/readInstant.ts"
import { badSize, noSize, readSize } from "../text/readSize.ts"
import { parseRequestedMemory } from "./parseRequestedMemory.ts"
import { type ReadColumn, readColumns, type SacctLayout } from "./SacctLayout.ts"

/** A job's record as it is built: its steps raise what it consumed. */
export type OpenRecord = { -readonly [K in keyof JobRecord]: JobRecord[K] }

export type SacctRow =
  | { readonly _tag: "Record"; readonly record: OpenRecord; lineNumber: number }
  | { readonly _tag: "Step"; readonly jobId: string; readonly memoryBytes: number }
  | { readonly _tag: "Unreadable"; readonly field: string; readonly reason: string }

export interface RowSettings {
  /** Bytes of the delimiter. */
  readonly width: number
  readonly clock: LocalClock
  /** Of rows that name none. */
  readonly cluster: string
  readonly maximumWattsPerNode: number
}

/** Reads the fields of one row out of its bytes, and of those only the ones that a `JobRecord` needs. */
export class SacctRowDecoder {
  readonly #width: number
  readonly #clock: LocalClock
  readonly #cluster: string
  readonly #maximumWattsPerNode: number
  readonly #at: Readonly<Record<ReadColumn, number>>
  readonly #texts = {
    cluster: textMemo(64),
    user: textMemo(1_024),
    account: textMemo(1_024),
    partition: textMemo(256),
    qos: textMemo(256),
    reservation: textMemo(256),
    wckey: textMemo(256),
    name: textMemo(1_024),
    nodeList: textMemo(1_024),
    exitCode: new Memo<string | null>(64, parseExitCode, null),
    derivedExitCode: new Memo<string | null>(64, parseExitCode, null),
  }
  readonly #states = new Memo<JobState | null>(256, parseState, null)
  readonly #allocatedTres = new Memo<Tres | string>(2_048, parseTres, "it is not UTF-8 text")
  readonly #requestedTres = new Memo<Tres | string>(2_048, parseTres, "it is not UTF-8 text")
  readonly #counts = new Memo<number>(1_024, parseCount, Number.NaN)
  #bytes: Buffer | null = null
  /** Of the bytes at hand, made once for each chunk. */
  #view: DataView = new DataView(new ArrayBuffer(0))
  #field = ""
  #reason = ""
  /** The energy of the row at hand, for a comparison that costs little. */
  #joules = 0

  constructor(layout: SacctLayout, { width, clock, cluster, maximumWattsPerNode }: RowSettings) {
    this.#width = width
    this.#clock = clock
    this.#cluster = cluster
    this.#maximumWattsPerNode = maximumWattsPerNode
    this.#at = Object.fromEntries(readColumns.map((key) => [key, layout.positions.get(key) ?? -1])) as Record<ReadColumn, number>
  }

  /**
   * Field `n` of the row lies in `[ends[n] + width, ends[n + 1])`, `width` being that of the delimiter. `openJobId` is the job whose steps are
   * expected.
   */
  decode(bytes: Buffer, ends: Int32Array, openJobId: string, lineNumber: number): SacctRow {
    if (bytes !== this.#bytes) {
      this.#bytes = bytes
      this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    }
    const at = this.#at
    const idFrom = (ends[at.jobidraw] as number) + this.#width
    const idTo = ends[at.jobidraw + 1] as number
    let idEnd = idFrom
    while (idEnd < idTo && isDigit(bytes[idEnd] as number)) idEnd++
    if (idEnd === idFrom || idEnd - idFrom > 20) return unreadable("JobIDRaw", "it does not begin with a job number")
    if (idEnd < idTo) return this.#step(bytes, ends, openJobId, idFrom, idEnd, idTo)
    const jobId = jobIdText(bytes, idFrom, idEnd)
    this.#field = ""
    const record = this.#job(bytes, ends, jobId, idFrom, idTo)
    if (this.#field !== "") return unreadable(this.#field, this.#reason)
    // what one node can draw needs no closer look
    const isLarge = this.#joules > this.#maximumWattsPerNode * record.elapsedSeconds
    const problem = isLarge ? energyProblem(record, this.#maximumWattsPerNode) : null
    return problem === null ? { _tag: "Record", record, lineNumber } : unreadable(energyField, problem)
  }

  #step(bytes: Buffer, ends: Int32Array, openJobId: string, idFrom: number, idEnd: number, idTo: number): SacctRow {
    if (bytes[idEnd] !== 46 || idEnd + 1 === idTo) return unreadable("JobIDRaw", "it is neither a job number nor a step of one")
    const at = this.#at
    const memoryBytes = at.maxrss < 0 ? noSize : readSize(bytes, (ends[at.maxrss] as number) + this.#width, ends[at.maxrss + 1] as number)
    if (memoryBytes === badSize) return unreadable("MaxRSS", `"${clip(this.#latin(bytes, ends, at.maxrss))}" is not a size such as 3332K`)
    const jobId = isText(openJobId, bytes, idFrom, idEnd) ? openJobId : jobIdText(bytes, idFrom, idEnd)
    return { _tag: "Step", jobId, memoryBytes }
  }

  #job(bytes: Buffer, ends: Int32Array, jobId: string, idFrom: number, idTo: number): OpenRecord {
    const at = this.#at
    const submitSeconds = this.#instant(bytes, ends, at.submit, "Submit")
    const state = this.#states.read(this.#view, (ends[at.state] as number) + this.#width, ends[at.state + 1] as number)
    if (submitSeconds === noInstant) this.#fail("Submit", "it is empty, and without it the job has no identity")
    if (state === null) this.#fail("State", `"${clip(this.#latin(bytes, ends, at.state))}" is not a state of Slurm's`)
    let startSeconds = this.#instant(bytes, ends, at.start, "Start")
    let endSeconds = this.#instant(bytes, ends, at.end, "End")
    const elapsed =
      at.elapsedraw >= 0 ? this.#integer(bytes, ends, at.elapsedraw, "ElapsedRaw") : this.#duration(bytes, ends, at.elapsed, "Elapsed")
    const suspended = this.#duration(bytes, ends, at.suspended, "Suspended")
    if (startSeconds >= 0 && endSeconds >= 0 && elapsed >= 0 && endSeconds - startSeconds !== elapsed + Math.max(suspended, 0)) {
      const shift = this.#repeatShift(startSeconds, endSeconds, elapsed + Math.max(suspended, 0))
      startSeconds += shift.start
      endSeconds += shift.end
    }
    if (startSeconds >= 0 && endSeconds >= 0 && endSeconds < startSeconds) {
      // cancelled with an expected start still written
      if (elapsed === 0) startSeconds = noInstant
      else this.#fail("End", "it lies before Start")
    }
    const wallSeconds = startSeconds >= 0 && endSeconds >= 0 ? endSeconds - startSeconds : -1
    const suspendedSeconds = suspended >= 0 ? suspended : wallSeconds >= 0 && elapsed >= 0 ? Math.max(0, wallSeconds - elapsed) : 0
    const elapsedSeconds = elapsed >= 0 ? elapsed : Math.max(0, wallSeconds - suspendedSeconds)
    const allocated = this.#tresOf(ends, at.alloctres, "AllocTRES", this.#allocatedTres)
    const cluster = this.#text(ends, at.cluster, "Cluster", this.#texts.cluster)
    const wckey = this.#text(ends, at.wckey, "WCKey", this.#texts.wckey)
    const nodeList = this.#text(ends, at.nodelist, "NodeList", this.#texts.nodeList)
    if (cluster === "" && this.#cluster === "") this.#fail("Cluster", "it is empty, and no cluster was named by the cluster option")
    return {
      cluster: cluster === "" ? this.#cluster : cluster,
      jobId,
      submitSeconds,
      displayJobId: this.#displayJobId(bytes, ends, jobId, idFrom, idTo),
      name: this.#text(ends, at.jobname, "JobName", this.#texts.name),
      user: this.#user(ends),
      account: this.#text(ends, at.account, "Account", this.#texts.account),
      partition: this.#text(ends, at.partition, "Partition", this.#texts.partition),
      qos: this.#text(ends, at.qos, "QOS", this.#texts.qos),
      reservation: this.#text(ends, at.reservation, "Reservation", this.#texts.reservation),
      // a star marks the user's default key
      wckey: wckey.startsWith("*") ? wckey.slice(1) : wckey,
      state: state ?? "COMPLETED",
      eligibleSeconds: orNull(this.#instant(bytes, ends, at.eligible, "Eligible")),
      startSeconds: orNull(startSeconds),
      endSeconds: orNull(endSeconds),
      elapsedSeconds,
      suspendedSeconds,
      suspendedWindows: null,
      requested: this.#requested(bytes, ends, allocated),
      allocated: this.#allocated(bytes, ends, allocated.counts, startSeconds),
      nodeList: nodeList === "None assigned" ? "" : nodeList,
      exitCode: this.#text(ends, at.exitcode, "ExitCode", this.#texts.exitCode),
      derivedExitCode: this.#text(ends, at.derivedexitcode, "DerivedExitCode", this.#texts.derivedExitCode),
      timeLimitSeconds: this.#timeLimit(bytes, ends),
      energyJoules: this.#energy(bytes, ends, allocated),
      consumedCpuMilliseconds: this.#cpuMilliseconds(bytes, ends),
      consumedMemoryBytesMaximum: null,
    }
  }

  #fail(field: string, reason: string): void {
    if (this.#field !== "") return
    this.#field = field
    this.#reason = reason
  }

  #latin(bytes: Buffer, ends: Int32Array, at: number): string {
    return bytes.toString("latin1", (ends[at] as number) + this.#width, ends[at + 1] as number)
  }

  #text(ends: Int32Array, at: number, field: string, memo: Memo<string | null>): string {
    if (at < 0) return ""
    const from = (ends[at] as number) + this.#width
    const to = ends[at + 1] as number
    if (from === to) return ""
    const text = memo.read(this.#view, from, to)
    if (text !== null) return text
    this.#fail(field, "it is not UTF-8 text, or holds a NUL")
    return ""
  }

  #instant(bytes: Buffer, ends: Int32Array, at: number, field: string): number {
    if (at < 0) return noInstant
    const instant = readInstant(bytes, (ends[at] as number) + this.#width, ends[at + 1] as number, this.#clock)
    if (instant !== badInstant) return instant
    this.#fail(field, `"${clip(this.#latin(bytes, ends, at))}" is not a time; expected seconds since 1970, 2026-10-31T23:59:59 or Unknown`)
    return noInstant
  }

  /** Digits; -1 when the column is absent, empty or not set. */
  #integer(bytes: Buffer, ends: Int32Array, at: number, field: string): number {
    if (at < 0) return -1
    const from = (ends[at] as number) + this.#width
    const to = ends[at + 1] as number
    if (from === to) return -1
    let value = 0
    for (let index = from; index < to; index++) {
      const digit = (bytes[index] as number) - 48
      if (digit < 0 || digit > 9 || value > 1e11) {
        const text = this.#latin(bytes, ends, at)
        if (!isUnsetText(text)) this.#fail(field, `"${clip(text)}" is not a plausible number of seconds`)
        return -1
      }
      value = value * 10 + digit
    }
    return value >= unsetFrom && isUnset(value) ? -1 : value
  }

  /** Whole seconds of `[D-]HH:MM:SS`; -1 when the column is absent, empty or not set. */
  #duration(bytes: Buffer, ends: Int32Array, at: number, field: string): number {
    const milliseconds = this.#milliseconds(bytes, ends, at, field)
    return milliseconds < 0 ? -1 : Math.floor(milliseconds / 1_000)
  }

  #milliseconds(bytes: Buffer, ends: Int32Array, at: number, field: string): number {
    if (at < 0) return -1
    const from = (ends[at] as number) + this.#width
    const to = ends[at + 1] as number
    if (from === to) return -1
    const milliseconds = readDurationMilliseconds(bytes, from, to)
    if (milliseconds >= unsetFrom * 1_000 && isUnset(Math.floor(milliseconds / 1_000))) return -1
    if (milliseconds !== badDuration) return milliseconds
    if (!isWordForNone(bytes, from, to))
      this.#fail(field, `"${clip(this.#latin(bytes, ends, at))}" is not a duration such as 1-02:03:04 or 01:02.003`)
    return -1
  }

  /** Where a clock set back leaves Start or End in doubt, the run time decides. */
  #repeatShift(startSeconds: number, endSeconds: number, expectedSeconds: number): { start: number; end: number } {
    const start = this.#clock.repeatsAfterSeconds(startSeconds)
    const end = this.#clock.repeatsAfterSeconds(endSeconds)
    const wallSeconds = endSeconds - startSeconds
    if (end > 0 && wallSeconds + end === expectedSeconds) return { start: 0, end }
    if (start > 0 && wallSeconds - start === expectedSeconds) return { start, end: 0 }
    return { start: 0, end: 0 }
  }

  #displayJobId(bytes: Buffer, ends: Int32Array, jobId: string, idFrom: number, idTo: number): string {
    const at = this.#at.jobid
    if (at < 0) return jobId
    const from = (ends[at] as number) + this.#width
    const to = ends[at + 1] as number
    if (to - from === idTo - idFrom) {
      let same = 0
      while (from + same < to && bytes[from + same] === bytes[idFrom + same]) same++
      if (from + same === to) return jobId
    }
    const text = readText(bytes, from, to)
    if (text !== null && displayId.test(text)) return text
    this.#fail("JobID", `"${clip(this.#latin(bytes, ends, at))}" is not a job id such as 11_3 or 14+1`)
    return jobId
  }

  #user(ends: Int32Array): string {
    const user = this.#text(ends, this.#at.user, "User", this.#texts.user)
    // a user deleted from the system has only a number left
    return user === "" ? this.#text(ends, this.#at.uid, "UID", this.#texts.user) : user
  }

  #tresOf(ends: Int32Array, at: number, field: string, memo: Memo<Tres | string>): Tres {
    if (at < 0) return noTres
    const from = (ends[at] as number) + this.#width
    const to = ends[at + 1] as number
    if (from === to) return noTres
    const tres = memo.read(this.#view, from, to)
    if (typeof tres !== "string") return tres
    this.#fail(field, tres)
    return noTres
  }

  #count(bytes: Buffer, ends: Int32Array, at: number, field: string): number {
    if (at < 0) return 0
    const count = this.#counts.read(this.#view, (ends[at] as number) + this.#width, ends[at + 1] as number)
    if (!Number.isNaN(count)) return count
    this.#fail(field, `"${clip(this.#latin(bytes, ends, at))}" is not a count`)
    return 0
  }

  /** Slurm before TRES, or a row that lost them or has not set its cores: the counts of cores and nodes stand in. */
  #allocated(bytes: Buffer, ends: Int32Array, counts: TresCounts, startSeconds: number): TresCounts {
    if (counts.cpu !== undefined || startSeconds < 0) return counts
    const at = this.#at
    const cpu = this.#count(bytes, ends, at.alloccpus >= 0 ? at.alloccpus : at.ncpus, "AllocCPUS")
    const node = this.#count(bytes, ends, at.allocnodes >= 0 ? at.allocnodes : at.nnodes, "AllocNodes")
    return cpu === 0 ? counts : { node, ...counts, cpu }
  }

  #requested(bytes: Buffer, ends: Int32Array, allocated: Tres): TresCounts {
    const at = this.#at
    if (isSameField(this.#view, ends, at.reqtres, at.alloctres, this.#width)) return allocated.counts
    const { counts } = this.#tresOf(ends, at.reqtres, "ReqTRES", this.#requestedTres)
    if (counts.mem !== undefined || at.reqmem < 0) return counts
    const cpu = counts.cpu ?? this.#count(bytes, ends, at.reqcpus, "ReqCPUS")
    const node = counts.node ?? this.#count(bytes, ends, at.reqnodes >= 0 ? at.reqnodes : at.nnodes, "ReqNodes")
    const mem = parseRequestedMemory(this.#latin(bytes, ends, at.reqmem), { cpu, node })
    return mem === null ? counts : { ...counts, mem }
  }

  /** null: none, or the partition's own (`UNLIMITED`, `Partition_Limit`). */
  #timeLimit(bytes: Buffer, ends: Int32Array): number | null {
    const at = this.#at
    if (at.timelimitraw >= 0) {
      const minutes = readDigits(bytes, (ends[at.timelimitraw] as number) + this.#width, ends[at.timelimitraw + 1] as number)
      return minutes > 0 && !isUnset(minutes) ? minutes * 60 : null
    }
    if (at.timelimit < 0) return null
    const milliseconds = readDurationMilliseconds(bytes, (ends[at.timelimit] as number) + this.#width, ends[at.timelimit + 1] as number)
    return milliseconds === badDuration ? null : milliseconds / 1_000
  }

  #energy(bytes: Buffer, ends: Int32Array, allocated: Tres): bigint | null {
    const at = this.#at
    const column = at.consumedenergyraw >= 0 ? at.consumedenergyraw : at.consumedenergy
    if (column >= 0) {
      const from = (ends[column] as number) + this.#width
      const to = ends[column + 1] as number
      const plain = readDigits(bytes, from, to)
      if (plain > 0 && plain < unsetFrom) {
        this.#joules = plain
        return BigInt(plain)
      }
      const read = plain >= 0 ? BigInt(plain) : parseEnergy(this.#latin(bytes, ends, column))
      if (read === undefined) this.#fail(energyField, `"${clip(this.#latin(bytes, ends, column))}" is not a whole number of joules`)
      // zero is what sacct prints without an energy plugin
      else if (read !== null && read !== 0n && !isUnset(read)) {
        this.#joules = Number(read)
        return read
      }
    }
    this.#joules = Number(allocated.energyJoules ?? 0)
    return allocated.energyJoules
  }

  /** null where no step has reported: Slurm prints zero for it. */
  #cpuMilliseconds(bytes: Buffer, ends: Int32Array): number | null {
    const milliseconds = this.#milliseconds(bytes, ends, this.#at.totalcpu, "TotalCPU")
    return milliseconds > 0 ? milliseconds : null
  }
}

/** Most jobs got what they asked for. */
const isSameField = (bytes: DataView, ends: Int32Array, left: number, right: number, width: number): boolean => {
  if (left < 0 || right < 0) return false
  const from = (ends[left] as number) + width
  const other = (ends[right] as number) + width
  const length = (ends[left + 1] as number) - from
  if (length === 0 || (ends[right + 1] as number) - other !== length) return false
  let at = 0
  for (; at + 4 <= length; at += 4) if (bytes.getInt32(from + at) !== bytes.getInt32(other + at)) return false
  for (; at < length; at++) if (bytes.getUint8(from + at) !== bytes.getUint8(other + at)) return false
  return true
}

const noTres: Tres = { counts: {}, energyJoules: null }
const displayId = /^\d{1,20}(?:[_+][\w[\],%:-]+)?$/
const energyField = "ConsumedEnergyRaw"
const digits = /^\d{1,9}$/

const textMemo = (slots: number): Memo<string | null> => new Memo<string | null>(slots, (text) => text, null)
const unreadable = (field: string, reason: string): SacctRow => ({ _tag: "Unreadable", field, reason })
const isDigit = (byte: number): boolean => byte >= 48 && byte <= 57
const orNull = (instant: number): number | null => (instant < 0 ? null : instant)
const clip = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text)

const isText = (text: string, bytes: Uint8Array, from: number, to: number): boolean => {
  if (text.length !== to - from) return false
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) !== bytes[from + index]) return false
  return true
}

/** -1 unless it is one to fifteen digits. */
const readDigits = (bytes: Uint8Array, from: number, to: number): number => {
  if (from === to || to - from > 15) return -1
  let value = 0
  for (let index = from; index < to; index++) {
    const digit = (bytes[index] as number) - 48
    if (digit < 0 || digit > 9) return -1
    value = value * 10 + digit
  }
  return value
}

const jobIdText = (bytes: Buffer, from: number, to: number): string => {
  const value = bytes[from] === 48 ? -1 : readDigits(bytes, from, to)
  return value > 0 ? String(value) : bytes.toString("latin1", from, to)
}

const parseCount = (text: string): number => (text === "" || isUnsetText(text) ? 0 : digits.test(text) ? Number(text) : Number.NaN)

/** undefined: unreadable; null: not set. */
const parseEnergy = (text: string): bigint | null | undefined => {
  if (text === "") return null
  const joules = parseScaled(text, 1000n)
  return joules ?? undefined
}
