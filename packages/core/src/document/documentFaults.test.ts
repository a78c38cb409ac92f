import { Result } from "effect"
import { afterEach, describe, expect, it, vi } from "vitest"
import { parseDocument } from "yaml"
import { documentProblemsMaximum } from "./DocumentLimits.ts"
import { readDocument } from "./readDocument.ts"

vi.mock("yaml", async (original) => {
  const yaml = await original<typeof import("yaml")>()
  return { ...yaml, parseDocument: vi.fn(yaml.parseDocument) }
})

afterEach(() => {
  vi.mocked(parseDocument).mockClear()
})

const messages = (text: string): readonly string[] => {
  const parsed = readDocument(text)
  return Result.isFailure(parsed) ? parsed.failure.map(({ message }) => message) : []
}

describe("readDocument", () => {
  it.each([
    ["nested lists", "- ".repeat(30_000)],
    ["keys", Array.from({ length: 100_000 }, (_, index) => `partition${index}: { price: 1 }`).join("\n")],
    [
      "aliases of aliases",
      Array.from({ length: 12 }, (_, index) => `k${index}: &k${index} [${Array(8).fill(index === 0 ? "ha" : `*k${index - 1}`)}]`).join(
        "\n",
      ),
    ],
  ])("a text of too many %s never enters the parser", (_, text) => {
    expect(messages(text)).toHaveLength(1)
    expect(parseDocument).not.toHaveBeenCalled()
  })

  it("a text within the limits is parsed once, without a comparison of each key with all before it", () => {
    expect(messages("a: 1\nb: [2, { c: 3 }]")).toEqual([])
    expect(vi.mocked(parseDocument).mock.calls.map(([, options]) => options?.uniqueKeys)).toEqual([false])
  })

  it.each([
    ["a key twice", "a: 1\nb: 2\na: 3", ["line 3, column 1: Map keys must be unique. Mend the YAML or JSON there."]],
    [
      "a key twice in braces, in a list",
      "- 1\n- x: { p: 1, q: 2, p: 3 }",
      ["line 2, column 20: Map keys must be unique. Mend the YAML or JSON there."],
    ],
    [
      "a key three times as JSON",
      '{"a":1,"a":2,"b":{},"a":3}',
      [8, 21].map((column) => `line 1, column ${column}: Map keys must be unique. Mend the YAML or JSON there.`),
    ],
    ["the same key of other objects", "a: { k: 1 }\nb: { k: { k: 1 } }", []],
    ["keys that are alike but not the same", '1: a\n"01": b\n~: c\n"~": d', []],
    [
      "a bracket that never closes",
      "a: [1",
      ["line 1, column 6: Flow sequence in block collection must be sufficiently indented and end with a ]. Mend the YAML or JSON there."],
    ],
    [
      "an alias before its anchor",
      "a: *b\nb: &b 1\nc: *b",
      ["line 1, column 4: Nothing before this alias is named &b. Mend the YAML or JSON there."],
    ],
    ["a second document", "a: 1\n---\nb: 2", ["line 2, column 1: A second document begins here. Mend the YAML or JSON there."]],
  ])("%s", (_, text, expected) => {
    expect(messages(text)).toEqual(expected)
  })

  it("leads from a path to the nearest place", () => {
    const { placeOf: place } = Result.getOrThrow(readDocument("a:\n  - b: 1\n  - c: 2\n"))
    expect([place(["a", 1, "c"]), place(["a", 1, "missing"]), place(["nothing"])]).toEqual([
      { line: 3, column: 8 },
      { line: 3, column: 5 },
      { line: 1, column: 1 },
    ])
  })

  it("tells so many problems and no more", () => {
    expect(messages(Array.from({ length: 900 }, (_, index) => `k${index}: b: c`).join("\n"))).toHaveLength(documentProblemsMaximum)
  })
})
