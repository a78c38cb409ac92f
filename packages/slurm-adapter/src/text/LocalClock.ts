import { instantOfLocal, localTime } from "@hpc-billing/core"

/** A wall clock in a zone, for reading many local times: offsets are asked of the runtime once for each quarter of an hour. */
export interface LocalClock {
  /** The instant of a local time given as if it were UTC; of two, the first. */
  readonly firstInstant: (asIfUtcSeconds: number) => number
  /** Seconds until the clock shows the same time again after `instantSeconds`, in autumn; zero nearly always. */
  readonly repeatsAfterSeconds: (instantSeconds: number) => number
}

const utcClock: LocalClock = { firstInstant: (asIfUtcSeconds) => asIfUtcSeconds, repeatsAfterSeconds: () => 0 }

export const localClock = (zone: string): LocalClock => {
  if (zone === "UTC") return utcClock
  const offsets = new Map<number, number>()
  const repeats = new Map<number, number>()
  return {
    firstInstant: (asIfUtcSeconds) => {
      const quarter = Math.floor(asIfUtcSeconds / quarterHourSeconds)
      const offset = remembered(offsets, quarter, () => {
        const local = localTime(quarter * quarterHourSeconds, "UTC")
        return quarter * quarterHourSeconds - instantOfLocal(local, zone)
      })
      return asIfUtcSeconds - offset
    },
    repeatsAfterSeconds: (instantSeconds) => {
      const quarter = Math.floor(instantSeconds / quarterHourSeconds)
      return remembered(repeats, quarter, () => {
        const instant = quarter * quarterHourSeconds
        const gained = offsetAt(instant, zone) - offsetAt(instant + 3 * 3_600, zone)
        return gained > 0 && offsetAt(instant + gained, zone) === offsetAt(instant, zone) - gained ? gained : 0
      })
    },
  }
}

const quarterHourSeconds = 900
const rememberedMaximum = 100_000

const remembered = (known: Map<number, number>, key: number, make: () => number): number => {
  const found = known.get(key)
  if (found !== undefined) return found
  if (known.size >= rememberedMaximum) known.clear()
  const made = make()
  known.set(key, made)
  return made
}

const offsetAt = (instantSeconds: number, zone: string): number => {
  const { year, month, day, hour, minute, second } = localTime(instantSeconds, zone)
  return Date.UTC(year, month - 1, day, hour, minute, second) / 1000 - instantSeconds
}
