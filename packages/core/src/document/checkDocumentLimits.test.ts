import { describe, expect, it } from "vitest"
import { stringify } from "yaml"
import { checkDocumentLimits } from "./checkDocumentLimits.ts"
import {
  documentAliasesMaximum,
  documentCharactersMaximum,
  documentDepthMaximum,
  documentFieldsMaximum,
  documentItemsMaximum,
  documentLinesMaximum,
} from "./DocumentLimits.ts"

const range = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index)
const lines = (count: number, line: (index: number) => string): string => range(count).map(line).join("\n")

/** Each level repeats the one below. */
const bomb = (levels: number, breadth: number, level: (name: string, of: readonly string[]) => string): string =>
  lines(levels, (index) =>
    level(
      `n${index}`,
      range(breadth).map(() => (index === 0 ? "x" : `*n${index - 1}`)),
    ),
  )

const overrides = (count: number) =>
  range(count).map((index) => ({
    id: `grant-${index}`,
    account: `account-${index}`,
    user: index % 2 === 0 ? null : `user-${index}`,
    effectiveFrom: "2026-01-01",
    effectiveUntil: null,
    author: "admin",
    reason: `Agreed in letter ${index}: "half", [annex], as *always* - see & file {7}`,
    prices: { cpu: "0.5", gpu: "12.25" },
  }))

const mappings = (count: number) =>
  range(count).map((index) => ({
    cluster: "main",
    account: `account-${index}`,
    user: null,
    payerId: `payer-${index % 700}`,
    effectiveFrom: "2026-01-01",
    effectiveUntil: null,
  }))

describe("checkDocumentLimits", () => {
  it.each<readonly [what: string, code: string, text: string]>([
    ["an object of many keys", "book-too-many-fields", lines(120_000, (index) => `sku-${index}: "1"`)],
    ["an object in braces", "book-too-many-fields", `{ ${range(5_000).map((index) => `k${index}: ~`)} }`],
    [
      "an object as JSON",
      "book-too-many-fields",
      JSON.stringify(Object.fromEntries(range(90_000).map((index) => [`k ${index}`, { a: index }]))),
    ],
    ["keys without values", "book-too-many-fields", lines(3_000, (index) => `k${index}:`)],
    ["keys of one entry far inside", "book-too-many-fields", `a:\n  - b:\n${lines(2_000, (index) => `      k${index}: [1, 2]`)}`],
    ["explicit keys", "book-too-many-fields", lines(4_000, (index) => `? k${index}\n: 1`)],
    ["a list", "book-too-many-items", lines(60_000, (index) => `- ${index}`)],
    ["a list in its key's column", "book-too-many-items", `a:\n${lines(60_000, () => "- b: 1\n  c: 2")}`],
    ["a list in brackets", "book-too-many-items", `[${range(50_000)}]`],
    ["a list of nothing", "book-too-many-items", `[${",".repeat(200_000)}]`],
    ["many small objects", "book-too-many-values", stringify(range(30).map(() => range(1_500).map(() => ({ a: 1, b: 2, c: 3 }))))],
    [
      "many small objects as JSON",
      "book-too-many-values",
      JSON.stringify(range(30).map(() => range(1_500).map(() => ({ a: 1, b: 2, c: 3 })))),
    ],
    ["tags", "book-too-many-values", "!a ".repeat(400_000)],
    ["colons in braces", "book-too-many-values", `{a ${": ".repeat(400_000)}`],
    ["dashes in brackets", "book-too-many-values", `[${"- ".repeat(400_000)}`],
    ["nested brackets", "book-too-deep", "[".repeat(20_000) + "]".repeat(20_000)],
    ["nested brackets that never close", "book-too-deep", "[".repeat(1_000_000)],
    ["nested braces", "book-too-deep", `${"{a: ".repeat(20_000)}1${"}".repeat(20_000)}`],
    ["nested JSON", "book-too-deep", `${'{"a":['.repeat(20_000)}${"]}".repeat(20_000)}`],
    ["nested lists in one line", "book-too-deep", `${"- ".repeat(20_000)}x`],
    ["nested keys in one line", "book-too-deep", "? ".repeat(20_000)],
    ["values of values in one line", "book-too-deep", "a: ".repeat(20_000)],
    ["values without keys in one line", "book-too-deep", ": ".repeat(20_000)],
    ["nested by indentation", "book-too-deep", lines(500, (index) => `${" ".repeat(index)}a:`)],
    ["nested by indentation of lists", "book-too-deep", lines(500, (index) => `${" ".repeat(index)}-`)],
    ["aliases of aliases in brackets", "book-too-many-values", bomb(10, 9, (name, of) => `${name}: &${name} [${of}]`)],
    [
      "aliases of aliases in blocks",
      "book-too-many-values",
      bomb(40, 2, (name, of) => `${name}: &${name}\n${of.map((one) => `  - ${one}`).join("\n")}`),
    ],
    ["aliases of aliases in objects", "book-too-many-values", bomb(30, 2, (name, of) => `${name}: &${name} { a: ${of[0]}, b: ${of[1]} }`)],
    ["aliases of aliases in a list", "book-too-many-values", bomb(30, 2, (name, of) => `- &${name} [${of}]`)],
    ["a list that is written out often", "book-too-many-values", `a: &a [${range(1_000)}]\nb: [${range(500).map(() => "*a")}]`],
    ["an alias within what it names", "book-too-many-values", "a: &a [1, *a]"],
    ["an alias within the object that it names", "book-too-many-values", "&a\nb: *a"],
    ["aliases", "book-too-many-aliases", `a: &a 1\nb:\n${lines(5_000, () => "- *a")}`],
    ["anchors", "book-too-many-aliases", lines(5_000, (index) => `- &a${index} 1`)],
    ["empty lines", "book-too-many-lines", "\n".repeat(1_000_000)],
    ["directives", "book-too-many-lines", "%YAML 1.2\n".repeat(300_000)],
    ["characters", "book-too-long", "x".repeat(documentCharactersMaximum + 1)],
  ])("%s: %s", (_, code, text) => {
    expect(checkDocumentLimits(text)?.code).toBe(code)
  })

  it.each<readonly [what: string, most: number, text: (count: number) => string]>([
    ["fields", documentFieldsMaximum, (count) => lines(count, (index) => `k${index}: 1`)],
    ["fields in braces", documentFieldsMaximum, (count) => `{ ${range(count).map((index) => `k${index}: 1`)} }`],
    [
      "fields as JSON",
      documentFieldsMaximum,
      (count) => JSON.stringify(Object.fromEntries(range(count).map((index) => [`k${index}`, "a, b: c"]))),
    ],
    ["entries", documentItemsMaximum, (count) => lines(count, (index) => `- ${index}`)],
    ["entries under a key", documentItemsMaximum, (count) => `a:\n${lines(count, (index) => `- ${index}`)}\nb: 1`],
    ["entries in brackets", documentItemsMaximum, (count) => `[${range(count)}]`],
    ["levels of brackets", documentDepthMaximum, (count) => "[".repeat(count) + "]".repeat(count)],
    ["levels of JSON", documentDepthMaximum, (count) => `${'{"a":'.repeat(count)}1${"}".repeat(count)}`],
    ["levels of lists", documentDepthMaximum, (count) => `${"- ".repeat(count)}1`],
    ["levels of objects", documentDepthMaximum, (count) => lines(count, (index) => `${"  ".repeat(index)}a:`)],
    ["aliases", documentAliasesMaximum - 1, (count) => `a: &a 1\nb:\n${lines(count, () => "- *a")}`],
    ["lines", documentLinesMaximum, (count) => "\n".repeat(count - 1)],
  ])("as many %s as are allowed, and no more", (_, most, text) => {
    expect(checkDocumentLimits(text(most))).toBeNull()
    expect(checkDocumentLimits(text(most + 1))).not.toBeNull()
  })

  it.each([
    ["4 000 overrides", { overrides: overrides(4_000) }],
    ["8 000 mappings", { mappings: mappings(8_000) }],
  ])("%s are a book: as YAML, as JSON, as JSON that is laid out", (_, book) => {
    expect([stringify(book), JSON.stringify(book), JSON.stringify(book, null, 2)].map(checkDocumentLimits)).toEqual([null, null, null])
  })

  it.each([
    ["as many overrides as a book may have", { overrides: overrides(10_000) }],
    ["14 000 mappings", { mappings: mappings(14_000) }],
  ])("%s are a book", (_, book) => {
    expect(checkDocumentLimits(JSON.stringify(book, null, 2))).toBeNull()
  })

  it.each([
    ["an address for several payers", `first: &bangkok { street: 1 Rama, city: Bangkok }\nothers:\n${lines(300, () => "  - *bangkok")}`],
    ["one anchor after the other", `a: &a [1, 2]\nb: &b\n  - *a\n  - *a\nc:\n- *b\n- x: *a`],
    ["an anchor of a key", "&name a: 1\nb: *name\nc: [*name, { d: *name }]"],
    ["marks within texts", `a: "[[[[ {{{{ - - -"\nb: 'it''s: [a'\nc: >\n  - - - [[[[\n  a: b: c\nd: a#b - c: "d" # [[[[`.repeat(1)],
    ["lists of lists side by side", `a:\n${lines(900, () => "- - - - 1\n    - 2")}`],
    ["objects side by side", lines(900, (index) => `k${index}:\n  a:\n    b: { c: [1, 2] }`)],
    ["several levels back at once", `a:\n  b:\n    c:\n      - d: 1\ne: 2\n`.repeat(1)],
  ])("%s costs what it holds", (_, text) => {
    expect(checkDocumentLimits(text)).toBeNull()
  })

  it("says the limit, the place and what to do, as soon as the limit is passed", () => {
    expect(checkDocumentLimits(lines(120_000, (index) => `key${index}: 1`))).toEqual({
      path: "line 1001, column 8",
      place: { line: 1_001, column: 8 },
      reason: "too-large",
      code: "book-too-many-fields",
      values: { maximum: "1,000" },
      message: "line 1001, column 8: this object has more than 1,000 fields: check the indentation, or write a list.",
    })
    expect(checkDocumentLimits(`a: 1\nb: ${"[".repeat(300_000)}`)?.place).toEqual({ line: 2, column: 4 + documentDepthMaximum - 1 })
  })
})
