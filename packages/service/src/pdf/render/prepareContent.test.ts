import { expect, test } from "vitest"
import { fittedText } from "../PrintedDocument.ts"
import { type FontMeasure, prepareContent } from "./prepareContent.ts"

/** Every letter one point wide at size 1; Chinese and control characters are not in the font. */
const font: FontMeasure = { hasGlyph: (codePoint) => codePoint >= 32 && codePoint < 0x3000, width: (text, size) => text.length * size }
const prepared = (text: string): unknown => prepareContent([{ text }], font)

test.each([
  ["模型", "??"],
  ["tab\there", "tab?here"],
  ["two\nlines", "two\nlines"],
  ["ค่าใช้", "ค่า\u200Bใช้"],
])("%j is printed %j", (text, expected) => {
  expect(prepared(text)).toEqual([{ text: expected }])
})

test.each([
  ["short", "short"],
  ["exactly-10", "exactly-10"],
  ["eleven-long", "eleven-lo…"],
  ["กี่กี่กี่กี่กี่", "กี่กี่กี่…"],
])("%j fits ten points as %j", (text, expected) => {
  expect(prepareContent([fittedText(text, { widthPoints: 10, fontSizePoints: 1 })], font)).toEqual([{ text: expected, noWrap: true }])
})

test("a node that stands twice becomes two, and the given one is left as it was", () => {
  const node = { text: "twice" }
  const [stack] = prepareContent([{ stack: [node, node] }], font) as unknown as [{ stack: [object, object] }]
  expect(stack.stack[0]).not.toBe(stack.stack[1])
  expect(node).toEqual({ text: "twice" })
})

test("table cells are prepared, styles and layouts are not", () => {
  const [table] = prepareContent(
    [{ layout: "hairlines", color: "模", table: { widths: ["*"], body: [["模"], [{ text: "模", link: "模" }]] } }],
    font,
  )
  expect(table).toEqual({ layout: "hairlines", color: "模", table: { widths: ["*"], body: [["?"], [{ text: "?", link: "模" }]] } })
})
