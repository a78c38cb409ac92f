import type { Window } from "./Window.ts"
import { instantOfLocal, localDate } from "./zone.ts"

/** A calendar month as text, `2026-10`. With a billing zone it names a window of instants. */
export type Month = string

const monthText = /^(\d{4})-(0[1-9]|1[0-2])$/

export const isMonth = (text: string): boolean => monthText.test(text)

const partsOf = (month: Month): { readonly year: number; readonly month: number } => {
  const match = monthText.exec(month)
  if (match === null) throw new RangeError(`"${month}" is not a month such as 2026-10`)
  return { year: Number(match[1]), month: Number(match[2]) }
}

export const addMonths = (month: Month, count: number): Month => {
  const parts = partsOf(month)
  const index = parts.year * 12 + parts.month - 1 + count
  return `${String(Math.floor(index / 12)).padStart(4, "0")}-${String((index % 12) + 1).padStart(2, "0")}`
}

/** The instants at which the month begins and ends in the zone. */
export const monthWindow = (month: Month, zone: string): Window => {
  const bound = (of: Month): number => instantOfLocal({ ...partsOf(of), day: 1, hour: 0, minute: 0, second: 0 }, zone)
  return { startSeconds: bound(month), endSeconds: bound(addMonths(month, 1)) }
}

export const monthOf = (instantSeconds: number, zone: string): Month => localDate(instantSeconds, zone).slice(0, 7)

const shortMonths: ReadonlySet<number> = new Set([4, 6, 9, 11])

/** `2026-10-31`, the last day of the month. */
export const lastDayOf = (month: Month): string => {
  const { year, month: number } = partsOf(month)
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  return `${month}-${number === 2 ? (isLeap ? 29 : 28) : shortMonths.has(number) ? 30 : 31}`
}
