import { expect, test } from "vitest"
import { english } from "./english.ts"
import { say, sayBoth } from "./say.ts"
import { thai } from "./thai.ts"

const placeholders = (text: string): string[] => (text.match(/\{\{\w+\}\}/g) ?? []).sort()

test("both catalogues hold the same phrases, none empty", () => {
  expect(Object.keys(english)).toEqual(Object.keys(thai))
  for (const text of [...Object.values(english), ...Object.values(thai)]) expect(text).not.toBe("")
})

test("every value of an English phrase is one of its Thai phrase", () => {
  for (const [key, text] of Object.entries(english)) {
    expect(placeholders(thai[key as keyof typeof thai])).toEqual(expect.arrayContaining(placeholders(text)))
  }
})

test("values are filled in as they are", () => {
  expect(say("th", "vat", { rate: "7" })).toBe("ภาษีมูลค่าเพิ่ม 7%")
  expect(sayBoth("summary.period", { name: "a < b & c" }).english).toBe("Charge of the period: a < b & c")
})
