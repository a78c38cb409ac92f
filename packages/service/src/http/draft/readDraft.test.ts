import { type RateBook, readRateBook } from "@hpc-billing/core"
import { Effect, Exit } from "effect"
import { describe, expect, test, vi } from "vitest"
import { RunError } from "../../run/RunError.ts"
import { contractPayerBook, contractRateBook } from "../../testing/contractSite.ts"
import type * as threads from "../../threads/makeThread.ts"
import { checkDraft } from "./checkDraft.ts"
import { readDraft } from "./readDraft.ts"

const asked = vi.hoisted((): string[] => [])
vi.mock("../../threads/makeThread.ts", async (original) => {
  const { makeThread } = await original<typeof threads>()
  const spied: typeof makeThread = (options) => {
    const ask = makeThread(options)
    return (question) => {
      asked.push((question as { readonly text: string }).text)
      return ask(question) as never
    }
  }
  return { makeThread: spied }
})

const refusal = async (text: string): Promise<RunError | null> => {
  const read = await Effect.runPromise(Effect.exit(readDraft("payers", text)))
  if (Exit.isSuccess(read)) return null
  const [error] = read.cause.reasons.flatMap((reason) => ("error" in reason ? [reason.error] : []))
  return error instanceof RunError ? error : null
}

const many = (count: number, line: (index: number) => string): string => Array.from({ length: count }, (_, index) => line(index)).join("\n")

describe("readDraft", () => {
  test.each([
    ["keys", "book-too-many-fields", many(90_000, (index) => `payer-${index}: { tier: MU }`)],
    ["levels", "book-too-deep", `payers: ${"[".repeat(30_000)}`],
    [
      "what aliases repeat",
      "book-too-many-values",
      many(25, (index) => `l${index}: &l${index} { a: ${index === 0 ? 1 : `*l${index - 1}`}, b: ${index === 0 ? 1 : `*l${index - 1}`} }`),
    ],
  ])("a text of too many %s is refused before anybody is asked to parse it", async (_, code, text) => {
    asked.length = 0
    expect(await refusal(text)).toMatchObject({ reason: "text-too-large", sentence: { code, params: { maximum: expect.any(String) } } })
    expect(asked).toEqual([])
  })

  test("what passes a limit far behind is refused by the thread, and nothing of it is parsed", async () => {
    const text = `format: 1\npayers:\n${many(9_000, (index) => `  - id: p${index}`)}\nmappings: ${"[".repeat(900)}`
    expect(await refusal(text)).toMatchObject({ reason: "text-too-large", sentence: { code: "book-too-deep" } })
    expect(asked).toEqual([text])
  })

  test("a book of 4,000 overrides and one of 8,000 mappings are read whole", async () => {
    const overrides = Array.from({ length: 4_000 }, (_, index) => ({
      ...contractRateBook.overrides[0],
      id: `o${index}`,
      account: `a${index}`,
    }))
    const mappings = Array.from({ length: 8_000 }, (_, index) => ({ ...contractPayerBook.mappings[0], account: `a${index}` }))
    const rates = await Effect.runPromise(readDraft("rates", JSON.stringify({ ...contractRateBook, overrides }, null, 1)))
    const payers = await Effect.runPromise(readDraft("payers", JSON.stringify({ ...contractPayerBook, mappings })))
    expect([rates.problems, rates.book?.overrides.length]).toEqual([[], 4_000])
    expect([payers.problems, payers.book?.mappings.length]).toEqual([[], 8_000])
  })

  test("a book with faults comes back with each of them and its place", async () => {
    const { book, problems } = await Effect.runPromise(readDraft("payers", "format: 1\npayers: []\nmappings:\n  - cluster: [7]\n"))
    expect(book).toBeNull()
    expect(problems.map(({ path }) => path)).toContain("payers:4:14")
  })
})

test("a rate draft and core's reader find the same book", () => {
  const draft = checkDraft({ kind: "rates", text: JSON.stringify(contractRateBook) })
  expect("book" in draft ? (draft.book as RateBook) : null).toEqual(contractRateBook)
  expect(readRateBook(JSON.stringify(contractRateBook))).toMatchObject({ success: contractRateBook })
})
