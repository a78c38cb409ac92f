import { Schema } from "effect"
import { RateBook } from "./RateBook.ts"

/** JSON Schema (draft 2020-12) of a rate book, for editors and other programs; `checkRateBook` checks more than a schema can say. */
export const rateBookJsonSchema = (): object => {
  const { schema, definitions } = Schema.toJsonSchemaDocument(RateBook, { onExcessProperty: "error" })
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "hpc-billing rate book",
    ...schema,
    ...(Object.keys(definitions).length > 0 ? { $defs: definitions } : {}),
  }
}
