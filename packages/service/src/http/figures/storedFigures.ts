import { type Decimal, formatDecimal, parseDecimal } from "@hpc-billing/core"
import type { Period } from "@hpc-billing/ledger"
import { Effect, Result } from "effect"
import { BillingStore, mediaTypeOf } from "../../store/index.ts"
import type { FigureLine, FigureUsage, MonthFigures } from "./MonthFigures.ts"

/**
 * The figures of a closed month, kept as a file once they were summed: what is closed never changes, and a file is read many
 * times faster than every line of every receipt. It is no source of anything: it is believed only while its total is that of the
 * receipts that stand, and whoever deletes it loses a second.
 */
export type ClosedFigures = Pick<MonthFigures, "usages" | "periodLines">

const subjectOf = (month: string): string => `figures/${month}`

/** Another close of the month, or another format, is another file. */
const nameOf = (closedAtSeconds: number): string => `closed-${closedAtSeconds}.1.json`

type LineRow = readonly [string, string, string, string, string, string, string, string | null, FigureLine["standing"]]
type UsageRow = readonly [string, string, string, string, string, string, string, readonly LineRow[]]

interface StoredRows {
  readonly usages: readonly UsageRow[]
  readonly periodLines: readonly UsageRow[]
}

const rowOf = ({ usageId, cluster, account, user, partition, state, qos, lines }: FigureUsage): UsageRow => [
  usageId,
  cluster,
  account,
  user,
  partition,
  state,
  qos,
  lines.map(({ day, sku, unit, tier, payerId, quantity, billedMinor, zeroReason, standing }) => [
    day,
    sku,
    unit,
    tier,
    payerId,
    formatDecimal(quantity),
    billedMinor.toString(),
    zeroReason,
    standing,
  ]),
]

const usageOf = ([usageId, cluster, account, user, partition, state, qos, lines]: UsageRow): FigureUsage => ({
  usageId,
  cluster,
  account,
  user,
  partition,
  state,
  qos,
  lines: lines.map(([day, sku, unit, tier, payerId, quantity, billedMinor, zeroReason, standing]) => ({
    day,
    sku,
    unit,
    tier,
    payerId,
    quantity: parseDecimal(quantity) as Decimal,
    billedMinor: BigInt(billedMinor),
    zeroReason,
    standing,
  })),
})

export const encodeFigures = ({ usages, periodLines }: ClosedFigures): Uint8Array =>
  new TextEncoder().encode(
    JSON.stringify({ usages: [...usages.values()].map(rowOf), periodLines: periodLines.map(rowOf) } satisfies StoredRows),
  )

export const decodeFigures = (bytes: Uint8Array): ClosedFigures => {
  const { usages, periodLines }: StoredRows = JSON.parse(new TextDecoder().decode(bytes))
  return { usages: new Map(usages.map((row) => [row[0], usageOf(row)])), periodLines: periodLines.map(usageOf) }
}

const totalOf = ({ usages, periodLines }: ClosedFigures): bigint => {
  let totalMinor = 0n
  for (const { lines } of [...usages.values(), ...periodLines]) for (const { billedMinor } of lines) totalMinor += billedMinor
  return totalMinor
}

/** Where the figures of a period are kept; null while it is open. */
export const figuresFileOf = (period: Period | undefined): { readonly subject: string; readonly name: string } | null =>
  period?.status.kind === "closed" ? { subject: subjectOf(period.month), name: nameOf(period.status.closedAtSeconds) } : null

/** Whether bytes hold the figures, in whatever order their lines were summed. */
export const sameFigures = (bytes: Uint8Array, figures: ClosedFigures): boolean => {
  const texts = ({ usages, periodLines }: ClosedFigures): string =>
    JSON.stringify(
      [[...usages.values()], periodLines].map((list) =>
        list
          .map(rowOf)
          .map(([...row]) =>
            JSON.stringify(row.map((part) => (typeof part === "string" ? part : part.map((line) => JSON.stringify(line)).sort()))),
          )
          .sort(),
      ),
    )
  const stored = Result.try(() => texts(decodeFigures(bytes)))
  return Result.isSuccess(stored) && stored.success === texts(figures)
}

/** The kept figures of a closed month; null when there are none, or they are damaged or do not sum to the net total of its receipts. */
export const readFigures = Effect.fnUntraced(function* (tenant: string, period: Period | undefined, netMinor: bigint) {
  const place = figuresFileOf(period)
  if (place === null) return null
  const store = yield* BillingStore
  const file = yield* store.file(tenant, place.subject, place.name)
  if (file === null) return null
  const figures = Result.try(() => decodeFigures(file.bytes))
  return Result.isSuccess(figures) && totalOf(figures.success) === netMinor ? figures.success : null
})

/** Keeps the figures of a closed month. Another process may have kept them first, and a store that cannot loses nothing. */
export const keepFigures = Effect.fnUntraced(function* (tenant: string, period: Period | undefined, figures: ClosedFigures) {
  const place = figuresFileOf(period)
  if (place === null) return
  const store = yield* BillingStore
  const file = { ...place, mediaType: mediaTypeOf(place.name), bytes: encodeFigures(figures) }
  yield* Effect.catch(store.attachFile(tenant, file), (error) =>
    Effect.logWarning(`the figures of ${period?.month} were not kept: ${error.message}`),
  )
})
