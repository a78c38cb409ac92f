import { Result, Schema } from "effect"
import { describe, expect, it } from "vitest"
import { decodeDocument } from "./decodeDocument.ts"

const Sort = Schema.Union([
  Schema.Struct({ kind: Schema.Literal("round"), radius: Schema.Int }),
  Schema.Struct({ kind: Schema.Literal("square"), side: Schema.Int }),
])
const Form = Schema.Struct({
  name: Schema.String,
  count: Schema.Number,
  size: Schema.optionalKey(Schema.Literals(["small", "large"])),
  tags: Schema.optionalKey(Schema.Array(Schema.String)),
  sort: Schema.optionalKey(Sort),
  limit: Schema.optionalKey(Schema.NullOr(Schema.String)),
  either: Schema.optionalKey(Schema.Union([Schema.Int, Schema.Array(Schema.String)])),
  one: Schema.optionalKey(Schema.Literal("only")),
  flag: Schema.optionalKey(Schema.Boolean),
  short: Schema.optionalKey(Schema.String.check(Schema.isMaxLength(3))),
  price: Schema.optionalKey(Schema.String.check(Schema.isPattern(/^\d+$/u, { expected: "book-not-decimal" }))),
  colour: Schema.optionalKey(Schema.String.check(Schema.isPattern(/^#/u, { expected: "a colour" }))),
  odd: Schema.optionalKey(Schema.String.check(Schema.isPattern(/^#/u, { expected: "book-not-a-code" }))),
  wrapped: Schema.optionalKey(Schema.NumberFromString),
})
const fine = { name: "a", count: 1 }
const problems = (document: unknown): readonly string[] => {
  const decoded = decodeDocument(Form, document)
  return Result.isFailure(decoded)
    ? decoded.failure.map(({ path, reason, code, values }) => [path, reason, code, ...Object.values(values)].join(" | "))
    : []
}

describe("decodeDocument", () => {
  it("answers what fits", () => {
    const document = {
      ...fine,
      size: "small",
      tags: ["x"],
      sort: { kind: "round", radius: 3 },
      limit: null,
      either: 4,
      one: "only",
      short: "abc",
    }
    expect(decodeDocument(Form, document)).toEqual(Result.succeed(document))
  })

  it.each<[string, unknown, readonly string[]]>([
    ["no object", [], [" | wrong-value | book-not-object | a list"]],
    ["nothing", undefined, [" | wrong-value | book-not-object | nothing"]],
    ["null", null, [" | wrong-value | book-not-object | null"]],
    ["a number for a text", { ...fine, name: 3 }, ["name | wrong-value | book-not-text | 3"]],
    ["null for a text", { ...fine, name: null }, ["name | wrong-value | book-not-text | null"]],
    ["an object for a text", { ...fine, name: {} }, ["name | wrong-value | book-not-text | an object"]],
    ["a text for a number", { ...fine, count: "1" }, ['count | wrong-value | book-not-number | "1"']],
    ["a text for a list", { ...fine, tags: "x" }, ['tags | wrong-value | book-not-list | "x"']],
    ["a number in a list", { ...fine, tags: ["x", 1] }, ["tags[1] | wrong-value | book-not-text | 1"]],
    ["a long value, cut", { ...fine, count: "x".repeat(100) }, [`count | wrong-value | book-not-number | "${"x".repeat(59)}`]],
    ["a value of no choice", { ...fine, size: "tiny" }, ['size | wrong-value | book-value-wrong | "tiny" | one of small, large']],
    ["a value beside the only one", { ...fine, one: "other" }, ['one | wrong-value | book-value-wrong | "other" | "only"']],
    ["a value of no kind", { ...fine, flag: "yes" }, ['flag | wrong-value | book-value-wrong | "yes" | Boolean']],
    [
      "an object of no kind",
      { ...fine, sort: { kind: "oval" } },
      ["sort | wrong-value | book-value-wrong | an object | an object whose kind is one of round, square"],
    ],
    [
      "an object of a kind, not as it must be",
      { ...fine, sort: { kind: "square", side: "x" } },
      ['sort.side | wrong-value | book-not-number | "x"'],
    ],
    ["neither a text nor null", { ...fine, limit: 5 }, ["limit | wrong-value | book-value-wrong | 5 | a text in quotes or null"]],
    ["neither a number nor a list", { ...fine, either: "x" }, ['either | wrong-value | book-value-wrong | "x" | a whole number or a list']],
    [
      "a check of the library's own",
      { ...fine, short: "abcd" },
      ['short | wrong-value | book-value-wrong | "abcd" | a value with a length of at most 3'],
    ],
    ["a check with a code", { ...fine, price: "x" }, ['price | wrong-value | book-not-decimal | "x"']],
    ["a check with words", { ...fine, colour: "red" }, ['colour | wrong-value | book-value-wrong | "red" | a colour']],
    ["a check with what is like a code", { ...fine, odd: "red" }, ['odd | wrong-value | book-value-wrong | "red" | book-not-a-code']],
    ["a number in text that is none", { ...fine, wrapped: 7 }, ["wrapped | wrong-value | book-not-text | 7"]],
    [
      "what is missing, and every problem at once",
      { nam: "a", count: "1", zzzzzzzz: 2 },
      [
        "name | missing-field | book-missing",
        'count | wrong-value | book-not-number | "1"',
        "nam | unknown-field | book-unknown-field-near | name",
        "zzzzzzzz | unknown-field | book-unknown-field | name, count, size, tags, sort, limit, either, one, flag, short, price, colour, odd, wrapped",
      ],
    ],
  ])("says of %s", (_, document, said) => {
    expect([...problems(document)].sort()).toEqual([...said].sort())
  })
})
