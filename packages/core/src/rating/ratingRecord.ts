import { canonicalJson } from "../canonicalJson.ts"
import { addDecimals, decimalZero, formatDecimal, normaliseDecimal } from "../money/Decimal.ts"
import type { Payers } from "../payer/preparePayers.ts"
import type { Sha256 } from "../Sha256.ts"
import type { Window } from "../time/Window.ts"
import type { Slice, Usage } from "../usage/Usage.ts"
import { utf8 } from "../utf8.ts"
import { lineJson, sliceJson } from "./lineJson.ts"
import { periodLines } from "./periodLines.ts"
import type { Rates } from "./prepareRates.ts"
import type { RatedLine } from "./RatedLine.ts"
import type { Reading } from "./Reading.ts"
import { rateReading, slicesOfReading } from "./rateReading.ts"
import { rateUsage, slicesOfUsage } from "./rateUsage.ts"

/** Raised when the same input may give other lines: records name the version that made them. */
export const ratingEngineVersion = 1

/**
 * What a receipt's lines were computed from and to, as hashes: canonical JSON that is stored with the receipt and signed with the
 * month. With the usages, the rate book and the payers, anyone can compute it again (`verifyRating`).
 */
export interface RatingRecord {
  readonly format: 1
  readonly engineVersion: number
  readonly formulaLang: 1
  readonly payerId: string
  readonly period: Window
  readonly zone: string
  readonly currency: string
  /** The cards that priced a line, by id and version. */
  readonly cards: readonly { readonly id: string; readonly version: number; readonly hash: string }[]
  readonly sliceCount: number
  /** Over the canonical JSON of the slices in order of usage and start, one a line. */
  readonly slicesSha256: string
  readonly lineCount: number
  /** Over the canonical JSON of the lines in order of their ids, one a line. */
  readonly linesSha256: string
  /** Exact sum of the amounts. */
  readonly total: string
}

export interface RatingInput {
  readonly rates: Rates
  readonly payers: Payers
  readonly usages: readonly Usage[]
  readonly readings: readonly Reading[]
  readonly period: Window
}

const byText = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0)

/** All lines of a period, of jobs, readings and the period itself, in order of their ids. */
export const ratePeriod = ({ rates, payers, usages, readings, period }: RatingInput): readonly RatedLine[] => {
  const context = { rates, payers, windows: [period] }
  const lines = [...usages.flatMap((usage) => rateUsage(usage, context)), ...readings.flatMap((reading) => rateReading(reading, context))]
  return [...lines, ...periodLines(lines, rates, period)].sort((left, right) => byText(left.id, right.id))
}

const slicesOf = ({ rates, payers, usages, readings, period }: RatingInput): readonly Slice[] => {
  const context = { rates, payers, windows: [period] }
  return [
    ...usages.flatMap((usage) => slicesOfUsage(usage, context)),
    ...readings.flatMap((reading) => slicesOfReading(reading, context)),
  ].sort((left, right) => byText(left.usage.id, right.usage.id) || left.startSeconds - right.startSeconds)
}

export const ratingRecord = (payerId: string, lines: readonly RatedLine[], input: RatingInput, sha256: Sha256): RatingRecord => {
  const own = lines
    .filter((line) => line.payerId === payerId && !line.provisional && line.kind !== "correction")
    .sort((left, right) => byText(left.id, right.id))
  const usageIds = new Set(own.map((line) => line.usageId))
  const slices = slicesOf(input).filter((part) => usageIds.has(part.usage.id))
  const cards = new Map(
    own
      .filter((line) => line.rate.cardId !== "")
      .map(({ rate }) => [`${rate.cardId}/${rate.cardVersion}`, { id: rate.cardId, version: rate.cardVersion, hash: rate.cardHash }]),
  )
  const hashOf = (texts: readonly string[]): string => sha256(utf8(texts.map((one) => `${one}\n`).join("")))
  return {
    format: 1,
    engineVersion: ratingEngineVersion,
    formulaLang: 1,
    payerId,
    period: { startSeconds: input.period.startSeconds, endSeconds: input.period.endSeconds },
    zone: input.rates.zone,
    currency: input.rates.currency.code,
    cards: [...cards.values()].sort((left, right) => byText(left.id, right.id) || left.version - right.version),
    sliceCount: slices.length,
    slicesSha256: hashOf(slices.map((part) => canonicalJson(sliceJson(part)))),
    lineCount: own.length,
    linesSha256: hashOf(own.map((line) => canonicalJson(lineJson(line)))),
    total: formatDecimal(normaliseDecimal(own.reduce((sum, line) => addDecimals(sum, line.amount), decimalZero))),
  }
}
