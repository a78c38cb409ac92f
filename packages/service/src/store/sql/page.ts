import { Effect } from "effect"
import { type Page, type PageRequest, pageRowsMaximum } from "../BillingStore.ts"
import { StoreError } from "../StoreError.ts"

/** The values of the last row's sort key, as texts. */
export type CursorKey = readonly string[]

const encodeCursor = (key: CursorKey): string => Buffer.from(JSON.stringify(key)).toString("base64url")

const cursorKey = (cursor: string, parts: number): CursorKey | null => {
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString())
    return Array.isArray(key) && key.length === parts && key.every((part) => typeof part === "string") ? key : null
  } catch {
    return null
  }
}

/** A cursor's integer; null when it is none, so that a made-up cursor is refused and not sent to the database. */
export const cursorInteger = (text: string | undefined): bigint | null =>
  text !== undefined && /^-?\d{1,18}$/.test(text) ? BigInt(text) : null

/** Reads one row more than asked for, which tells whether there is a next page. */
export const readPage = <Row, A, E>(
  request: PageRequest,
  parts: number,
  query: (after: CursorKey | null, limit: number) => Effect.Effect<readonly Row[], E>,
  row: (row: Row) => A,
  keyOf: (row: Row) => CursorKey,
): Effect.Effect<Page<A>, E | StoreError> =>
  Effect.gen(function* () {
    if (!Number.isInteger(request.limit) || request.limit < 1 || request.limit > pageRowsMaximum) {
      return yield* invalid(`A page has 1 to ${pageRowsMaximum} rows, not ${request.limit}: ask for another limit.`)
    }
    const after = request.cursor === null ? null : cursorKey(request.cursor, parts)
    if (request.cursor !== null && after === null) return yield* invalidCursor
    const found = yield* query(after, request.limit + 1)
    const rows = found.slice(0, request.limit)
    const last = rows.at(-1)
    return { rows: rows.map(row), next: found.length > request.limit && last !== undefined ? encodeCursor(keyOf(last)) : null }
  })

const invalid = (sentence: string) => new StoreError({ reason: { _tag: "InvalidPage", sentence } })
export const invalidCursor = Effect.suspend(() => Effect.fail(invalid("The cursor is not one of this list: begin again without a cursor.")))
