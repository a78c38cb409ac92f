import { addMonths, localDate, monthWindow } from "@hpc-billing/core"
import fc from "fast-check"
import { expect, it } from "vitest"
import { completeDays } from "./completeDays.ts"

const at = (iso: string): number => Date.parse(iso) / 1_000

it.each([
  ["Pacific/Kiritimati", "2026-10", "2026-10-02T10:00:00Z", "2026-10-02"],
  ["Pacific/Kiritimati", "2026-10", "2026-10-02T09:59:59Z", "2026-10-01"],
  ["Pacific/Apia", "2026-10", "2026-10-03T11:00:00Z", "2026-10-03"],
  ["Pacific/Chatham", "2026-10", "2026-10-03T10:15:00Z", "2026-10-03"],
  ["Pacific/Chatham", "2026-09", "2026-09-03T11:15:00Z", "2026-09-03"],
  ["America/Los_Angeles", "2026-11", "2026-11-02T08:00:00Z", "2026-11-01"],
  ["America/Los_Angeles", "2026-11", "2026-11-02T07:59:59Z", undefined],
  ["America/St_Johns", "2026-03", "2026-03-09T02:30:00Z", "2026-03-08"],
  ["America/Santiago", "2026-09", "2026-09-07T03:00:00Z", "2026-09-06"],
])("in %s the last day of %s that has ended at %s is %s", (zone, month, now, day) => {
  expect(completeDays(month, zone, at(now)).at(-1)).toBe(day)
})

it("leaves out a day that a zone left out", () => {
  expect(completeDays("2011-12", "Pacific/Apia", at("2012-02-01T00:00:00Z")).slice(-3)).toEqual(["2011-12-28", "2011-12-29", "2011-12-31"])
})

it("is every date of the month before today's, in any zone", () => {
  const quarterSeconds = 900
  fc.assert(
    fc.property(
      fc.constantFrom(...Intl.supportedValuesOf("timeZone")),
      fc.integer({ min: 0, max: 12 * 60 }),
      fc.double({ min: -0.1, max: 1.1, noNaN: true }),
      (zone, count, part) => {
        const month = addMonths("1980-01", count)
        const { startSeconds, endSeconds } = monthWindow(month, zone)
        const now = Math.floor(startSeconds + part * (endSeconds - startSeconds))
        const dates = new Set<string>()
        for (let instant = startSeconds; instant < endSeconds; instant += quarterSeconds) dates.add(localDate(instant, zone))
        expect(completeDays(month, zone, now)).toEqual([...dates].filter((date) => date < localDate(now, zone)))
      },
    ),
    { numRuns: 60 },
  )
})
