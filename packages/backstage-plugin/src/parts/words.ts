import { type ZeroReason, zeroReasonText } from "@hpc-billing/core"
import type { Text } from "./useText.ts"

/** Why something costs nothing, in the reader's language. */
export const zeroReasonWords = (reason: string, { language }: Pick<Text, "language">): string =>
  zeroReasonText[reason as ZeroReason]?.[language] ?? reason

const jobStates = [
  "PENDING",
  "RUNNING",
  "SUSPENDED",
  "COMPLETED",
  "CANCELLED",
  "FAILED",
  "TIMEOUT",
  "NODE_FAIL",
  "PREEMPTED",
  "BOOT_FAIL",
  "DEADLINE",
  "OUT_OF_MEMORY",
  "REQUEUED",
  "RESIZING",
  "REVOKED",
] as const

/** How a job ended, in words; what is no state of Slurm stays as it is. */
export const jobStateWords = (state: string, { t }: Pick<Text, "t">): string => {
  const known = jobStates.find((one) => one === state)
  return known === undefined ? state : t(`job.${known}`)
}
