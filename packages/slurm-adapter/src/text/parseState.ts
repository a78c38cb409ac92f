import type { JobState } from "@hpc-billing/core"

const states: Readonly<Record<string, JobState>> = {
  PENDING: "PENDING",
  RUNNING: "RUNNING",
  SUSPENDED: "SUSPENDED",
  COMPLETED: "COMPLETED",
  CANCELLED: "CANCELLED",
  FAILED: "FAILED",
  TIMEOUT: "TIMEOUT",
  NODE_FAIL: "NODE_FAIL",
  PREEMPTED: "PREEMPTED",
  BOOT_FAIL: "BOOT_FAIL",
  DEADLINE: "DEADLINE",
  OUT_OF_MEMORY: "OUT_OF_MEMORY",
  REQUEUED: "REQUEUED",
  RESIZING: "RESIZING",
  REVOKED: "REVOKED",
  CONFIGURING: "PENDING",
  REQUEUE_HOLD: "PENDING",
  REQUEUE_FED: "PENDING",
  SPECIAL_EXIT: "PENDING",
  RESV_DEL_HOLD: "PENDING",
  COMPLETING: "RUNNING",
  SIGNALING: "RUNNING",
  STAGE_OUT: "RUNNING",
  STOPPED: "RUNNING",
}

/** `COMPLETED`, `CANCELLED by 1003`; null for a word that Slurm does not use. */
export const parseState = (text: string): JobState | null => {
  const word = text.startsWith("CANCELLED by ") ? "CANCELLED" : text
  return Object.hasOwn(states, word) ? (states[word] as JobState) : null
}
