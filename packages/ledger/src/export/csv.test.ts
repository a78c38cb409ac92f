import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { csvText, readCsv } from "./csv.ts"

const corpus = [
  "=1+1",
  "=cmd|' /C calc'!A0",
  "+1+1",
  "-1+1",
  "@SUM(A1)",
  "\t=1",
  "\r=1",
  " =1",
  "\u0000=1",
  "\n=1",
  "＝1+1",
  "＋1",
  "－1",
  "＠SUM(A1)",
  '=HYPERLINK("http://x.example","y")',
  "\u00a0=1",
]

describe("formula injection", () => {
  test.each(corpus)("%j is disarmed in the spreadsheet profile and exact in the machine profile", (text) => {
    const cellOf = (profile: "machine" | "spreadsheet"): string | undefined => readCsv(csvText(["a"], [[text]], profile))?.[1]?.[0]
    expect(cellOf("spreadsheet")).toBe(`'${text}`)
    expect(cellOf("machine")).toBe(text)
  })

  test("amounts below zero stay amounts", () => {
    expect(csvText(["a"], [[{ exact: "-1.00" }]], "spreadsheet")).toBe("\uFEFFa\r\n-1.00\r\n")
  })

  test("harmless text stays as it is, Thai behind a byte order mark", () => {
    expect(csvText(["ชื่อ"], [["ค่าประมวลผล a-b c=d"]], "spreadsheet")).toBe("\uFEFFชื่อ\r\nค่าประมวลผล a-b c=d\r\n")
  })
})

test("what is written in the machine profile reads back exactly", () => {
  const cell = fc.string({ unit: fc.constantFrom("a", ",", '"', "\r", "\n", " ", "=", "ก", "\t", "'") })
  fc.assert(
    fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 2 }), { maxLength: 5 }), (rows) => {
      expect(readCsv(csvText(["x", "y"], rows, "machine"))).toEqual([["x", "y"], ...rows])
    }),
  )
})

test.each(['"open', 'a"b', '"a"b', '"a" ,b'])("%j is not CSV", (text) => {
  expect(readCsv(text)).toBeNull()
})
