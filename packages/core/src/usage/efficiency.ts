import { divideHalfUp } from "../money/divide.ts"
import type { Usage } from "./Usage.ts"

/** Share of what was held that was really used, in thousandths; null where either is unknown or nothing was held. For reports, never for money. */
export interface Efficiency {
  readonly cpuPermille: number | null
  readonly memoryPermille: number | null
}

export const efficiency = (usage: Usage): Efficiency => {
  const { record, perSecond } = usage
  const suspendedSeconds = Math.max(0, usage.endSeconds - usage.startSeconds - record.elapsedSeconds)
  const heldCpuMilliseconds = (perSecond.cpu ?? 0n) * BigInt(usage.endSeconds - usage.startSeconds - suspendedSeconds) * 1000n
  const heldMemoryBytes = (perSecond.mem ?? 0n) * 1_048_576n
  return {
    cpuPermille: permille(record.consumedCpuMilliseconds, heldCpuMilliseconds),
    memoryPermille: permille(record.consumedMemoryBytesMaximum, heldMemoryBytes),
  }
}

const permille = (used: number | null, held: bigint): number | null =>
  used === null || held <= 0n ? null : Number(divideHalfUp(BigInt(used) * 1000n, held))
