import { Effect, Option, Stream } from "effect"

const bytesAPage = 16n * 1_024n * 1_024n
const rowsAPage = 1_000

/** Rows that hold bytes of any length, as many in a page as stay within some megabytes, one at least. */
export const streamSized = <Row, Key, E>(
  first: Key,
  /** Keys after one, in order, with the size of their rows. */
  list: (after: Key, limit: number) => Effect.Effect<readonly (Key & { readonly size: bigint | number })[], E>,
  /** The rows after one key and up to another. */
  read: (after: Key, last: Key) => Effect.Effect<readonly Row[], E>,
): Stream.Stream<Row, E> =>
  Stream.paginate(first, (after) =>
    Effect.gen(function* () {
      const found = yield* list(after, rowsAPage)
      let bytes = 0n
      const fitting = found.findIndex(({ size }, index) => {
        bytes += BigInt(size)
        return index > 0 && bytes > bytesAPage
      })
      const last = found.at(fitting === -1 ? -1 : fitting - 1)
      if (last === undefined) return [[], Option.none()] as const
      const isEnd = fitting === -1 && found.length < rowsAPage
      return [yield* read(after, last), isEnd ? Option.none<Key>() : Option.some<Key>(last)] as const
    }),
  )
