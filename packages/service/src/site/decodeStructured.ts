import { documentProblemsMaximum, fitNumbers } from "@hpc-billing/core"
import { Effect, Result, Schema, SchemaIssue } from "effect"
import type { StructuredFile } from "./readStructuredFile.ts"
import { SiteError } from "./SiteError.ts"

const format = SchemaIssue.makeFormatterStandardSchemaV1()

/** Decodes a file's value; every field that does not fit, or that the schema does not know, becomes a sentence with its place. */
export const decodeStructured = <A>(schema: Schema.Decoder<A>, file: StructuredFile): Effect.Effect<A, SiteError> => {
  const result = Schema.decodeUnknownResult(schema, { errors: "all", onExcessProperty: "error" })(fitNumbers(schema.ast, file.value))
  if (Result.isSuccess(result)) return Effect.succeed(result.success)
  const { issues } = format(result.failure.issue)
  return Effect.fail(
    new SiteError({
      reason: "invalid",
      problems: issues.slice(0, documentProblemsMaximum).map(({ path = [], message }) => {
        const names = path.map((segment) => (typeof segment === "object" ? segment.key : segment) as string | number)
        return `${file.place(names)}: ${names.length === 0 ? "the file" : names.join(".")}: ${message}`
      }),
    }),
  )
}
