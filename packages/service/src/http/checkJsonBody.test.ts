import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { bodyDepthMaximum, bodyValuesMaximum, checkJsonBody } from "./checkJsonBody.ts"

const nested = (depth: number): string => `${'{"a":['.repeat(depth / 2)}1${"]}".repeat(depth / 2)}`
const listed = (values: number): string => JSON.stringify(Array.from({ length: values }, (_, index) => index))

describe("checkJsonBody", () => {
  test.each([
    ["as deep as a body may be", nested(bodyDepthMaximum), undefined],
    ["deeper", nested(bodyDepthMaximum + 2), "body-too-deep"],
    ["brackets that never close", "[".repeat(1_000_000), "body-too-deep"],
    ["as many values as a body may have", listed(bodyValuesMaximum + 1), undefined],
    ["more", listed(bodyValuesMaximum + 2), "body-too-many-values"],
    [
      "keys",
      JSON.stringify(Object.fromEntries(Array.from({ length: bodyValuesMaximum }, (_, index) => [`k${index}`, index]))),
      "body-too-many-values",
    ],
    ["brackets side by side", `[${"[],".repeat(500)}[]]`, undefined],
    ["marks within a text", JSON.stringify({ text: `${"[{".repeat(9_000)}${",:".repeat(9_000)}` }), undefined],
    ["marks behind escaped quotes", JSON.stringify({ text: `"\\"${"[".repeat(90)}\\\\"${",".repeat(20_000)}` }), undefined],
    ["a text that ends in backslashes, and marks behind it", `["a\\\\\\\\",${"[".repeat(40)}`, "body-too-deep"],
    ["a text that never ends", `{"text":"${"[".repeat(100)}`, undefined],
  ])("%s", (_, text, code) => {
    expect(checkJsonBody(text)?.code).toBe(code)
  })

  const depthOf = (value: unknown): number =>
    typeof value === "object" && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0

  test("any JSON is refused for its depth exactly when it nests deeper, laid out or not", () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ maxDepth: 4 }),
        fc.integer({ min: 0, max: bodyDepthMaximum + 2 }),
        fc.boolean(),
        (value, around, isLaidOut) => {
          let whole: unknown = value
          for (let level = 0; level < around; level += 1) whole = level % 2 === 0 ? [whole] : { "a]": whole }
          const text = JSON.stringify(whole, null, isLaidOut ? 2 : 0)
          expect(checkJsonBody(text)?.code).toBe(depthOf(whole) > bodyDepthMaximum ? "body-too-deep" : undefined)
        },
      ),
    )
  })
})
