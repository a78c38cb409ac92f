import type { JobRecord, Window } from "@hpc-billing/core"

/** Later than any instant that is billed; stands for "not ended". */
const openEndSeconds = 253_402_300_800

/**
 * The time a record takes part in: its run, to the open end while it runs; an empty span at its one instant when it never
 * ran. Every record lies in at least one month, a record without run in exactly one.
 */
export const recordSpan = (record: Pick<JobRecord, "submitSeconds" | "startSeconds" | "endSeconds">): Window => {
  const { submitSeconds, startSeconds, endSeconds } = record
  if (startSeconds !== null) return { startSeconds, endSeconds: Math.max(startSeconds, endSeconds ?? openEndSeconds) }
  if (endSeconds !== null) return { startSeconds: endSeconds, endSeconds }
  return { startSeconds: submitSeconds, endSeconds: openEndSeconds }
}
