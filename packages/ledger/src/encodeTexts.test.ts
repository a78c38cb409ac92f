import fc from "fast-check"
import { expect, test } from "vitest"
import { utf8 } from "./bytes.ts"
import { bytesOfTexts, encodeTexts } from "./encodeTexts.ts"

const texts = fc.array(fc.oneof(fc.string({ unit: "grapheme" }), fc.string({ minLength: 5_000, maxLength: 20_000 })))

test("the bytes are those of all texts together", () => {
  fc.assert(
    fc.property(texts, (given) => {
      expect(bytesOfTexts(given)).toEqual(utf8(given.join("")))
    }),
    { numRuns: 50 },
  )
})

test("pieces come before all texts are taken, and none is empty", () => {
  let taken = 0
  const ten = function* (): Generator<string> {
    for (taken = 0; taken < 10; taken += 1) yield "ค่า".repeat(10_000)
  }
  const pieces = encodeTexts(ten())
  expect(pieces.next().value?.length).toBe(90_000)
  expect(taken).toBe(0)
  expect([...encodeTexts([""])]).toEqual([])
})
