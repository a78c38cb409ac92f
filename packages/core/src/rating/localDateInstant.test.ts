import { expect, it } from "vitest"
import { localDateInstant } from "./localDateInstant.ts"

it.each<readonly [date: string, zone: string, seconds: number | null]>([
  ["2026-10-01", "Asia/Bangkok", Date.parse("2026-10-01T00:00:00+07:00") / 1_000],
  ["2026-10-01", "UTC", Date.parse("2026-10-01T00:00:00Z") / 1_000],
  ["2024-02-29", "UTC", Date.parse("2024-02-29T00:00:00Z") / 1_000],
  ["2026-02-29", "UTC", null],
  ["2026-13-01", "UTC", null],
  ["2026-04-31", "UTC", null],
  ["2026-04-00", "UTC", null],
  ["2026-4-1", "UTC", null],
  ["", "UTC", null],
])("%s in %s", (date, zone, seconds) => {
  expect(localDateInstant(date, zone)).toBe(seconds)
})
