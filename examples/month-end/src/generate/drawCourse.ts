import type { JobState } from "@hpc-billing/core"
import { type SeededRandom, weighted } from "./SeededRandom.ts"

/** How one attempt of a job went. */
export interface Course {
  readonly state: JobState
  /** null: cancelled before it started. */
  readonly waitSeconds: number | null
  /** Net of suspension. */
  readonly elapsedSeconds: number
  readonly suspendedSeconds: number
  /** Still RUNNING in the records though long gone. */
  readonly isRunaway: boolean
  readonly exitCode: string
}

const drawState = weighted<JobState>([
  ["COMPLETED", 74],
  ["FAILED", 12],
  ["CANCELLED", 8.5],
  ["TIMEOUT", 3.7],
  ["OUT_OF_MEMORY", 1],
  ["NODE_FAIL", 0.3],
])
const pendingShareOfCancelled = 2.5 / 8.5
const zeroShare = 0.08
const shortShare = 0.25
const suspendedShare = 0.003
const runawayShare = 0.001
const day = 86_400
const waitSecondsMaximum = 3 * day

const drawWaitSeconds = (random: SeededRandom): number => Math.min(Math.floor(random.lognormal(5.8, 1.9)), waitSecondsMaximum)

/** 8 % nothing, 25 % below a minute, the body lognormal and never beyond the limit. */
const drawElapsedSeconds = (random: SeededRandom, limitSeconds: number): number => {
  const at = random.unit()
  if (at < zeroShare) return 0
  if (at < zeroShare + shortShare) return 1 + random.below(59)
  return Math.min(60 + Math.floor(random.lognormal(5.6, 2.3)), limitSeconds)
}

const exitCodes: Partial<Record<JobState, string>> = { FAILED: "1:0", OUT_OF_MEMORY: "0:125", NODE_FAIL: "1:0", CANCELLED: "0:15" }

/** A run of four to seven days. */
export const drawLongCourse = (random: SeededRandom): Course => ({
  state: "COMPLETED",
  waitSeconds: random.below(3_600),
  elapsedSeconds: 4 * day + random.below(3 * day),
  suspendedSeconds: 0,
  isRunaway: false,
  exitCode: "0:0",
})

export const drawCourse = (random: SeededRandom, timeLimitMinutes: number): Course => {
  const limitSeconds = timeLimitMinutes * 60
  const state = drawState(random)
  const none = { waitSeconds: null, elapsedSeconds: 0, suspendedSeconds: 0, isRunaway: false, exitCode: "0:0" }
  if (state === "CANCELLED" && random.chance(pendingShareOfCancelled)) return { ...none, state }
  const waitSeconds = drawWaitSeconds(random)
  if (state === "COMPLETED" && random.chance(runawayShare / 0.74)) return { ...none, state: "RUNNING", waitSeconds, isRunaway: true }
  const elapsedSeconds = state === "TIMEOUT" ? limitSeconds + random.below(61) : drawElapsedSeconds(random, limitSeconds)
  const suspendedSeconds = elapsedSeconds > 0 && random.chance(suspendedShare) ? 60 + random.below(4 * 3_600) : 0
  return { state, waitSeconds, elapsedSeconds, suspendedSeconds, isRunaway: false, exitCode: exitCodes[state] ?? "0:0" }
}
