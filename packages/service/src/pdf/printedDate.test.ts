import { monthWindow } from "@hpc-billing/core"
import { expect, test } from "vitest"
import { printedDate, printedMinute, printedMonth, printedPeriod } from "./printedDate.ts"

const bangkok = "Asia/Bangkok"
/** 2026-06-30T17:00:00Z: already July in Bangkok. */
const firstOfJulySeconds = 1_782_838_800

test("a date has the Buddhist year in Thai and follows the zone", () => {
  expect(printedDate(firstOfJulySeconds, bangkok)).toEqual({ thai: "1 กรกฎาคม 2569", english: "1 July 2026" })
  expect(printedDate(firstOfJulySeconds, "UTC")).toEqual({ thai: "30 มิถุนายน 2569", english: "30 June 2026" })
})

test.each([
  ["2026-06", "1–30 มิถุนายน 2569", "1–30 June 2026"],
  ["2026-12", "1–31 ธันวาคม 2569", "1–31 December 2026"],
])("the period of %s ends on its last day", (month, thai, english) => {
  expect(printedPeriod(monthWindow(month, bangkok), bangkok)).toEqual({ thai, english })
})

test("months and minutes", () => {
  expect(printedMonth("2026-05", bangkok)).toEqual({ thai: "พฤษภาคม 2569", english: "May 2026" })
  expect(printedMinute(firstOfJulySeconds, bangkok)).toBe("2026-07-01 00:00")
})
