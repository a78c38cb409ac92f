import { Effect, Option, Stream } from "effect"

/**
 * Rows in pages by key, never one long cursor: the embedded database has a single session, which a reader must not hold
 * while its consumer writes.
 */
export const streamPages = <Row, Key, E>(
  first: Key,
  rowsAPage: number,
  query: (after: Key, limit: number) => Effect.Effect<readonly Row[], E>,
  keyOf: (row: Row) => Key,
): Stream.Stream<Row, E> =>
  Stream.paginate(first, (after) =>
    Effect.map(query(after, rowsAPage), (rows) => {
      const last = rows.at(-1)
      return [rows, last === undefined || rows.length < rowsAPage ? Option.none() : Option.some(keyOf(last))] as const
    }),
  )
