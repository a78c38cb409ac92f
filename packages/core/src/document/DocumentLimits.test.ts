import { readFileSync } from "node:fs"
import { expect, it } from "vitest"
import * as limits from "./DocumentLimits.ts"

it.each(Object.entries(limits))("docs/rates.md names %s", (_, limit) => {
  const [, section = ""] = readFileSync(new URL("../../../../docs/rates.md", import.meta.url), "utf8").split("## Limits")
  expect(section.split("\n## ")[0]).toMatch(new RegExp(`\\b${limit.toLocaleString("en-US")}\\b`))
})
