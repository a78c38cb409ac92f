import {
  addDecimals,
  checkRateBook,
  compareDecimals,
  type Decimal,
  decimalZero,
  formatDecimal,
  monthWindow,
  normaliseDecimal,
  preparePayers,
  prepareRates,
  type RatedLine,
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
import { decodeMonthRating } from "./MonthRating.ts"
import { decodeReadings } from "./Readings.ts"
import { rateWindow } from "./rateWindow.ts"

/**
 * Prices a month again from an export's files alone and compares with what its receipts charge: the same usage, price and payer
 * must give the same quantity. Corrections of earlier months are left out, their own months hold what they come from.
 */
export const recomputeMonth = (files: readonly ExportFile[]): readonly ExportFinding[] => {
  const byPath = new Map(files.map(({ path, bytes }) => [path, bytes]))
  const missing = Object.values(ratingPaths).filter((path) => !byPath.has(path))
  if (missing.length > 0) return missing.map((file) => ({ file, finding: "is missing: the prices cannot be computed again without it" }))
  const text = (path: string): string => new TextDecoder().decode(byPath.get(path))
  const rating = decodeMonthRating(byPath.get(ratingPaths.monthRating) as Uint8Array)
  if (sha256Hex(byPath.get(ratingPaths.records) as Uint8Array) !== rating.recordsSha256) {
    return [{ file: ratingPaths.records, finding: "does not hold the records that the month was priced from" }]
  }
  const site = JSON.parse(text(ratingPaths.site)) as Site
  const payerBook = JSON.parse(text(ratingPaths.payerBook)) as PayerBook
  const rateBook = checkRateBook(JSON.parse(text(ratingPaths.rateBook)))
  const payers = preparePayers(payerBook.payers, payerBook.mappings, site.zone)
  if (Result.isFailure(rateBook)) return rateBook.failure.map(({ message }) => ({ file: ratingPaths.rateBook, finding: message }))
  if (Result.isFailure(payers)) return payers.failure.map(({ message }) => ({ file: ratingPaths.payerBook, finding: message }))
  const window = monthWindow(rating.month, site.zone)
  const books = { rates: prepareRates(rateBook.success, sha256Hex), payers: payers.success }
  const records = text(ratingPaths.records).split("\n").slice(0, -1).map(decodeRecordBody)
  const readings = decodeReadings(byPath.get(ratingPaths.readings) as Uint8Array)
  const computed = new Map<string, Decimal>()
  for (const line of rateWindow(records, readings, books, window, window.endSeconds).lines) {
    if (!line.provisional && line.payerId !== unmappedPayerId) add(computed, line)
  }
  return compare(computed, chargedIn(files, rating.month))
}

const keyOf = (line: RatedLine): string =>
  [
    line.usageId ?? `period:${line.cluster}/${line.account}/${line.user}`,
    line.sku,
    line.payerId,
    formatDecimal(normaliseDecimal(line.unitPrice)),
  ].join(" ")

const add = (sums: Map<string, Decimal>, line: RatedLine): void => {
  sums.set(keyOf(line), addDecimals(sums.get(keyOf(line)) ?? decimalZero, line.quantity))
}

interface Charged {
  readonly sums: ReadonlyMap<string, Decimal>
  readonly fileOf: ReadonlyMap<string, string>
}

/** Receipts that the journal voids: their lines charge nothing any more. */
const voidedIn = (files: readonly ExportFile[]): ReadonlySet<string | null> => {
  const journal = files.find(({ path }) => path === exportPaths.journal)
  const entries = journal === undefined ? [] : readCanonicalJournal(new TextDecoder().decode(journal.bytes))
  return new Set("badLine" in entries ? [] : entries.filter(({ source }) => source.kind === "void").map(({ source }) => source.receiptId))
}

const chargedIn = (files: readonly ExportFile[], month: string): Charged => {
  const voided = voidedIn(files)
  const sums = new Map<string, Decimal>()
  const fileOf = new Map<string, string>()
  for (const { path, bytes } of files) {
    if (!/^receipts\/[^/]+\.json$/.test(path)) continue
    const receipt = receiptFromJson(JSON.parse(new TextDecoder().decode(bytes)))
    if (Result.isFailure(receipt) || voided.has(receipt.success.id)) continue
    for (const line of receipt.success.lines) {
      if (line.corrects !== null && line.corrects.month !== month) continue
      add(sums, line)
      fileOf.set(keyOf(line), path)
    }
  }
  return { sums, fileOf }
}

const compare = (computed: ReadonlyMap<string, Decimal>, charged: Charged): readonly ExportFinding[] => {
  const findings: ExportFinding[] = []
  for (const key of new Set([...computed.keys(), ...charged.sums.keys()])) {
    const [expected, found] = [computed.get(key) ?? decimalZero, charged.sums.get(key) ?? decimalZero]
    if (compareDecimals(expected, found) === 0) continue
    const [usage, sku, payer, price] = key.split(" ")
    findings.push({
      file: charged.fileOf.get(key) ?? ratingPaths.records,
      finding: `usage ${usage} (${sku} at ${price}, payer ${payer}): computed again ${formatDecimal(expected)}, charged ${formatDecimal(found)}`,
    })
  }
  return findings
}
