import { instantOfLocal, localDate, localTime, type Month, monthWindow } from "@hpc-billing/core"

/** The days of the month by the zone's calendar that have ended, in order; a day has 23 to 25 hours, and one that a zone left out is none. */
export const completeDays = (month: Month, zone: string, nowSeconds: number): readonly string[] => {
  const { startSeconds, endSeconds } = monthWindow(month, zone)
  const days: string[] = []
  let at = startSeconds
  while (at < endSeconds) {
    const { year, month: ofYear, day } = localTime(at, zone)
    const next = instantOfLocal({ year, month: ofYear, day: day + 1, hour: 0, minute: 0, second: 0 }, zone)
    if (next > nowSeconds) break
    days.push(localDate(at, zone))
    at = next
  }
  return days
}
