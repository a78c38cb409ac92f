import {
  checkRateBook,
  monthWindow,
  preparePayers,
  prepareRates,
  type RatedLine,
  type Rates,
  type Receipt,
  receiptFromJson,
  unmappedPayerId,
} from "@hpc-billing/core"
import { type ExportFile, type ExportFinding, exportPaths, readCanonicalJournal } from "@hpc-billing/ledger"
import { Result } from "effect"
import { sha256Hex } from "../crypto/nodeCryptography.ts"
import type { PayerBook } from "../site/PayerBook.ts"
import type { Site } from "../site/Site.ts"
import { decodeRecordBody } from "../store/sql/recordBody.ts"
import { ratingPaths } from "./exportMonth.ts"
import { decodeMonthRating, type MonthRating } from "./MonthRating.ts"
import { decodeReadings } from "./Readings.ts"
import { rateWindow } from "./rateWindow.ts"

/** An export's month as its files price it again, and the receipts that it must agree with. */
export interface ReratedExport {
  readonly rating: MonthRating
  readonly rates: Rates
  /** All of the month that a payer is billed for. */
  readonly lines: readonly RatedLine[]
  /** Those that the journal does not void, in order of their files. */
  readonly receipts: readonly ExportedReceipt[]
}

export interface ExportedReceipt {
  readonly file: string
  readonly receipt: Receipt
}

/** Prices a month again from an export's files alone; the failure says what is missing or cannot be read. */
export const rerateExport = (files: readonly ExportFile[]): Result.Result<ReratedExport, readonly ExportFinding[]> => {
  const byPath = new Map(files.map(({ path, bytes }) => [path, bytes]))
  const missing = Object.values(ratingPaths).filter((path) => !byPath.has(path))
  if (missing.length > 0) {
    return Result.fail(missing.map((file) => ({ file, finding: "is missing: the prices cannot be computed again without it" })))
  }
  const text = (path: string): string => new TextDecoder().decode(byPath.get(path))
  const rating = decodeMonthRating(byPath.get(ratingPaths.monthRating) as Uint8Array)
  if (sha256Hex(byPath.get(ratingPaths.records) as Uint8Array) !== rating.recordsSha256) {
    return Result.fail([{ file: ratingPaths.records, finding: "does not hold the records that the month was priced from" }])
  }
  const site = JSON.parse(text(ratingPaths.site)) as Site
  const payerBook = JSON.parse(text(ratingPaths.payerBook)) as PayerBook
  const rateBook = checkRateBook(JSON.parse(text(ratingPaths.rateBook)))
  const payers = preparePayers(payerBook.payers, payerBook.mappings, site.zone)
  if (Result.isFailure(rateBook))
    return Result.fail(rateBook.failure.map(({ message }) => ({ file: ratingPaths.rateBook, finding: message })))
  if (Result.isFailure(payers)) return Result.fail(payers.failure.map(({ message }) => ({ file: ratingPaths.payerBook, finding: message })))
  const window = monthWindow(rating.month, site.zone)
  const rates = prepareRates(rateBook.success, sha256Hex)
  const records = text(ratingPaths.records).split("\n").slice(0, -1).map(decodeRecordBody)
  const readings = decodeReadings(byPath.get(ratingPaths.readings) as Uint8Array)
  const { lines } = rateWindow(records, readings, { rates, payers: payers.success }, window, window.endSeconds)
  return Result.succeed({
    rating,
    rates,
    lines: lines.filter(({ provisional, payerId }) => !provisional && payerId !== unmappedPayerId),
    receipts: receiptsIn(files),
  })
}

const receiptsIn = (files: readonly ExportFile[]): readonly ExportedReceipt[] => {
  const voided = voidedIn(files)
  return files.flatMap(({ path, bytes }) => {
    if (!/^receipts\/[^/]+\.json$/.test(path)) return []
    const receipt = receiptFromJson(JSON.parse(new TextDecoder().decode(bytes)))
    return Result.isFailure(receipt) || voided.has(receipt.success.id) ? [] : [{ file: path, receipt: receipt.success }]
  })
}

const voidedIn = (files: readonly ExportFile[]): ReadonlySet<string | null> => {
  const journal = files.find(({ path }) => path === exportPaths.journal)
  const entries = journal === undefined ? [] : readCanonicalJournal(new TextDecoder().decode(journal.bytes))
  return new Set("badLine" in entries ? [] : entries.filter(({ source }) => source.kind === "void").map(({ source }) => source.receiptId))
}
