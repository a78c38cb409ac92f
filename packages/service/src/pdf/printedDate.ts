import { localTime, type Month, monthWindow, type Window } from "@hpc-billing/core"
import type { Bilingual } from "./catalogue/say.ts"

const thaiDates = (zone: string): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat("th-TH-u-ca-buddhist-nu-latn", { timeZone: zone, day: "numeric", month: "long", year: "numeric" })

const englishDates = (zone: string): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat("en-GB", { timeZone: zone, day: "numeric", month: "long", year: "numeric" })

const millisecondsOf = (instantSeconds: number): number => instantSeconds * 1000

/** `1 กรกฎาคม 2569` (Buddhist era) and `1 July 2026`. */
export const printedDate = (instantSeconds: number, zone: string): Bilingual => ({
  thai: thaiDates(zone).format(millisecondsOf(instantSeconds)),
  english: englishDates(zone).format(millisecondsOf(instantSeconds)),
})

/** The days of a window, its end exclusive: `1–31 ตุลาคม 2569` and `1–31 October 2026`. */
export const printedPeriod = (window: Window, zone: string): Bilingual => {
  const first = millisecondsOf(window.startSeconds)
  const last = millisecondsOf(window.endSeconds - 1)
  return { thai: plainSpaces(thaiDates(zone).formatRange(first, last)), english: plainSpaces(englishDates(zone).formatRange(first, last)) }
}

/** Ranges come with thin spaces that the font does not have. */
const plainSpaces = (text: string): string => text.replace(/[\u2009\u202F]/g, " ").replace(/(\d) ?[–-] ?(\d)/, "$1–$2")

/** `กันยายน 2569` and `September 2026`. */
export const printedMonth = (month: Month, zone: string): Bilingual => {
  const start = millisecondsOf(monthWindow(month, zone).startSeconds)
  const options = { timeZone: zone, month: "long", year: "numeric" } as const
  return {
    thai: new Intl.DateTimeFormat("th-TH-u-ca-buddhist-nu-latn", options).format(start),
    english: new Intl.DateTimeFormat("en-GB", options).format(start),
  }
}

const two = (value: number): string => String(value).padStart(2, "0")

/** `2026-10-31 23:59` in the zone. */
export const printedMinute = (instantSeconds: number, zone: string): string => {
  const { year, month, day, hour, minute } = localTime(instantSeconds, zone)
  return `${year}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)}`
}
