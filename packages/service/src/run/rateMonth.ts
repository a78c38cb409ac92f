import {
  type BilledLine,
  type JobRecord,
  jobKey,
  monthWindow,
  overlap,
  type Payer,
  type RatedLine,
  type Rounding,
  type Usage,
  unmappedPayerId,
  type Window,
} from "@hpc-billing/core"
import { Clock, Effect, Stream } from "effect"
import { say } from "../api/sentences.ts"
import { sha256Hex } from "../crypto/nodeCryptography.ts"
import { BillingStore } from "../store/index.ts"
import { encodeRecordBody } from "../store/sql/recordBody.ts"
import { type Books, loadBooks } from "./Books.ts"
import { correctClosedMonths } from "./correctClosedMonths.ts"
import { checkMonth } from "./monthPeriod.ts"
import { readingsOf, readingsVersionOf } from "./Readings.ts"
import { refuse } from "./RunError.ts"
import { rateWindow } from "./rateWindow.ts"
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
  /** Priced, but no payer: billed to nobody until the account is mapped. */
  readonly unmapped: readonly RatedLine[]
  /** Of jobs that still run: shown, never billed. */
  readonly provisional: readonly RatedLine[]
  readonly counts: RatedCounts
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
  readonly correctionLines: number
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
  const pendingUsages = unlined.filter((usage) => isInMonth(usage, window)).length
  const fresh = yield* subtractBilled(tenant, month, lines, billed)
  const corrections = yield* correctClosedMonths(tenant, month, { ingestSequence, readingsVersion })
  return {
    month,
    window,
    atSeconds,
    books,
    rounding: roundingOf(books),
    ingestSequence,
    readingsVersion,
    payers: byPayer(books, [...fresh, ...corrections]),
    unmapped: lines.filter(({ payerId, provisional }) => payerId === unmappedPayerId && !provisional),
    provisional: lines.filter(({ provisional }) => provisional),
    counts: { records: records.length, ...countUsages(lines), pendingUsages, lines: lines.length, correctionLines: corrections.length },
    recordsSha256: hashRecords(records),
  } satisfies RatedMonth
})

const isInMonth = (usage: Usage, window: Window): boolean =>
  usage.startSeconds === usage.endSeconds
    ? window.startSeconds <= usage.startSeconds && usage.startSeconds <= window.endSeconds
    : overlap(usage, window) !== null

/**
 * The records whose time lies in the window, in order of their keys. A resized job's later segment carries its first start, so
 * the segments before it are read along: only with them can it be clipped.
 */
export const recordsOfMonth = Effect.fnUntraced(function* (tenant: string, window: Window, asOfSequence: bigint) {
  const store = yield* BillingStore
  const found = new Map<string, JobRecord>()
  yield* Stream.runForEach(store.records(tenant, { window, asOfSequence }), (record) =>
    Effect.sync(() => {
      found.set(jobKey(record), record)
    }),
  )
  for (const record of [...found.values()]) {
    if (record.startSeconds === null || record.startSeconds >= record.submitSeconds) continue
    for (const version of yield* store.recordVersions(tenant, { cluster: record.cluster, jobId: record.jobId })) {
      const current =
        version.ingestSequence !== null &&
        version.ingestSequence <= asOfSequence &&
        (version.replacedBy === null || version.replacedBy > asOfSequence)
      if (current) found.set(jobKey(version.record), version.record)
    }
  }
  return [...found].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, record]) => record)
})

export const hashRecords = (records: readonly JobRecord[]): string =>
  sha256Hex(new TextEncoder().encode(records.map((record) => `${encodeRecordBody(record)}\n`).join("")))

const roundingOf = ({ rateBook }: Books): RatedMonth["rounding"] => {
  const rounding = rateBook.cards[0]?.rounding
  return { scope: rounding?.per ?? "receipt", mode: rounding?.mode ?? "half-up" }
}

const byPayer = (books: Books, lines: readonly RatedLine[]): RatedMonth["payers"] => {
  const grouped = new Map<string, RatedLine[]>()
  for (const line of lines) {
    if (line.payerId === unmappedPayerId || line.provisional) continue
    const group = grouped.get(line.payerId)
    if (group === undefined) grouped.set(line.payerId, [line])
    else group.push(line)
  }
  return [...grouped]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([payerId, own]) => ({ payer: books.payers.byId.get(payerId) as Payer, lines: own }))
}

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
