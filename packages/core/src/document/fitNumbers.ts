import type { SchemaAST } from "effect"
import { WrittenNumber } from "./WrittenNumber.ts"

const wholeNumber = /^(0|-?[1-9]\d{0,14})$/

/**
 * A document's value with each number as its schema has it there: the whole number, or the text that was written. A number that fits
 * neither stays as written, for the schema to refuse.
 */
export const fitNumbers = (schema: SchemaAST.AST, value: unknown): unknown =>
  holdsWrittenNumber(value) ? fit(choicesOf([schema]), value) : value

/** Values that a program made hold none: pricing checks its book each time, and need not copy it. */
const holdsWrittenNumber = (value: unknown): boolean =>
  value instanceof WrittenNumber || (typeof value === "object" && value !== null && Object.values(value).some(holdsWrittenNumber))

const fit = (schemas: readonly SchemaAST.AST[], value: unknown): unknown => {
  if (value instanceof WrittenNumber) {
    const isText = schemas.some(({ _tag }) => _tag === "String")
    return isText || !wholeNumber.test(value.text) || !schemas.some(isNumeric) ? value.text : Number(value.text)
  }
  if (Array.isArray(value)) return value.map((item, index) => fit(choicesOf(schemas.flatMap((schema) => itemsOf(schema, index))), item))
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, fit(choicesOf(schemas.flatMap((schema) => fieldsOf(schema, name))), item)]),
  )
}

const choicesOf = (schemas: readonly SchemaAST.AST[]): readonly SchemaAST.AST[] =>
  schemas.flatMap((schema) => (schema._tag === "Union" ? choicesOf(schema.types) : [schema]))

const isNumeric = (schema: SchemaAST.AST): boolean =>
  schema._tag === "Number" || (schema._tag === "Literal" && typeof schema.literal === "number")

const itemsOf = (schema: SchemaAST.AST, index: number): readonly SchemaAST.AST[] => {
  if (schema._tag !== "Arrays") return []
  const item = schema.elements[index]
  return item === undefined ? schema.rest : [item]
}

const fieldsOf = (schema: SchemaAST.AST, name: string): readonly SchemaAST.AST[] => {
  if (schema._tag !== "Objects") return []
  const field = schema.propertySignatures.find((property) => property.name === name)
  return field === undefined ? schema.indexSignatures.map(({ type }) => type) : [field.type]
}
