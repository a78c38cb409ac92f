import { localDate, monthWindow, type RatedLine, type ReceiptLine, roundAndAllocate } from "@hpc-billing/core"
import { Clock, Effect } from "effect"
import { type Books, loadBooks } from "../../run/Books.ts"
import { billedLinesOf, type StandingLine } from "../../run/billedLines.ts"
import { previewBill } from "../../run/billMonth.ts"
import { BillingStore, type ReceiptHeader, type StoreError } from "../../store/index.ts"
import type { FigureLine, FigureUsage, MonthFigures } from "./MonthFigures.ts"
import { keepFigures, readFigures } from "./storedFigures.ts"

/** Every receipt of a month, without lines. */
export const receiptHeadersOf = Effect.fnUntraced(function* (tenant: string, month: string | null) {
  const store = yield* BillingStore
  const headers: ReceiptHeader[] = []
  let cursor: string | null = null
  do {
    const page: { readonly rows: readonly ReceiptHeader[]; readonly next: string | null } = yield* store.listReceipts(
      tenant,
      month === null ? {} : { month },
      { cursor, limit: 500 },
    )
    headers.push(...page.rows)
    cursor = page.next
  } while (cursor !== null)
  return headers
})

/** Lines of the month's receipts that stand, all of whose headers are given. */
export type ReadLines = (
  tenant: string,
  month: string,
  headers: readonly ReceiptHeader[],
) => Effect.Effect<readonly StandingLine[], StoreError, BillingStore>

/** Reads and prices a month as it stands now. */
export const loadMonthFigures = Effect.fn("loadMonthFigures")(function* (
  tenant: string,
  month: string,
  readLines: ReadLines = (_tenant, _month, headers) => billedLinesOf(tenant, { month }, headers),
) {
  const store = yield* BillingStore
  const books = yield* loadBooks(tenant)
  const { zone } = books.site
  const { currency } = books.rates
  const headers = yield* receiptHeadersOf(tenant, month)
  const isStanding = ({ status }: ReceiptHeader): boolean => status.kind === "issued" || status.kind === "paid"
  const standing = headers.filter(isStanding)
  const period = (yield* store.periods(tenant)).find((each) => each.month === month)
  const isClosed = period?.status.kind === "closed"
  const shared = { month, zone, currency }
  const settled = { partial: false, drafts: [], unmapped: [], runningUsages: 0 }
  const netMinor = standing.reduce((sum, header) => sum + header.netMinor, 0n)
  const kept = yield* readFigures(tenant, period, netMinor)
  if (kept !== null) return { ...shared, ...settled, ...kept, status: "closed" } satisfies MonthFigures
  const collected = makeCollector(zone)
  const { usages, periodLines } = collected
  const billed = standing.length === 0 ? [] : yield* readLines(tenant, month, headers)
  for (const { line } of billed) collected.add(line, line.billedMinor, "billed")
  const nowSeconds = Math.floor((yield* Clock.currentTimeMillis) / 1_000)
  const window = monthWindow(month, zone)
  if (isClosed) yield* keepFigures(tenant, period, collected)
  if (isClosed || nowSeconds < window.startSeconds) {
    return { ...shared, ...settled, usages, periodLines, status: isClosed ? "closed" : "not-priced" } satisfies MonthFigures
  }
  const { rated, receipts } = yield* previewBill(tenant, month, { billed })
  for (const receipt of receipts) for (const line of receipt.lines) collected.add(line, line.billedMinor, "draft")
  addRounded(collected, rated.unmapped, books, "unmapped")
  addRounded(collected, rated.provisional, books, "running")
  return {
    ...shared,
    usages,
    periodLines,
    status: receipts.length > 0 ? "draft" : standing.length > 0 ? "billed" : "not-priced",
    partial: receipts.length > 0 || nowSeconds < window.endSeconds,
    drafts: receipts,
    unmapped: rated.unmapped,
    runningUsages: rated.counts.provisionalUsages,
  } satisfies MonthFigures
})

const addRounded = (collected: Collector, lines: readonly RatedLine[], books: Books, standing: FigureLine["standing"]): void => {
  const { partsMinor } = roundAndAllocate(
    lines.map(({ id, amount }) => ({ key: id, amount })),
    books.rates.currency.exponent,
    "half-up",
  )
  lines.forEach((line, index) => {
    collected.add(line, partsMinor[index] as bigint, standing)
  })
}

interface Collector {
  readonly usages: Map<string, FigureUsage>
  readonly periodLines: FigureUsage[]
  readonly add: (line: RatedLine | ReceiptLine, billedMinor: bigint, standing: FigureLine["standing"]) => void
}

export const makeCollector = (zone: string): Collector => {
  const usages = new Map<string, FigureUsage>()
  const periodLines: FigureUsage[] = []
  const days = new Map<number, string>()
  const dayOf = (atSeconds: number): string => {
    // offsets of all zones are whole quarters of an hour
    const quarter = Math.floor(atSeconds / 900)
    let day = days.get(quarter)
    if (day === undefined) {
      day = localDate(quarter * 900, zone)
      days.set(quarter, day)
    }
    return day
  }
  return {
    usages,
    periodLines,
    add: (line, billedMinor, standing) => {
      const { cluster, account, user, partition, state, qos } = line
      const figure: FigureLine = {
        day: dayOf(Math.max(line.window.startSeconds, line.window.endSeconds - 1)),
        sku: line.sku,
        unit: line.unit,
        tier: line.rate.tier,
        payerId: line.payerId,
        quantity: line.quantity,
        billedMinor,
        zeroReason: line.zeroReason,
        standing,
      }
      const known = line.usageId === null ? undefined : usages.get(line.usageId)
      if (known !== undefined) {
        known.lines.push(figure)
        return
      }
      const usage = { usageId: line.usageId ?? line.id, cluster, account, user, partition, state, qos, lines: [figure] }
      if (line.usageId === null) periodLines.push(usage)
      else usages.set(line.usageId, usage)
    },
  }
}
