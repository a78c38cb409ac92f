import fc from "fast-check"
import { expect, test } from "vitest"
import { breakThai, zeroWidthSpace } from "./breakThai.ts"

const shown = (text: string): string => breakThai(text).replaceAll(zeroWidthSpace, "|")

test.each([
  ["ค่าใช้บริการคำนวณ", "ค่า|ใช้|บริการ|คำนวณ"],
  ["งานต่างๆ", "งาน|ต่างๆ"],
  ["CPUที่ใช้", "CPU|ที่|ใช้"],
  ["บัญชีSlurm", "บัญชี|Slurm"],
  ["no Thai at all", "no Thai at all"],
])("%s breaks as %s", (text, expected) => {
  expect(shown(text)).toBe(expected)
})

test("nothing but break marks is added", () => {
  const letters = fc.string({ unit: fc.constantFrom(..."กขคงจนมยรวสห่้ิีุูเแโาำๆฯ aZ0-") })
  fc.assert(
    fc.property(letters, (text) => {
      expect(breakThai(text).replaceAll(zeroWidthSpace, "")).toBe(text)
    }),
  )
})
