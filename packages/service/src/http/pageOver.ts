import { Effect } from "effect"
import type { Page } from "../store/index.ts"

/** One of several lists that a route shows one after the other, less the rows that are not wanted. */
export interface Source<A, E, R> {
  readonly read: (cursor: string | null, limit: number) => Effect.Effect<Page<A>, E, R>
  readonly keep?: (row: A) => boolean
}

const cursorText = /^(\d{1,3})\.(.*)$/

/** A page over the sources in order; its cursor says which source is next and where it stands. */
export const pageOver = <A, E, R>(
  sources: readonly Source<A, E, R>[],
  page: { readonly cursor: string | null; readonly limit: number },
): Effect.Effect<Page<A>, E, R> =>
  Effect.gen(function* () {
    const match = page.cursor === null ? null : cursorText.exec(page.cursor)
    let index = match === null ? 0 : Number(match[1])
    // a cursor of no list of ours goes to the first list, which refuses it
    let cursor: string | null = match === null ? page.cursor : match[2] || null
    const rows: A[] = []
    while (index < sources.length && rows.length < page.limit) {
      const { read, keep } = sources[index] as Source<A, E, R>
      const found: Page<A> = yield* read(cursor, page.limit - rows.length)
      rows.push(...(keep === undefined ? found.rows : found.rows.filter(keep)))
      cursor = found.next
      if (cursor === null) index += 1
    }
    return { rows, next: index < sources.length ? `${index}.${cursor ?? ""}` : null }
  })

/** Rows in memory as a source; the cursor is how many were shown. */
export const sourceOf = <A>(rows: readonly A[]): Source<A, never, never> => ({
  read: (cursor, limit) => {
    const from = cursor === null || !/^\d{1,9}$/.test(cursor) ? 0 : Number(cursor)
    const next = from + limit
    return Effect.succeed({ rows: rows.slice(from, next), next: next < rows.length ? String(next) : null })
  },
})
