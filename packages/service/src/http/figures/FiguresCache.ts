import { Context, Effect, Layer } from "effect"
import { type Books, loadBooks } from "../../run/Books.ts"
import type { RunError } from "../../run/RunError.ts"
import { BillingStore, type StoreError } from "../../store/index.ts"
import { loadMonthFigures } from "./loadMonthFigures.ts"
import type { MonthFigures } from "./MonthFigures.ts"
import { loadRecordCounts, type RecordCounts } from "./recordCounts.ts"

/**
 * Books and months as last read, kept while nothing was committed and no record came. Requests for the same month at the same
 * time share one reading.
 */
export class FiguresCache extends Context.Service<
  FiguresCache,
  {
    readonly books: (tenant: string) => Effect.Effect<Books, StoreError | RunError>
    readonly month: (tenant: string, month: string) => Effect.Effect<MonthFigures, StoreError | RunError>
    readonly records: (tenant: string, month: string) => Effect.Effect<RecordCounts, StoreError | RunError>
  }
>()("@hpc-billing/service/FiguresCache") {}

interface Kept<A> {
  readonly stamp: string
  readonly value: Effect.Effect<A, StoreError | RunError>
}

const monthsKeptMaximum = 30
/** Running jobs grow: what holds some is read again after this time. */
const freshSecondsMaximum = 300

export const figuresCacheLayer = Layer.effect(FiguresCache)(
  Effect.gen(function* () {
    const store = yield* BillingStore
    const bookShelf = new Map<string, Kept<Books>>()
    const monthShelf = new Map<string, Kept<MonthFigures>>()
    const recordShelf = new Map<string, Kept<RecordCounts>>()

    const keep = <A>(
      shelf: Map<string, Kept<A>>,
      key: string,
      stamp: string,
      read: Effect.Effect<A, StoreError | RunError, BillingStore>,
    ) =>
      Effect.gen(function* () {
        const known = shelf.get(key)
        if (known?.stamp === stamp) {
          // the latest asked for stands last
          shelf.delete(key)
          shelf.set(key, known)
          return yield* known.value
        }
        const value = yield* Effect.cached(
          read.pipe(
            Effect.provideService(BillingStore, store),
            Effect.tapError(() => Effect.sync(() => shelf.delete(key))),
            Effect.uninterruptible,
          ),
        )
        shelf.delete(key)
        shelf.set(key, { stamp, value })
        for (const oldest of shelf.keys()) {
          if (shelf.size <= monthsKeptMaximum) break
          shelf.delete(oldest)
        }
        return yield* value
      })

    const books = (tenant: string) =>
      Effect.flatMap(store.head(tenant), (head) => keep(bookShelf, tenant, String(head.commitSequence), loadBooks(tenant)))

    return {
      books,
      records: Effect.fnUntraced(function* (tenant, month) {
        const { site } = yield* books(tenant)
        return yield* keep(
          recordShelf,
          `${tenant}/${month}`,
          String(yield* store.ingestHead(tenant)),
          loadRecordCounts(tenant, month, site.zone),
        )
      }),
      month: Effect.fnUntraced(function* (tenant, month) {
        const head = yield* store.head(tenant)
        const isClosed = head.periods.get(month)?.status.kind === "closed"
        const freshness = isClosed ? "closed" : `${yield* store.ingestHead(tenant)}/${Math.floor(Date.now() / 1_000 / freshSecondsMaximum)}`
        return yield* keep(monthShelf, `${tenant}/${month}`, `${head.commitSequence}/${freshness}`, loadMonthFigures(tenant, month))
      }),
    }
  }),
)
