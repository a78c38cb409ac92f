import { overlap, type Usage, type Window } from "@hpc-billing/core"
import type { ReportedSeconds } from "./parseSreport.ts"
import { type Association, type Reservation, reservationIdle } from "./reservationIdle.ts"

export interface ReconcileInput {
  /** Of all jobs that touch the window, normalised. */
  readonly usages: readonly Usage[]
  readonly reported: readonly ReportedSeconds[]
  readonly window: Window
  /** None: idle reservation time stays unexplained. */
  readonly reservations: readonly Reservation[]
  readonly associations: readonly Association[]
  /** Until when Slurm has rolled up; running jobs count in its report until then. The end of the window when null. */
  readonly reportedUntilSeconds: number | null
}

export interface ReconcileLine {
  readonly cluster: string
  readonly account: string
  readonly user: string
  readonly tres: string
  readonly oursSeconds: bigint
  readonly reportedSeconds: bigint
  /** What makes Slurm's number differ from ours; these and the unexplained rest sum to the difference. */
  readonly explanations: readonly Explanation[]
  readonly unexplainedSeconds: bigint
}

export interface Explanation {
  readonly reason: ExplanationReason
  /** Added by Slurm to what we count. */
  readonly seconds: bigint
  /** The usage or the reservation that it comes from. */
  readonly subject: string
}

export type ExplanationReason =
  /** Slurm up to 23.02 counts a resized job's earlier time again in its later row. */
  | "resize-overlap"
  /** Reserved time that nobody used, spread by Slurm over those who might have. */
  | "reservation-idle"
  /** Still running: Slurm counts to its last rollup, we to the instant asked for. */
  | "running"

/** Said of single records, without seconds of difference: both sides treat them alike, or Slurm's side cannot be trusted. */
export interface ReconcileNote {
  readonly kind: "suspended" | "suspension-unplaced" | "requeued" | "running" | "energy-left-out"
  readonly subject: string
  readonly text: string
}

export interface Reconciliation {
  readonly lines: readonly ReconcileLine[]
  readonly notes: readonly ReconcileNote[]
  readonly unexplainedCount: number
}

/** Our seconds against Slurm's own, association by association and TRES by TRES, every difference laid to what causes it. */
export const reconcile = (input: ReconcileInput): Reconciliation => {
  const lines = new Map<string, Building>()
  const lineOf = (cluster: string, account: string, user: string, tres: string): Building => {
    const key = JSON.stringify([cluster, account, user, tres])
    const known = lines.get(key)
    if (known !== undefined) return known
    const made: Building = { cluster, account, user, tres, oursSeconds: 0n, reportedSeconds: 0n, explanations: [] }
    lines.set(key, made)
    return made
  }
  for (const usage of input.usages) addUsage(usage, input, lineOf)
  const cluster = input.usages[0]?.record.cluster ?? input.reported[0]?.cluster ?? ""
  const associations = new Map(input.associations.map((association) => [association.id, association]))
  for (const share of reservationIdle(input.reservations, input.usages, input.window)) {
    const association = associations.get(share.associationId)
    if (association === undefined || share.seconds === 0n) continue
    const line = lineOf(cluster, association.account, association.user, share.tres)
    line.explanations.push({ reason: "reservation-idle", seconds: share.seconds, subject: share.reservation })
  }
  for (const { cluster: of, account, user, tres, seconds } of input.reported) {
    if (tres !== "energy" && seconds > 0n) lineOf(of, account, user, tres).reportedSeconds += seconds
  }
  const done = [...lines.values()].filter(isNotEmpty).map(finish).sort(byPlace)
  return { lines: done, notes: notesOf(input), unexplainedCount: done.filter(({ unexplainedSeconds }) => unexplainedSeconds !== 0n).length }
}

type Building = { -readonly [K in Exclude<keyof ReconcileLine, "unexplainedSeconds" | "explanations">]: ReconcileLine[K] } & {
  readonly explanations: Explanation[]
}
type LineOf = (cluster: string, account: string, user: string, tres: string) => Building

const addUsage = (usage: Usage, input: ReconcileInput, lineOf: LineOf): void => {
  const { record } = usage
  const ours = overlap(usage, input.window)
  const doubled = resizeOverlap(usage, input.window)
  const onwards = runsOn(usage, input)
  if (ours === null && doubled === null && onwards === null) return
  // by Slurm's own names: what is typed stands under its type and in the sum, as in the report
  for (const tres in record.allocated) {
    const count = BigInt(record.allocated[tres] as number)
    if (count === 0n) continue
    const line = lineOf(record.cluster, record.account, record.user, tres)
    const secondsIn = (window: Window): bigint =>
      count * BigInt(window.endSeconds - window.startSeconds - (tres === "cpu" ? suspendedIn(usage, window) : 0))
    if (ours !== null) line.oursSeconds += secondsIn(ours)
    if (doubled !== null) line.explanations.push({ reason: "resize-overlap", seconds: secondsIn(doubled), subject: usage.id })
    if (onwards !== null) line.explanations.push({ reason: "running", seconds: secondsIn(onwards), subject: usage.id })
  }
}

/** The part of the window that a clipped usage gave up to the segment before it, and Slurm did not. */
const resizeOverlap = (usage: Usage, window: Window): Window | null => {
  if (!usage.flags.includes("resize-clipped") || usage.record.startSeconds === null) return null
  return overlap({ startSeconds: usage.record.startSeconds, endSeconds: usage.startSeconds }, window)
}

/** The part of the window that lies behind a running usage's provisional end and before Slurm's last rollup. */
const runsOn = (usage: Usage, { window, reportedUntilSeconds }: ReconcileInput): Window | null => {
  if (!usage.provisional || usage.record.startSeconds === null) return null
  return overlap({ startSeconds: usage.endSeconds, endSeconds: reportedUntilSeconds ?? window.endSeconds }, window)
}

const suspendedIn = (usage: Usage, window: Window): number => {
  if (usage.suspension.kind === "none") return 0
  if (usage.suspension.kind === "unplaced") {
    const whole = window.startSeconds <= usage.startSeconds && window.endSeconds >= usage.endSeconds
    return whole ? usage.suspension.seconds : 0
  }
  let seconds = 0
  for (const suspended of usage.suspension.windows) {
    const part = overlap(suspended, window)
    if (part !== null) seconds += part.endSeconds - part.startSeconds
  }
  return seconds
}

const isNotEmpty = (line: Building): boolean => line.oursSeconds !== 0n || line.reportedSeconds !== 0n || line.explanations.length > 0

const finish = (line: Building): ReconcileLine => {
  const explained = line.explanations.reduce((sum, { seconds }) => sum + seconds, 0n)
  return { ...line, unexplainedSeconds: line.reportedSeconds - line.oursSeconds - explained }
}

const byPlace = (left: ReconcileLine, right: ReconcileLine): number => {
  const [a, b] = [left, right].map(({ cluster, account, user, tres }) => `${cluster}\n${account}\n${user}\n${tres}`) as [string, string]
  return a < b ? -1 : 1
}

const notesOf = ({ usages, reported, window }: ReconcileInput): readonly ReconcileNote[] => {
  const notes: ReconcileNote[] = []
  for (const usage of usages) {
    if (overlap(usage, window) === null) continue
    const { record, suspension } = usage
    if (suspension.kind === "windows") {
      const seconds = suspendedIn(usage, window)
      if (seconds > 0)
        notes.push({ kind: "suspended", subject: usage.id, text: `${seconds} suspended seconds count for no cpu, here and in Slurm` })
    } else if (suspension.kind === "unplaced") {
      const text = `${suspension.seconds} suspended seconds lie at unknown times; give a dump of slurmdbd, which knows them`
      notes.push({ kind: "suspension-unplaced", subject: usage.id, text })
    }
    if (record.state === "REQUEUED" || record.state === "PREEMPTED") {
      notes.push({ kind: "requeued", subject: usage.id, text: `${record.state}: an attempt of its own, here and in Slurm` })
    }
    if (usage.provisional)
      notes.push({ kind: "running", subject: usage.id, text: "no end is recorded; Slurm counts it on until someone clears it" })
  }
  if (reported.some(({ tres, seconds }) => tres === "energy" && seconds > 0n)) {
    const text = "Slurm adds a job's whole energy in every hour that it touches, so its sums of energy mean nothing"
    notes.push({ kind: "energy-left-out", subject: "energy", text })
  }
  return notes
}
