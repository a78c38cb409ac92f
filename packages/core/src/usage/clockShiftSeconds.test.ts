import { expect, it } from "vitest"
import { clockShiftSeconds } from "./clockShiftSeconds.ts"

const at = (submitSeconds: number, startSeconds: number | null, endSeconds: number | null) => ({ submitSeconds, startSeconds, endSeconds })
const hour = 3_600

it.each<[string, ReturnType<typeof at>, ReturnType<typeof at>, number | null]>([
  ["seven hours, as Bangkok from UTC", at(100, 160, 900), at(100 + 7 * hour, 160 + 7 * hour, 900 + 7 * hour), 7 * hour],
  ["five and a half, as Kolkata", at(100, 160, 900), at(100 + 5.5 * hour, 160 + 5.5 * hour, 900 + 5.5 * hour), 5.5 * hour],
  ["back by eight", at(100_000, 100_010, 100_020), at(100_000 - 8 * hour, 100_010 - 8 * hour, 100_020 - 8 * hour), -8 * hour],
  ["an hour, still running", at(100, 160, null), at(100 + hour, 160 + hour, null), hour],
  ["an hour, never started", at(100, null, 900), at(100 + hour, null, 900 + hour), hour],
  ["the same times", at(100, 160, 900), at(100, 160, 900), null],
  ["an hour and a second", at(100, 160, 900), at(101 + hour, 161 + hour, 901 + hour), null],
  ["another end", at(100, 160, 900), at(100 + hour, 160 + hour, 901 + hour), null],
  ["another start", at(100, 160, 900), at(100 + hour, 170 + hour, 900 + hour), null],
  ["another submit time", at(100, 160, 900), at(100 + 2 * hour, 160 + hour, 900 + hour), null],
  ["one that ended and one that did not", at(100, 160, 900), at(100 + hour, 160 + hour, null), null],
  ["pending both times", at(100, null, null), at(100 + hour, null, null), null],
])("%s", (_, earlier, later, shiftSeconds) => {
  expect(clockShiftSeconds(earlier, later)).toBe(shiftSeconds)
})
