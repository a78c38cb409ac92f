import fc from "fast-check"
import { expect, it } from "vitest"
import { globMatches, globsOverlap } from "./glob.ts"

it.each<readonly [pattern: string, text: string, matches: boolean]>([
  ["physics", "physics", true],
  ["physics", "physics2", false],
  ["phys*", "physics", true],
  ["*ics", "physics", true],
  ["p*s*s", "physics", true],
  ["p*x*s", "physics", false],
  ["*", "", true],
  ["", "", true],
  ["a*", "", false],
  ["a.c", "abc", false],
])("%s matches %s: %s", (pattern, text, matches) => {
  expect(globMatches(pattern, text)).toBe(matches)
})

it.each<readonly [left: string, right: string, overlap: boolean]>([
  ["phys*", "*ics", true],
  ["phys*", "chem*", false],
  ["a*b", "*c", false],
  ["a*", "a*b*c", true],
  ["*", "anything", true],
])("%s and %s have a text in common: %s", (left, right, overlap) => {
  expect(globsOverlap(left, right)).toBe(overlap)
  expect(globsOverlap(right, left)).toBe(overlap)
})

it("two patterns overlap exactly when some text matches both", () => {
  const pattern = fc.array(fc.constantFrom("a", "b", "*"), { maxLength: 5 }).map((parts) => parts.join(""))
  const texts = ["", ..."ab"].flatMap((a) =>
    ["", ..."ab"].flatMap((b) => ["", ..."ab"].flatMap((c) => ["", ..."ab"].flatMap((d) => ["", ..."ab"].map((e) => a + b + c + d + e)))),
  )
  const longer = texts.flatMap((text) => texts.slice(0, 120).map((more) => text + more))
  const all = [...new Set([...texts, ...longer])]
  fc.assert(
    fc.property(pattern, pattern, (left, right) => {
      expect(globsOverlap(left, right)).toBe(all.some((text) => globMatches(left, text) && globMatches(right, text)))
    }),
    { numRuns: 200 },
  )
})
