import { expect, it } from "vitest"
import { hpcBillingTranslationRef } from "./translation.ts"
import { thai } from "./translations/th.ts"

const english = (hpcBillingTranslationRef as unknown as { getDefaultMessages(): Readonly<Record<string, string>> }).getDefaultMessages()
const blanks = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name).sort()

it("Thai says everything that English says, with the same blanks", () => {
  expect(Object.keys(thai).sort()).toEqual(Object.keys(english).sort())
  for (const [key, text] of Object.entries(thai)) expect([key, blanks(text)]).toEqual([key, blanks(english[key] ?? "")])
})
