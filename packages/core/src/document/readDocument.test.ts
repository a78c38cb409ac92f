import { Result, Schema } from "effect"
import { describe, expect, it } from "vitest"
import { fitNumbers } from "./fitNumbers.ts"
import { readDocument } from "./readDocument.ts"

const Meter = Schema.Struct({
  name: Schema.String,
  size: Schema.NullOr(Schema.Int),
  bands: Schema.Array(Schema.Union([Schema.Struct({ upTo: Schema.Int }), Schema.Struct({ price: Schema.String })])),
  counts: Schema.Record(Schema.String, Schema.Int),
})

const asMeter = (text: string): unknown => fitNumbers(Meter.ast, Result.getOrThrow(readDocument(text)).value)

const faults = (text: string): string => {
  const read = readDocument(text)
  return Result.isFailure(read) ? read.failure.map(({ place, message }) => `${place?.line}:${place?.column} ${message}`).join("\n") : "read"
}

describe("readDocument with fitNumbers", () => {
  it.each([
    "0.1",
    "7.00",
    "1e5",
    "0x10",
    "0o17",
    "017",
    ".inf",
    "-.INF",
    ".nan",
    "+3",
    "12345678901234567890.12345678901",
    "0994000158378",
  ])("where the schema has a text, %s is that text", (written) => {
    expect(asMeter(`{ name: ${written} }`)).toEqual({ name: written })
    expect(asMeter(`name: "${written}"`)).toEqual({ name: written })
  })

  it.each(["0", "30", "-4", "999999999999999"])("where it has a whole number, %s is one", (written) => {
    expect(asMeter(`size: ${written}`)).toEqual({ size: Number(written) })
  })

  it.each(["1.0", "3e1", "0x1E", "0o36", "030", ".inf", "1.0000000000000000001", "9007199254740993"])(
    "where it has a whole number, %s stays a text, which the schema refuses",
    (written) => {
      expect(asMeter(`size: ${written}`)).toEqual({ size: written })
      expect(Result.isFailure(Schema.decodeUnknownResult(Schema.Int)(written))).toBe(true)
    },
  )

  it("follows lists, choices and records, also to fields that are named like whole numbers elsewhere", () => {
    expect(asMeter("bands: [{ upTo: 10 }, { price: 10 }]\ncounts: { size: 4, name: 5, 007: 6 }")).toEqual({
      bands: [{ upTo: 10 }, { price: "10" }],
      counts: { size: 4, name: 5, "007": 6 },
    })
  })

  it("leaves what is no number, and numbers in unknown places, as written", () => {
    expect(asMeter("size: null\nname: 2026-10-01\nother: [1.50, { a: 0x2 }]")).toEqual({
      size: null,
      name: "2026-10-01",
      other: ["1.50", { a: "0x2" }],
    })
  })

  it("does not copy a value without such a number", () => {
    const made = { name: "a", size: 3, bands: [{ upTo: 4 }] }
    expect(fitNumbers(Meter.ast, made)).toBe(made)
  })

  it("reads JSON, and values that have a name", () => {
    expect(asMeter(`{"name": 1.10, "size": 2}`)).toEqual({ name: "1.10", size: 2 })
    expect(asMeter("bands: [{ price: &price 0.70 }, { price: *price }]")).toEqual({ bands: [{ price: "0.70" }, { price: "0.70" }] })
  })

  it.each([
    ["a: 1\nb: [2", /^2:6 /],
    ["a: 1\nc: 3\na: 2", /^3:1 .*Map keys must be unique/],
    ["prices: { 1: 5, '1': 6 }", /^1:17 .*Map keys must be unique/],
    ["a:\n\tb: 1", /^2:1 .*Tabs are not allowed as indentation/],
    ["a: 1\n---\nb: 2", /A second document begins here/],
    ["%YAML 1.1\n---\na: 010", /YAML 1\.1: write it in YAML 1\.2/],
    [
      `a: &a [x]\n${"bcdefghi".replaceAll(/./g, (name) => `${name}: &${name} [${`*${String.fromCharCode(name.charCodeAt(0) - 1)}, `.repeat(9)}]\n`)}`,
      /aliases/,
    ],
  ])("refuses %s", (text, message) => {
    expect(faults(text)).toMatch(message)
  })

  it("leads from a path to its place, or to the nearest there is", () => {
    const { placeOf } = Result.getOrThrow(readDocument("a:\n  - { b: 1 }\n  - { 007: 2 }\n"))
    expect(placeOf(["a", 0, "b"])).toEqual({ line: 2, column: 10 })
    expect(placeOf(["a", 1, "007"])).toEqual({ line: 3, column: 12 })
    expect(placeOf(["a", 1, "c"])).toEqual({ line: 3, column: 5 })
    expect(placeOf(["x"])).toEqual({ line: 1, column: 1 })
  })
})
