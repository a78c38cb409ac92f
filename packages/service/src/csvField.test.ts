import fc from "fast-check"
import { expect, test } from "vitest"
import { csvField, csvName } from "./csvField.ts"

test.each([
  ["alice", "alice"],
  ["=1+1", "'=1+1"],
  ["-2", "'-2"],
  ["@SUM(A1)", "'@SUM(A1)"],
  ["+x,y", `"'+x,y"`],
  ['say "hi"', '"say ""hi"""'],
  ["two\nlines", '"two\nlines"'],
])("a name %j is %j", (name, field) => {
  expect(csvName(name)).toBe(field)
})

test("a negative figure stays a figure", () => {
  expect(csvField("-5.00")).toBe("-5.00")
})

test("no name begins as a formula, quoted or not, and every field reads back", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (name) => {
      const field = csvName(name)
      const read = field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field
      expect(read).not.toMatch(/^[=+\-@\t\r]/)
      expect([name, `'${name}`]).toContain(read)
    }),
  )
})
