import {
  type BilledLine,
  type JobRecord,
  monthWindow,
  type Payer,
  type RatedLine,
  type Rounding,
  unmappedPayerId,
  type Window,
} from "@hpc-billing/core"
import { Clock, Effect } from "effect"
import { say } from "../api/sentences.ts"
import { sha256Hex } from "../crypto/nodeCryptography.ts"
import { BillingStore } from "../store/index.ts"
import { encodeRecordBody } from "../store/sql/recordBody.ts"
import { type Books, loadBooks } from "./Books.ts"
import { standingLinesOf } from "./billedLines.ts"
import { correctClosedMonths } from "./correctClosedMonths.ts"
import { isInMonth } from "./fate/isInMonth.ts"
import type { MonthCharges } from "./fate/MonthCharges.ts"
import { unreadUsages } from "./fate/unreadUsages.ts"
import { checkMonth } from "./monthPeriod.ts"
import { payersOfLines } from "./payersOfLines.ts"
import { readingsOf, readingsVersionOf } from "./Readings.ts"
import { refuse } from "./RunError.ts"
import { rateWindow } from "./rateWindow.ts"
import { isWithoutPayer } from "./rateWithLaterPayers.ts"
import { recordsOfMonth } from "./recordsOfMonth.ts"
import { subtractBilled } from "./subtractBilled.ts"

/** A month priced from what is stored now: what is left to bill to each payer, and what is not billed with the reason. */
export interface RatedMonth {
  readonly month: string
  readonly window: Window
  /** The instant of rating; running jobs are priced up to it. */
  readonly atSeconds: number
  readonly books: Books
  readonly rounding: { readonly scope: "receipt" | "line"; readonly mode: Rounding }
  /** Versions of job records up to here were seen. */
  readonly ingestSequence: bigint
  /** Version of the readings that were seen; 0 when there are none. */
  readonly readingsVersion: number
  /** Lines not billed yet, corrections of closed months among them; payers without any are left out. By payer id. */
  readonly payers: readonly { readonly payer: Payer; readonly lines: readonly RatedLine[] }[]
  /** Priced, but no payer, late usages of closed months among them: billed to nobody until the account is mapped. */
  readonly unmapped: readonly RatedLine[]
  /** Of jobs that still run: shown, never billed. */
  readonly provisional: readonly RatedLine[]
  readonly counts: RatedCounts
  /** Of the month itself, and of each closed month that late usages change. */
  readonly charges: readonly MonthCharges[]
  /** Hex, over the month's records in order of their keys. */
  readonly recordsSha256: string
}

/** Every usage of the month is one of charged, zero, unmapped or provisional; pending jobs have no time in it yet. */
export interface RatedCounts {
  readonly records: number
  readonly chargedUsages: number
  readonly zeroUsages: number
  readonly unmappedUsages: number
  readonly provisionalUsages: number
  readonly pendingUsages: number
  readonly lines: number
  /** Of closed months, those without a payer among them. */
  readonly correctionLines: number
  /** Late usages of closed months that no payer is billed for. */
  readonly lateUnmappedUsages: number
}

export const rateMonth = Effect.fn("rateMonth")(function* (
  tenant: string,
  month: string,
  /** The month's lines on receipts that stand, where they are read already. */
  billed?: readonly BilledLine[],
) {
  yield* checkMonth(month)
  const store = yield* BillingStore
  const books = yield* loadBooks(tenant)
  const period = (yield* store.periods(tenant)).find((candidate) => candidate.month === month)
  if (period?.status.kind === "closed") {
    return yield* refuse("month-closed", say("month-closed", { month }))
  }
  const window = monthWindow(month, books.site.zone)
  const atSeconds = Math.floor((yield* Clock.currentTimeMillis) / 1_000)
  const ingestSequence = yield* store.ingestHead(tenant)
  const records = yield* recordsOfMonth(tenant, window, ingestSequence)
  const readingsVersion = yield* readingsVersionOf(tenant)
  const readings = yield* readingsOf(tenant, readingsVersion)
  const { lines, unlined } = rateWindow(records, readings, books, window, Math.min(atSeconds, window.endSeconds))
  const pending = unlined.filter((usage) => isInMonth(usage, window))
  const standing = yield* standingLinesOf(tenant, month, { own: billed })
  const unread = yield* unreadUsages(tenant, standing, records, readings)
  const corrections = yield* correctClosedMonths(tenant, month, { ingestSequence, readingsVersion })
  const lateUnmapped = corrections.charges.flatMap(linesWithoutPayer)
  const left = [...subtractBilled(month, lines, standing), ...corrections.lines].filter(isBillable)
  return {
    month,
    window,
    atSeconds,
    books,
    rounding: roundingOf(books),
    ingestSequence,
    readingsVersion,
    payers: byPayer(yield* payersOfLines(tenant, books, left), left),
    unmapped: [...lines.filter(isWithoutPayer), ...lateUnmapped],
    provisional: lines.filter(({ provisional }) => provisional),
    counts: {
      records: records.length,
      ...countUsages(lines),
      pendingUsages: pending.length,
      lines: lines.length,
      correctionLines: corrections.lines.length,
      lateUnmappedUsages: new Set(lateUnmapped.map(({ usageId }) => usageId)).size,
    },
    charges: [{ month, rated: lines, standing, pending: pending.filter(({ provisional }) => provisional), unread }, ...corrections.charges],
    recordsSha256: hashRecords(records),
  } satisfies RatedMonth
})

export const hashRecords = (records: readonly JobRecord[]): string =>
  sha256Hex(new TextEncoder().encode(records.map((record) => `${encodeRecordBody(record)}\n`).join("")))

const roundingOf = ({ rateBook }: Books): RatedMonth["rounding"] => {
  const rounding = rateBook.cards[0]?.rounding
  return { scope: rounding?.per ?? "receipt", mode: rounding?.mode ?? "half-up" }
}

/** What is rated without a payer, and not only what is left of it: also a part that costs nothing must be mapped. */
const linesWithoutPayer = ({ month, rated }: MonthCharges): readonly RatedLine[] =>
  rated.filter(isWithoutPayer).map((line) => ({ ...line, corrects: { month, lineId: null, receiptNumber: null } }))

const isBillable = ({ payerId, provisional }: RatedLine): boolean => payerId !== unmappedPayerId && !provisional

const byPayer = (payers: ReadonlyMap<string, Payer>, lines: readonly RatedLine[]): RatedMonth["payers"] =>
  [...Map.groupBy(lines, ({ payerId }) => payerId)]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([payerId, own]) => ({ payer: payers.get(payerId) as Payer, lines: own }))

const countUsages = (
  lines: readonly RatedLine[],
): Pick<RatedCounts, "chargedUsages" | "zeroUsages" | "unmappedUsages" | "provisionalUsages"> => {
  const kinds = new Map<string, "provisional" | "unmapped" | "charged" | "zero">()
  for (const line of lines) {
    if (line.usageId === null) continue
    const kind = line.provisional
      ? "provisional"
      : line.payerId === unmappedPayerId
        ? "unmapped"
        : line.zeroReason === null
          ? "charged"
          : "zero"
    if (kinds.get(line.usageId) !== "charged") kinds.set(line.usageId, kind)
  }
  const count = (wanted: string): number => [...kinds.values()].filter((kind) => kind === wanted).length
  return {
    chargedUsages: count("charged"),
    zeroUsages: count("zero"),
    unmappedUsages: count("unmapped"),
    provisionalUsages: count("provisional"),
  }
}
