import { Effect, Option, Stream } from "effect"
import { HttpServerResponse } from "effect/http"
import type { CsvView } from "./views/csvViews.ts"

interface RowsPage<Row> {
  readonly rows: readonly Row[]
  readonly next: string | null
}

/**
 * A whole list as a file, page after page as the reader takes it. The first page is read before the answer begins, so that a
 * refusal is still a problem; a failure after it breaks the connection, and so no half a list looks whole.
 */
export const csvResponse = Effect.fnUntraced(function* <Row, E, R>(
  fileName: string,
  view: CsvView<Row>,
  read: (cursor: string | null) => Effect.Effect<RowsPage<Row>, E, R>,
) {
  const context = yield* Effect.context<R>()
  const first = yield* read(null)
  const later = Stream.paginate(first.next, (cursor) =>
    cursor === null
      ? Effect.succeed([[], Option.none<string | null>()] as const)
      : Effect.map(read(cursor), ({ rows, next }) => [[view.rows(rows)], next === null ? Option.none() : Option.some(next)] as const),
  ).pipe(Stream.provideContext(context))
  const texts = Stream.concat(Stream.make(view.head + view.rows(first.rows)), later)
  return HttpServerResponse.stream(Stream.encodeText(texts), {
    contentType: "text/csv; charset=utf-8",
    headers: { "content-disposition": `attachment; filename="${fileName}"` },
  })
})
