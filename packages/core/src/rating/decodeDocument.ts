import { Result, Schema, type SchemaAST, type SchemaIssue } from "effect"
import { nearestName } from "./nearestName.ts"
import { pathText, type RateProblem } from "./RateProblem.ts"

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

const typeName = (ast: SchemaAST.AST): string =>
  ast._tag === "Literal"
    ? JSON.stringify(ast.literal)
    : ast._tag === "Union"
      ? (choicesOf(ast) ?? ast.types.map(typeName).join(" or "))
      : (typeNames[ast._tag] ?? ast._tag)

const valueAt = (document: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (value, key) => (value === null || typeof value !== "object" ? undefined : (value as Record<PropertyKey, unknown>)[key]),
    document,
  )

const shown = (value: unknown): string => {
  const text = typeof value === "object" && value !== null ? (Array.isArray(value) ? "a list" : "an object") : JSON.stringify(value)
  return (text ?? "nothing").slice(0, 60)
}

const problemsOf = (issue: SchemaIssue.Issue, document: unknown): readonly RateProblem[] => {
  const problems: RateProblem[] = []
  const wrong = (path: readonly PropertyKey[], expected: string): void => {
    problems.push({
      path: pathText(path),
      reason: "wrong-value",
      message: `${pathText(path) || "the document"} is ${shown(valueAt(document, path))}: write ${expected}.`,
    })
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
        problems.push({ path: place, reason: "missing-field", message: `${place} is missing: add it.` })
        return
      case "UnexpectedKey": {
        const name = String(path.at(-1))
        const names = fieldNames(node.ast)
        const near = nearestName(name, names)
        problems.push({
          path: place,
          reason: "unknown-field",
          message:
            near === null
              ? `${place} is not a known field: remove it, or use one of ${names.join(", ")}.`
              : `${place} is not a known field: did you mean "${near}"?`,
        })
        return
      }
      case "InvalidType":
        wrong(path, typeName(node.ast))
        return
      default:
        wrong(path, "an allowed value")
    }
  }
  walk(issue, [])
  return problems
}

/** Decodes a document that people wrote; every problem at once, each with its path and what to write instead. */
export const decodeDocument = <S extends Schema.ConstraintDecoder<unknown>>(
  schema: S,
  document: unknown,
): Result.Result<S["Type"], readonly RateProblem[]> =>
  Result.mapError(Schema.decodeUnknownResult(schema)(document, { errors: "all", onExcessProperty: "error" }), (error) =>
    problemsOf(error.issue, document),
  )
