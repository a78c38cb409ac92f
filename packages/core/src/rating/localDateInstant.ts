import { instantOfLocal } from "../time/zone.ts"

const dateText = /^(\d{4})-(\d{2})-(\d{2})$/

/** The instant at which a local date begins in the zone; null for a date that no calendar has. */
export const localDateInstant = (date: string, zone: string): number | null => {
  const match = dateText.exec(date)
  if (match === null) return null
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])]
  const asDate = new Date(Date.UTC(year, month - 1, day))
  if (asDate.getUTCMonth() !== month - 1) return null
  return instantOfLocal({ year, month, day, hour: 0, minute: 0, second: 0 }, zone)
}
