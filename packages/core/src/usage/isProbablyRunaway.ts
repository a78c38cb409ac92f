import type { JobRecord } from "./JobRecord.ts"

const graceSeconds = 86_400
const withoutLimitSeconds = 30 * 86_400

/**
 * Whether a job that stands as running must long be gone: a day past its time limit (suspended time left out), or 30 days where it
 * has none. Slurm's database keeps such rows for ever; `sacctmgr show runawayjobs` names and ends them.
 */
export const isProbablyRunaway = (record: JobRecord, ranSeconds: number): boolean => {
  const { timeLimitSeconds, suspendedSeconds } = record
  return ranSeconds > (timeLimitSeconds === null ? withoutLimitSeconds : timeLimitSeconds + suspendedSeconds + graceSeconds)
}
