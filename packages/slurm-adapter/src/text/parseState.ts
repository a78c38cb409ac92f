import { type JobState, jobStates } from "@hpc-billing/core"

const states: Readonly<Record<string, JobState>> = {
  ...Object.fromEntries(jobStates.map((state) => [state, state])),
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
