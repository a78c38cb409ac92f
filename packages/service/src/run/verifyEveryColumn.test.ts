import { Effect, Exit, Scope } from "effect"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { columnEdits, type Expected, type Tampered } from "../testing/columnEdits.ts"
import { type EditedBooks, openFullBooks, type Told, toldAfter, verified } from "../testing/editedBooks.ts"

const scope = Effect.runSync(Scope.make())
let books: EditedBooks
let columns: readonly { readonly table: string; readonly column: string; readonly type: string }[]

beforeAll(async () => {
  books = await openFullBooks(scope)
  const read = books.sql.unsafe<(typeof columns)[number]>(
    `SELECT table_name AS table, column_name AS column, data_type AS type FROM information_schema.columns
     WHERE table_schema = current_schema() ORDER BY 1, ordinal_position`,
  )
  columns = await Effect.runPromise(read)
})

afterAll(() => Effect.runPromise(Scope.close(scope, Exit.void)))

/** Another value of the column's type. */
const changed = (column: string, type: string): string =>
  type === "bytea" ? `set_byte(${column}, 0, get_byte(${column}, 0) # 1)` : type === "text" ? `${column} || 'x'` : `${column} + 1`

const typeOf = (table: string, column: string): string =>
  columns.find((each) => each.table === table && each.column === column)?.type ?? "text"

it("books that nobody touched are verified", async () => {
  expect(await verified(books)).toMatchObject({ findings: [], unproven: [], receipts: 10, entries: 35 })
})

it("the table of edits has every column of every table, and no other", async () => {
  const stored = columns.map(({ table, column }) => `${table}.${column}`)
  const edited = new Set(columnEdits.flatMap(({ table, columns: of }) => Object.keys(of).map((column) => `${table}.${column}`)))
  expect([...edited].sort()).toEqual([...stored].sort())
})

it("rows of every table are deleted and copied; of a head there is one", () => {
  const tables = (has: (row: Tampered) => boolean) => [...new Set(columnEdits.filter(has).map(({ table }) => table))]
  const all = tables(() => true)
  expect(tables(({ deleted }) => deleted !== null)).toEqual(all)
  expect(tables(({ copied }) => copied !== undefined)).toEqual(all.filter((table) => !["ingest_head", "ledger_head"].includes(table)))
})

const judge = ({ rows, findings }: Told, expected: Expected): void => {
  expect(rows).toBe(1)
  if ("harmless" in expected) expect(findings, expected.harmless).toBe("")
  else expect(findings).toMatch(expected)
}

describe.each(columnEdits)("$table $which", ({ table, where, names, columns: edits, deleted = names, copied, copy = names }) => {
  it.each(Object.entries(edits))("%s changed", async (column, edit) => {
    const value = edit.to ?? changed(column, typeOf(table, column))
    judge(await toldAfter(books, `UPDATE ${table} SET ${column} = ${value} WHERE ${where}`), edit.expected ?? names)
  })

  if (deleted !== null) it("deleted", async () => judge(await toldAfter(books, `DELETE FROM ${table} WHERE ${where}`), deleted))

  if (copied === undefined) return
  it("copied", async () => {
    const all = columns.filter((each) => each.table === table).map(({ column }) => column)
    const values = all.map((column) => copied[column] ?? column)
    judge(await toldAfter(books, `INSERT INTO ${table} (${all.join(", ")}) SELECT ${values.join(", ")} FROM ${table} WHERE ${where}`), copy)
  })
})
