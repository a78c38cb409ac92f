import { expect, it } from "vitest"
import { type CanonicalValue, canonicalJson } from "./canonicalJson.ts"

it("orders keys by code unit and leaves out what is undefined", () => {
  expect(canonicalJson({ b: "ก", a: [1, true, null], A: undefined, é: "" })).toBe('{"a":[1,true,null],"b":"ก","é":""}')
})

it.each([[0.1], [2 ** 53], [Number.NaN], [10n as unknown as CanonicalValue]])(
  "refuses %s: it would not read back the same everywhere",
  (value) => {
    expect(() => canonicalJson({ list: [value] })).toThrow(TypeError)
  },
)
