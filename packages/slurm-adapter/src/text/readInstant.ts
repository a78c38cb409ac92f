import { isUnset, isUnsetText, unsetFrom } from "./isUnset.ts"
import type { LocalClock } from "./LocalClock.ts"

/** What stands for "no time": never started, not yet, none recorded. */
export const noInstant = -1
/** What stands for text that is no time. */
export const badInstant = -2

const latestSeconds = 253_402_300_799

/**
 * The bytes of a time stamp to seconds since 1970 UTC: digits (`SLURM_TIME_FORMAT=%s`), `2026-10-31T23:59:59` on the given clock,
 * or a word or number for none. A time that the clock shows twice is the first of the two.
 */
export const readInstant = (bytes: Uint8Array, from: number, to: number, clock: LocalClock): number => {
  const length = to - from
  if (length === 0) return noInstant
  const first = bytes[from] as number
  if (first < 48 || first > 57) return isWordForNone(bytes, from, to) ? noInstant : badInstant
  if (length === 19 && bytes[from + 4] === 45) {
    const asIfUtcSeconds = readCivil(bytes, from)
    return asIfUtcSeconds < 0 ? badInstant : clock.firstInstant(asIfUtcSeconds)
  }
  if (length > 12) return isUnsetText(Buffer.from(bytes.subarray(from, to)).toString("latin1")) ? noInstant : badInstant
  let value = 0
  for (let index = from; index < to; index++) {
    const digit = (bytes[index] as number) - 48
    if (digit < 0 || digit > 9) return badInstant
    value = value * 10 + digit
  }
  if (value > latestSeconds) return badInstant
  return value === 0 || (value >= unsetFrom && isUnset(value)) ? noInstant : value
}

const wordsForNone = ["Unknown", "None", "N/A", "UNLIMITED", "INVALID"].map((word) => Buffer.from(word))

/** Whether a field holds a word that Slurm prints in place of a time or a duration. */
export const isWordForNone = (bytes: Uint8Array, from: number, to: number): boolean =>
  wordsForNone.some((word) => {
    if (word.length !== to - from) return false
    for (let index = 0; index < word.length; index++) if (word[index] !== bytes[from + index]) return false
    return true
  })

/** `2026-10-31T23:59:59` as if it were UTC; below zero when it is no such date. */
const readCivil = (bytes: Uint8Array, from: number): number => {
  const separator = bytes[from + 10]
  const shaped = bytes[from + 7] === 45 && (separator === 84 || separator === 32) && bytes[from + 13] === 58 && bytes[from + 16] === 58
  if (!shaped) return -1
  const year = twoDigits(bytes, from) * 100 + twoDigits(bytes, from + 2)
  const month = twoDigits(bytes, from + 5)
  const day = twoDigits(bytes, from + 8)
  const hour = twoDigits(bytes, from + 11)
  const minute = twoDigits(bytes, from + 14)
  const second = twoDigits(bytes, from + 17)
  if (!(year >= 1970 && month >= 1 && month <= 12 && day >= 1 && hour < 24 && minute < 60 && second < 60)) return -1
  if (day > daysInMonth(year, month)) return -1
  return daysSinceEpoch(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second
}

const twoDigits = (bytes: Uint8Array, at: number): number => {
  const tens = (bytes[at] as number) - 48
  const ones = (bytes[at + 1] as number) - 48
  return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? Number.NaN : tens * 10 + ones
}

const daysInMonth = (year: number, month: number): number => {
  if (month !== 2) return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28
}

/** Days of the proleptic Gregorian calendar, counted in years that begin in March so that the leap day comes last. */
const daysSinceEpoch = (year: number, month: number, day: number): number => {
  const marchYear = month <= 2 ? year - 1 : year
  const era = Math.floor(marchYear / 400)
  const yearOfEra = marchYear - era * 400
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146_097 + dayOfEra - 719_468
}
