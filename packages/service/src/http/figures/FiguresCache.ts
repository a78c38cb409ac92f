import { addMonths, monthOf, monthWindow, type Window } from "@hpc-billing/core"
import { Clock, Context, Effect, Fiber, Layer, Semaphore } from "effect"
import { type Books, loadBooks } from "../../run/Books.ts"
import { billedLinesOf, type StandingLine } from "../../run/billedLines.ts"
import { fatesOfMonth, type MonthFates } from "../../run/fate/fatesOfMonth.ts"
import { readingsKind } from "../../run/Readings.ts"
import type { RunError } from "../../run/RunError.ts"
import { BillingStore, type LedgerHead, type ReceiptHeader, type StoreError } from "../../store/index.ts"
import { ServiceContext } from "../ServiceContext.ts"
import { loadMonthFigures, type ReadLines, receiptHeadersOf } from "./loadMonthFigures.ts"
import type { MonthFigures } from "./MonthFigures.ts"
import { loadRecordCounts, type RecordCounts } from "./recordCounts.ts"

/**
 * Books and months as last read, kept until something changed that they are made of. Requests for the same month at the same
 * time share one reading; the latest months are read when the service starts.
 */
export class FiguresCache extends Context.Service<
  FiguresCache,
  {
    readonly books: (tenant: string) => Effect.Effect<Books, StoreError | RunError>
    readonly month: (tenant: string, month: string) => Effect.Effect<MonthFigures, StoreError | RunError>
    readonly records: (tenant: string, month: string) => Effect.Effect<RecordCounts, StoreError | RunError>
    /** Of every job and reading: as large as the month, and so kept for the pages of a few lists alone. */
    readonly fates: (tenant: string, month: string) => Effect.Effect<MonthFates, StoreError | RunError>
  }
>()("@hpc-billing/service/FiguresCache") {}

interface Kept<A> {
  readonly stamp: string
  readonly value: Effect.Effect<A, StoreError | RunError>
}

const monthsKeptMaximum = 60
const monthsReadAtStart = 13
const monthsCountedAtStart = 3
const lineMonthsKeptMaximum = 3
const fateMonthsKeptMaximum = 2
/** Running jobs grow: the month that goes on is read again after this time. */
const freshSecondsMaximum = 300

const versionsOf = (head: LedgerHead, kinds: readonly string[]): string => kinds.map((kind) => head.documentVersion(kind)).join(".")

const bookKinds = ["site", "rate-book", "payer-book"]

const statusesOf = (headers: readonly ReceiptHeader[]): string => headers.map(({ id, status }) => `${id} ${status.kind}`).join(",")

const closedWindows = (head: LedgerHead): readonly Window[] => {
  const closed = [...head.periods.values()].filter(({ status }) => status.kind === "closed")
  return closed.length === 0 ? [] : [{ startSeconds: 0, endSeconds: Math.max(...closed.map(({ window }) => window.endSeconds)) }]
}

export const figuresCacheLayer = Layer.effect(FiguresCache)(
  Effect.gen(function* () {
    const store = yield* BillingStore
    const { tenants } = yield* ServiceContext
    const bookShelf = new Map<string, Kept<Books>>()
    const monthShelf = new Map<string, Kept<MonthFigures>>()
    const recordShelf = new Map<string, Kept<RecordCounts>>()
    const fateShelf = new Map<string, Kept<MonthFates>>()
    const lineShelf = new Map<string, { readonly stamp: string; readonly lines: readonly StandingLine[] }>()
    const stamps = new Map<string, { readonly at: string; readonly stamp: string }>()
    const ingests = new Map<string, { readonly head: bigint; readonly latest: bigint }>()
    const scope = yield* Effect.scope
    // a month is much to read and to price: others' requests go on between two, and a closed month waits for no open one
    const oneOpen = yield* Semaphore.make(1)
    const oneClosed = yield* Semaphore.make(1)

    /** Reads on its own, so that who asked may stop waiting and the next who asks finds it further on. */
    const begin = <A>(shelf: Map<string, Kept<A>>, key: string, read: Effect.Effect<A, StoreError | RunError, BillingStore>) =>
      read.pipe(
        Effect.provideService(BillingStore, store),
        Effect.tapError(() => Effect.sync(() => shelf.delete(key))),
        Effect.forkIn(scope),
        Effect.map((fiber) => Fiber.join(fiber)),
      )

    const keep = <A>(
      shelf: Map<string, Kept<A>>,
      key: string,
      stamp: string,
      read: Effect.Effect<A, StoreError | RunError, BillingStore>,
      keptMaximum = monthsKeptMaximum,
    ) =>
      Effect.gen(function* () {
        const known = shelf.get(key)
        const value = known?.stamp === stamp ? known.value : yield* begin(shelf, key, read)
        // the latest asked for stands last
        shelf.delete(key)
        shelf.set(key, { stamp, value })
        for (const oldest of shelf.keys()) {
          if (shelf.size <= keptMaximum) break
          shelf.delete(oldest)
        }
        return yield* value
      })

    const books = (tenant: string) =>
      Effect.flatMap(store.head(tenant), (head) => keep(bookShelf, tenant, versionsOf(head, bookKinds), loadBooks(tenant)))

    /** The sequence of the latest record of these windows, as far as it is known to whoever asks under this key. */
    const latestIngested = Effect.fnUntraced(function* (key: string, tenant: string, windows: readonly Window[]) {
      const head = yield* store.ingestHead(tenant)
      const known = ingests.get(key)
      let latest = known?.latest ?? head
      if (known !== undefined && known.head !== head)
        for (const window of windows) {
          const found = yield* store.ingestedIn(tenant, window, known.head)
          if (found > known.head && found > latest) latest = found
        }
      ingests.set(key, { head, latest })
      return latest
    })

    /** An open month's own receipts, and those of other open months: corrections of closed months may stand on any of them, until a void. */
    const openReceipts = Effect.fnUntraced(
      function* (tenant: string, month: string, head: LedgerHead) {
        const open = [...head.periods.values()].flatMap((period) => (period.status.kind === "open" ? [period.month] : []))
        const headers = yield* Effect.forEach([...new Set([month, ...open])], (each) => receiptHeadersOf(tenant, each))
        return headers.flat()
      },
      Effect.provideService(BillingStore, store),
    )

    /** All that the figures of an open month are made of; a closed one stands for ever. */
    const monthStamp = Effect.fnUntraced(function* (tenant: string, month: string) {
      const head = yield* store.head(tenant)
      const period = head.periods.get(month)
      if (period?.status.kind === "closed") return `closed ${period.status.closedAtSeconds}`
      const window = monthWindow(month, (yield* books(tenant)).site.zone)
      const nowSeconds = Math.floor((yield* Clock.currentTimeMillis) / 1_000)
      const freshness = Math.floor(Math.min(nowSeconds, window.endSeconds) / freshSecondsMaximum)
      const key = `${tenant}/${month}`
      // a month rests on the records of its own time, and corrects those of closed months
      const ingested = yield* latestIngested(key, tenant, [window, ...closedWindows(head)])
      const at = `${head.commitSequence}/${ingested}/${freshness}`
      const known = stamps.get(key)
      if (known?.at === at) return known.stamp
      const receipts = yield* openReceipts(tenant, month, head)
      const closed = [...head.periods.values()].filter(({ status }) => status.kind === "closed").length
      const stamp = [versionsOf(head, [...bookKinds, readingsKind]), ingested, closed, statusesOf(receipts), freshness].join("/")
      stamps.set(key, { at, stamp })
      return stamp
    })

    /** What was issued never changes: an open month that is read again and again reads its receipts' lines once. */
    const readLinesOnce: ReadLines = Effect.fnUntraced(function* (tenant, month, headers) {
      const key = `${tenant}/${month}`
      const stamp = statusesOf(headers)
      const known = lineShelf.get(key)
      const lines = known?.stamp === stamp ? known.lines : yield* billedLinesOf(tenant, { month }, headers)
      lineShelf.delete(key)
      lineShelf.set(key, { stamp, lines })
      for (const oldest of lineShelf.keys()) {
        if (lineShelf.size <= lineMonthsKeptMaximum) break
        lineShelf.delete(oldest)
      }
      return lines
    })

    const month = (tenant: string, of: string) =>
      Effect.flatMap(monthStamp(tenant, of), (stamp) => {
        const isClosed = stamp.startsWith("closed")
        const read = isClosed ? loadMonthFigures(tenant, of) : loadMonthFigures(tenant, of, readLinesOnce)
        return keep(monthShelf, `${tenant}/${of}`, stamp, (isClosed ? oneClosed : oneOpen).withPermit(read))
      })

    const records = Effect.fnUntraced(function* (tenant: string, of: string) {
      const { zone } = (yield* books(tenant)).site
      const key = `${tenant}/${of}`
      const ingested = yield* latestIngested(`records ${key}`, tenant, [monthWindow(of, zone)])
      return yield* keep(recordShelf, key, String(ingested), loadRecordCounts(tenant, of, zone))
    })

    /** Whatever is read or committed may change a fate, of a closed month too. */
    const fates = Effect.fnUntraced(function* (tenant: string, of: string) {
      const { commitSequence } = yield* store.head(tenant)
      const nowSeconds = Math.floor((yield* Clock.currentTimeMillis) / 1_000)
      const stamp = `${commitSequence}/${yield* store.ingestHead(tenant)}/${Math.floor(nowSeconds / freshSecondsMaximum)}`
      const read = oneClosed.withPermit(fatesOfMonth(tenant, of))
      return yield* keep(fateShelf, `${tenant}/${of}`, stamp, read, fateMonthsKeptMaximum)
    })

    const readLatest = Effect.fnUntraced(function* (tenant: string) {
      const { zone } = (yield* books(tenant)).site
      const current = monthOf(Math.floor((yield* Clock.currentTimeMillis) / 1_000), zone)
      for (let back = 0; back < monthsReadAtStart; back += 1) yield* month(tenant, addMonths(current, -back))
      for (let back = 0; back < monthsCountedAtStart; back += 1) yield* records(tenant, addMonths(current, -back))
    })
    yield* Effect.forkScoped(Effect.forEach([...tenants.keys()], (tenant) => Effect.ignore(readLatest(tenant))))

    return { books, month, records, fates }
  }),
)
