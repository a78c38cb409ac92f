import { expect, test } from "vitest"
import { fittedText } from "../PrintedDocument.ts"
import { type FontAdvance, prepareContent } from "./prepareContent.ts"

/** Every letter as wide as the font's size; Chinese and control characters are not in the font. */
const advance: FontAdvance = (codePoint) => (codePoint >= 32 && codePoint < 0x3000 ? 1 : null)
const prepared = (text: string): unknown => prepareContent([{ text }], advance)

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
  expect(prepareContent([fittedText(text, { widthPoints: 10, fontSizePoints: 1 })], advance)).toEqual([{ text: expected, noWrap: true }])
})

test("a node that stands twice becomes two, and the given one is left as it was", () => {
  const node = { text: "twice" }
  const [stack] = prepareContent([{ stack: [node, node] }], advance) as unknown as [{ stack: [object, object] }]
  expect(stack.stack[0]).not.toBe(stack.stack[1])
  expect(node).toEqual({ text: "twice" })
})

test("table cells are prepared, styles and layouts are not", () => {
  const [table] = prepareContent(
    [{ layout: "hairlines", color: "模", table: { widths: ["*"], body: [["模"], [{ text: "模", link: "模" }]] } }],
    advance,
  )
  expect(table).toEqual({ layout: "hairlines", color: "模", table: { widths: ["*"], body: [["?"], [{ text: "?", link: "模" }]] } })
})
