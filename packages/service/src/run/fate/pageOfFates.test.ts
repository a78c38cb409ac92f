import type { Rejection } from "@hpc-billing/core"
import { Effect } from "effect"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { openTestingBooks, type TestingBooks } from "../../testing/testingBooks.ts"
import type { Fate } from "./Fate.ts"
import { type FateFilter, pageOfFates } from "./pageOfFates.ts"

let books: TestingBooks

const fateOf = (number: number, change: Partial<Fate> = {}): Fate => ({
  subject: "job",
  id: `ci/${number}/ก`,
  cluster: "ci",
  account: number % 2 === 0 ? "mangrove" : "reefs",
  user: "alice",
  jobId: String(number),
  kind: "billed",
  reason: null,
  lines: [],
  breach: null,
  ...change,
})
const fates = [fateOf(1), fateOf(2, { kind: "zero", reason: "zero-seconds" }), fateOf(3), fateOf(4, { breach: "billed-twice" })]
const held = ["a", "b", "c"].map((source): Rejection => ({ source, lineNumber: 7, field: "End", reason: "no time.", raw: "" }))
const whole: FateFilter = { kind: null, cluster: null, account: null, user: null, jobId: null, breaches: false }

beforeAll(async () => {
  books = await openTestingBooks()
  await books.run(books.store.storeRejections("pages", held))
})

afterAll(() => books.stop())

const pages = async (filter: Partial<FateFilter>, limit: number) => {
  const read: string[][] = []
  let cursor: string | null = null
  do {
    const page: { readonly rows: readonly Fate[]; readonly next: string | null } = await books.run(
      pageOfFates("pages", fates, { ...whole, ...filter }, { cursor, limit }),
    )
    read.push(page.rows.map(({ id, subject }) => (subject === "rejection" ? id.slice(1) : (id.split("/")[1] ?? ""))))
    cursor = page.next
  } while (cursor !== null)
  return read
}

describe("pageOfFates", () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])("lists every fate once and then every rejected record once, in pages of %i", async (limit) => {
    const read = await pages({}, limit)
    expect(read.flat()).toEqual(["1", "2", "3", "4", ":7", ":7", ":7"])
    expect(read.slice(0, -1).every((rows) => rows.length === limit)).toBe(true)
    expect(read.at(-1)).not.toEqual([])
  })

  it.each<readonly [filter: Partial<FateFilter>, rows: readonly string[]]>([
    [{ kind: "zero" }, ["2"]],
    [{ kind: "held" }, [":7", ":7", ":7"]],
    [{ account: "reefs" }, ["1", "3"]],
    [{ jobId: "3", account: "mangrove" }, []],
    [{ user: "bob" }, []],
    [{ cluster: "ci", kind: "billed" }, ["1", "3", "4"]],
    [{ breaches: true }, ["4"]],
  ])("narrows by %j", async (filter, rows) => {
    expect((await pages(filter, 2)).flat()).toEqual(rows)
  })

  it("refuses a cursor of another list", async () => {
    const page = { cursor: "bm90LWEtY3Vyc29y", limit: 2 }
    const error = await books.run(Effect.flip(pageOfFates("pages", fates, whole, page)))
    expect(error.reason._tag).toBe("InvalidPage")
  })
})
