import * as fontkit from "fontkit"
import { expect, test } from "vitest"
import { sarabunFiles } from "../render/Sarabun.ts"
import { shapeThai } from "./shapeThai.ts"

const font = fontkit.openSync(sarabunFiles.normal) as fontkit.Font
const hardWords = [
  "ที่",
  "น้ำ",
  "ก๊ำ",
  "ป่า",
  "ปู่",
  "ฟ้า",
  "ฝั่ง",
  "ญี่ปุ่น",
  "ฐานะ",
  "ฎีกา",
  "กตัญญู",
  "เก็บ",
  "ใช้",
  "ชั้น",
  "ผู้ใช้",
  "จำนวน",
  "ทำ",
  "ฟื้น",
  "ซื้อ",
  "ปั๊ม",
  "ป้ำ",
  "ฬื้",
  "ฤๅ",
]

test.each(hardWords)("%s has a glyph for every letter and mark", (word) => {
  const glyphs = font.layout(shapeThai(word)).glyphs
  expect(glyphs.map((glyph) => glyph.id)).not.toContain(0)
  expect(
    glyphs
      .flatMap((glyph) => glyph.codePoints)
      .map((point) => String.fromCodePoint(point))
      .join(""),
  ).toBe(shapeThai(word))
})

test("the ring of SARA AM goes before the tone mark", () => {
  expect(shapeThai("น้ำ")).toBe("น\u0E4D\u0E49\u0E32")
  expect(shapeThai("จำนวน")).toBe("จ\u0E4D\u0E32นวน")
})

test("break marks are gone, since the font prints a box for them", () => {
  expect(font.hasGlyphForCodePoint(0x200b)).toBe(false)
  expect(shapeThai("ค่า\u200Bใช้")).toBe("ค่าใช้")
})
