/**
 * Wall-clock time in an IANA zone to instants and back, by the runtime's own time zone data (`Intl`). Bounds of days and
 * months are worked out here once and stored as instants.
 */
const formatters = new Map<string, Intl.DateTimeFormat>()

const formatterOf = (zone: string): Intl.DateTimeFormat => {
  const known = formatters.get(zone)
  if (known !== undefined) return known
  const made = new Intl.DateTimeFormat("en-CA", {
    timeZone: zone,
    calendar: "iso8601",
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  })
  formatters.set(zone, made)
  return made
}

export const isZone = (zone: string): boolean => {
  try {
    formatterOf(zone)
    return true
  } catch {
    return false
  }
}

export interface LocalTime {
  readonly year: number
  /** 1 to 12. */
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
}

const secondsPerDay = 86_400

const askOffsetSeconds = (instantSeconds: number, zone: string): number => {
  const parts: Record<string, number> = {}
  for (const part of formatterOf(zone).formatToParts(instantSeconds * 1000)) {
    if (part.type !== "literal") parts[part.type] = Number(part.value)
  }
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = parts
  return Date.UTC(year, month - 1, day, hour, minute, second) / 1000 - instantSeconds
}

/** By zone, the offset of each UTC day that was asked for; null where it changes within the day. */
const offsetsOfDays = new Map<string, Map<number, number | null>>()
const daysKeptMaximum = 50_000

/**
 * What the zone's clock is ahead of UTC. It is asked of `Intl` once for each day: no zone has ever changed its clock twice within less
 * than three days (tz database), so a day that begins and ends with one offset has no other.
 */
const offsetSecondsAt = (instantSeconds: number, zone: string): number => {
  const days = offsetsOfDays.get(zone) ?? new Map<number, number | null>()
  const day = Math.floor(instantSeconds / secondsPerDay)
  let offset = days.get(day)
  if (offset === undefined) {
    const first = askOffsetSeconds(day * secondsPerDay, zone)
    offset = askOffsetSeconds((day + 1) * secondsPerDay, zone) === first ? first : null
    if (days.size >= daysKeptMaximum) days.clear()
    offsetsOfDays.set(zone, days.set(day, offset))
  }
  return offset ?? askOffsetSeconds(instantSeconds, zone)
}

export const localTime = (instantSeconds: number, zone: string): LocalTime => {
  const shown = new Date((instantSeconds + offsetSecondsAt(instantSeconds, zone)) * 1000)
  return {
    year: shown.getUTCFullYear(),
    month: shown.getUTCMonth() + 1,
    day: shown.getUTCDate(),
    hour: shown.getUTCHours(),
    minute: shown.getUTCMinutes(),
    second: shown.getUTCSeconds(),
  }
}

/**
 * The instant of a wall-clock time. A time that occurs twice (autumn) is the first of the two; one that does not occur
 * (spring) is the instant at which the clock jumped.
 */
export const instantOfLocal = (time: LocalTime, zone: string): number => {
  const wanted = Date.UTC(time.year, time.month - 1, time.day, time.hour, time.minute, time.second) / 1000
  const offsets = new Set([-secondsPerDay, 0, secondsPerDay].map((apart) => offsetSecondsAt(wanted + apart, zone)))
  const matches = [...offsets].map((offset) => wanted - offset).filter((instant) => instant + offsetSecondsAt(instant, zone) === wanted)
  if (matches.length > 0) return Math.min(...matches)
  let low = wanted - 2 * secondsPerDay
  let high = wanted + 2 * secondsPerDay
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (middle + offsetSecondsAt(middle, zone) < wanted) low = middle
    else high = middle
  }
  return high
}

/** `2026-10-31` of the instant in the zone. */
export const localDate = (instantSeconds: number, zone: string): string => {
  const { year, month, day } = localTime(instantSeconds, zone)
  return `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`
}
