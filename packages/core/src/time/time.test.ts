import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { addMonths, instantOfLocal, isZone, lastDayOf, localTime, monthOf, monthWindow } from "./index.ts"

const at = (iso: string): number => Date.parse(iso) / 1000

describe("monthWindow", () => {
  it.each([
    ["2026-10", "UTC", "2026-10-01T00:00:00Z", "2026-11-01T00:00:00Z"],
    ["2026-10", "Asia/Bangkok", "2026-09-30T17:00:00Z", "2026-10-31T17:00:00Z"],
    ["2026-03", "America/New_York", "2026-03-01T05:00:00Z", "2026-04-01T04:00:00Z"],
    ["2026-11", "America/New_York", "2026-11-01T04:00:00Z", "2026-12-01T05:00:00Z"],
    ["2016-12", "America/New_York", "2016-12-01T05:00:00Z", "2017-01-01T05:00:00Z"],
    ["2024-02", "Asia/Kathmandu", "2024-01-31T18:15:00Z", "2024-02-29T18:15:00Z"],
  ])("%s in %s", (month, zone, start, end) => {
    expect(monthWindow(month, zone)).toEqual({ startSeconds: at(start), endSeconds: at(end) })
  })

  it("months follow one another without gap or overlap, and contain their instants", () => {
    const zones = fc.constantFrom("UTC", "Asia/Bangkok", "America/New_York", "Europe/Dublin", "Australia/Lord_Howe", "America/Sao_Paulo")
    fc.assert(
      fc.property(zones, fc.integer({ min: 0, max: 1200 }), fc.nat(), (zone, count, offset) => {
        const month = addMonths("1975-01", count)
        const window = monthWindow(month, zone)
        expect(monthWindow(addMonths(month, 1), zone).startSeconds).toBe(window.endSeconds)
        expect(monthOf(window.startSeconds + (offset % (window.endSeconds - window.startSeconds)), zone)).toBe(month)
      }),
      { numRuns: 60 },
    )
  })

  it("refuses a month that is none", () => expect(() => monthWindow("2026-13", "UTC")).toThrow('"2026-13" is not a month such as 2026-10'))
})

describe("instantOfLocal", () => {
  it("takes the first of a time that occurs twice and the jump of one that does not", () => {
    const zone = "America/New_York"
    expect(instantOfLocal({ year: 2026, month: 11, day: 1, hour: 1, minute: 30, second: 0 }, zone)).toBe(at("2026-11-01T05:30:00Z"))
    expect(instantOfLocal({ year: 2026, month: 3, day: 8, hour: 2, minute: 30, second: 0 }, zone)).toBe(at("2026-03-08T07:00:00Z"))
  })

  it("is undone by localTime wherever the wall clock is unambiguous", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_000_000_000 }), (instant) => {
        expect(instantOfLocal(localTime(instant, "Asia/Bangkok"), "Asia/Bangkok")).toBe(instant)
      }),
      { numRuns: 200 },
    )
  })
})

describe("localTime", () => {
  const shownBy = (instant: number, zone: string): string =>
    new Date(instant * 1000).toLocaleString("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "medium" })
  const two = (value: number): string => String(value).padStart(2, "0")
  const shown = (instant: number, zone: string): string => {
    const { year, month, day, hour, minute, second } = localTime(instant, zone)
    return `${year}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)}:${two(second)}`
  }

  it("is what the runtime shows, in any zone, also around every change of the clock", () => {
    const zones = fc.constantFrom(...Intl.supportedValuesOf("timeZone"))
    const anyInstant = fc.integer({ min: 0, max: 2_500_000_000 })
    fc.assert(
      fc.property(zones, anyInstant, (zone, instant) => {
        expect(shown(instant, zone)).toBe(shownBy(instant, zone))
      }),
    )
    for (const [zone, change] of [
      ["America/New_York", "2026-11-01T06:00:00Z"],
      ["Australia/Lord_Howe", "2026-04-04T15:00:00Z"],
      ["Pacific/Apia", "2011-12-30T10:00:00Z"],
      ["Asia/Pyongyang", "2018-05-04T15:00:00Z"],
      ["Africa/Casablanca", "2026-02-15T02:00:00Z"],
    ] as const)
      for (const apart of [-86_400, -3_601, -1, 0, 1, 1_799, 3_600, 86_399])
        expect(shown(at(change) + apart, zone)).toBe(shownBy(at(change) + apart, zone))
  })
})

it("knows zones and last days", () => {
  expect([isZone("Asia/Bangkok"), isZone("Asia/Bankok")]).toEqual([true, false])
  for (let count = 0; count < 12 * 130; count += 1) {
    const month = addMonths("1971-01", count)
    const dayAfter = Date.parse(`${addMonths(month, 1)}-01T00:00:00Z`)
    expect(lastDayOf(month)).toBe(new Date(dayAfter - 86_400_000).toISOString().slice(0, 10))
  }
})
