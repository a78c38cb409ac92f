import { readFileSync, writeFileSync } from "node:fs"
import { expect, it } from "vitest"
import { rateBookJsonSchema } from "./rateBookJsonSchema.ts"

const file = new URL("../../schema/rate-book.schema.json", import.meta.url)

it("the committed JSON Schema is the generated one (UPDATE_SCHEMA=1 writes it)", () => {
  const generated = `${JSON.stringify(rateBookJsonSchema(), null, 2)}\n`
  if (process.env.UPDATE_SCHEMA === "1") writeFileSync(file, generated)
  expect(readFileSync(file, "utf8")).toBe(generated)
})
