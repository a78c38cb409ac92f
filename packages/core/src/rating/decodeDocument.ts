import { Result, Schema, type SchemaAST, type SchemaIssue } from "effect"
import { fitNumbers } from "../document/fitNumbers.ts"
import { collectProblems } from "./collectProblems.ts"
import { nearestName } from "./nearestName.ts"
import { pathText, type RateProblem, rateProblem } from "./RateProblem.ts"
import { type RateProblemCode, rateProblemTexts } from "./rateProblemTexts.ts"

const fieldNames = (ast: SchemaAST.AST): readonly string[] =>
  ast._tag === "Objects" ? ast.propertySignatures.map((property) => String(property.name)) : []

const expectedOf = (value: unknown): string | null => {
  const annotations = (value as { readonly annotations?: { readonly expected?: unknown } }).annotations
  return typeof annotations?.expected === "string" ? annotations.expected : null
}

const choicesOf = (ast: SchemaAST.Union): string | null => {
  const literals = ast.types.map((type) => (type._tag === "Literal" ? String(type.literal) : null))
  return literals.every((literal) => literal !== null) ? `one of ${literals.join(", ")}` : null
}

const typeNames: Readonly<Record<string, string>> = {
  String: "a text in quotes",
  Number: "a whole number",
  Objects: "an object",
  Arrays: "a list",
  Null: "null",
}

type WrongCode = Extract<RateProblemCode, `book-not-${string}`>

/** Types that a problem has words of its own for. */
const wrongTypes: Readonly<Record<string, WrongCode>> = {
  String: "book-not-text",
  Number: "book-not-number",
  Objects: "book-not-object",
  Arrays: "book-not-list",
}

const typeName = (ast: SchemaAST.AST): string =>
  ast._tag === "Literal"
    ? JSON.stringify(ast.literal)
    : ast._tag === "Union"
      ? (choicesOf(ast) ?? ast.types.map(typeName).join(" or "))
      : (typeNames[ast._tag] ?? ast._tag)

const isWrongCode = (expected: string): expected is WrongCode => expected.startsWith("book-not-") && expected in rateProblemTexts

const valueAt = (document: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (value, key) => (value === null || typeof value !== "object" ? undefined : (value as Record<PropertyKey, unknown>)[key]),
    document,
  )

const shown = (value: unknown): string => {
  const text = typeof value === "object" && value !== null ? (Array.isArray(value) ? "a list" : "an object") : JSON.stringify(value)
  return (text ?? "nothing").slice(0, 60)
}

const addProblems = (issue: SchemaIssue.Issue, document: unknown, add: (problem: RateProblem) => void): void => {
  const wrong = (path: readonly PropertyKey[], expected: string): void => {
    const value = shown(valueAt(document, path))
    add(
      isWrongCode(expected)
        ? rateProblem(pathText(path), "wrong-value", expected, { value })
        : rateProblem(pathText(path), "wrong-value", "book-value-wrong", { value, expected }),
    )
  }
  const walk = (node: SchemaIssue.Issue, path: readonly PropertyKey[]): void => {
    const place = pathText(path)
    switch (node._tag) {
      case "Pointer":
        walk(node.issue, [...path, ...node.path])
        return
      case "Composite":
        for (const inner of node.issues) walk(inner, path)
        return
      case "Filter": {
        wrong(path, expectedOf(node.filter) ?? "an allowed value")
        return
      }
      case "Encoding":
        walk(node.issue, path)
        return
      case "AnyOf": {
        if (node.issues.length > 0) for (const inner of node.issues) walk(inner, path)
        else {
          const kinds = node.ast.types.flatMap((type) =>
            type._tag === "Objects"
              ? type.propertySignatures.flatMap(({ name, type: inner }) =>
                  name === "kind" && inner._tag === "Literal" ? [inner.literal] : [],
                )
              : [],
          )
          wrong(path, kinds.length > 0 ? `an object whose kind is one of ${kinds.join(", ")}` : typeName(node.ast))
        }
        return
      }
      case "MissingKey":
        add(rateProblem(place, "missing-field", "book-missing"))
        return
      case "UnexpectedKey": {
        const name = String(path.at(-1))
        const names = fieldNames(node.ast)
        const near = nearestName(name, names)
        add(
          near === null
            ? rateProblem(place, "unknown-field", "book-unknown-field", { names: names.join(", ") })
            : rateProblem(place, "unknown-field", "book-unknown-field-near", { near }),
        )
        return
      }
      case "InvalidType":
        wrong(path, wrongTypes[node.ast._tag] ?? typeName(node.ast))
        return
      default:
        wrong(path, "an allowed value")
    }
  }
  walk(issue, [])
}

/** Decodes a document that people wrote; every problem at once, each with its path and what to write instead. */
export const decodeDocument = <S extends Schema.ConstraintDecoder<unknown>>(
  schema: S,
  document: unknown,
): Result.Result<S["Type"], readonly RateProblem[]> => {
  const value = fitNumbers(schema.ast, document)
  return Result.mapError(Schema.decodeUnknownResult(schema)(value, { errors: "all", onExcessProperty: "error" }), (error) =>
    collectProblems((add) => addProblems(error.issue, value, add)),
  )
}
