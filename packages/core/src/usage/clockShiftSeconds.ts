import type { JobRecord } from "./JobRecord.ts"

/** Zones of the world differ by whole quarters of an hour. */
const zoneStepSeconds = 900

/**
 * By how much the times of one record are those of another on the clock of another zone: submit, start and end all differ by the same. null where
 * they do not, or where there is no more than a submit time to compare.
 */
export const clockShiftSeconds = (earlier: Times, later: Times): number | null => {
  const shiftSeconds = later.submitSeconds - earlier.submitSeconds
  const shifts = (from: number | null, to: number | null): boolean =>
    from === null || to === null ? from === to : to - from === shiftSeconds
  const hasRun = earlier.startSeconds !== null || earlier.endSeconds !== null
  const isShifted =
    hasRun && shifts(earlier.startSeconds, later.startSeconds) && shifts(earlier.endSeconds, later.endSeconds) && shiftSeconds !== 0
  return isShifted && shiftSeconds % zoneStepSeconds === 0 ? shiftSeconds : null
}

type Times = Pick<JobRecord, "submitSeconds" | "startSeconds" | "endSeconds">
