import { divideFloor } from "../money/divide.ts"
import type { Quantities } from "./Quantities.ts"
import type { Usage } from "./Usage.ts"

/**
 * What a usage held in the part of `[from, to)` that it ran in. Suspended windows are gaps for cpu alone. Energy is shared out over wall
 * time by the difference of two cumulative floors, so that parts that meet sum to the whole. The whole of a usage whose suspension has
 * no known place is exact; a part of it throws, as nothing says where its cpu time lies.
 */
export const quantitiesBetween = (usage: Usage, fromSeconds: number, toSeconds: number): Quantities => {
  const from = Math.max(fromSeconds, usage.startSeconds)
  const to = Math.max(from, Math.min(toSeconds, usage.endSeconds))
  const quantities: Record<string, bigint> = {}
  const wallSeconds = BigInt(to - from)
  if (wallSeconds > 0n) {
    const suspendedSeconds = BigInt(suspendedBetween(usage, from, to))
    for (const name in usage.perSecond) {
      quantities[name] = (usage.perSecond[name] as bigint) * (name === "cpu" ? wallSeconds - suspendedSeconds : wallSeconds)
    }
  }
  const energyJoules = energyBetween(usage, from, to)
  if (energyJoules !== 0n) quantities.energy = energyJoules
  return quantities
}

const suspendedBetween = (usage: Usage, from: number, to: number): number => {
  switch (usage.suspension.kind) {
    case "none":
      return 0
    case "unplaced":
      if (from > usage.startSeconds || to < usage.endSeconds) {
        throw new RangeError(`usage ${usage.id} was suspended at unknown times: it can be measured only whole`)
      }
      return usage.suspension.seconds
    case "windows": {
      let seconds = 0
      for (const window of usage.suspension.windows) {
        seconds += Math.max(0, Math.min(window.endSeconds, to) - Math.max(window.startSeconds, from))
      }
      return seconds
    }
  }
}

const energyBetween = (usage: Usage, from: number, to: number): bigint => {
  const energyJoules = usage.energyJoules ?? 0n
  if (from === usage.startSeconds && to === usage.endSeconds) return energyJoules
  const wallSeconds = BigInt(usage.endSeconds - usage.startSeconds)
  const until = (instantSeconds: number): bigint => divideFloor(energyJoules * BigInt(instantSeconds - usage.startSeconds), wallSeconds)
  return until(to) - until(from)
}
