import { closeFindingTexts } from "@hpc-billing/ledger"
import { expect, test } from "vitest"
import { sentences } from "../api/sentences.ts"
import { sayFinding } from "./sayFailure.ts"

test("what the ledger finds is said in the ledger's own words", () => {
  expect(sentences).toMatchObject(closeFindingTexts)
})

test("a finding of a document begins with its place", () => {
  const problem = {
    path: "cards[0]",
    reason: "meter-shape",
    code: "book-no-price",
    values: {},
    message: "cards[0]: it has no price",
  } as const
  expect(sayFinding(problem)).toEqual({ path: "cards[0]", code: "book-no-price", params: {}, text: "cards[0]: it has no price" })
  const finding = { code: "tie-draft", values: { receipt: "r" }, text: "Receipt r is still a draft" } as const
  expect(sayFinding(finding)).toEqual({ path: "", code: "tie-draft", params: { receipt: "r" }, text: "Receipt r is still a draft" })
})
