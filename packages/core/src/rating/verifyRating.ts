import { canonicalJson } from "../canonicalJson.ts"
import type { Sha256 } from "../Sha256.ts"
import { firstDifference } from "./firstDifference.ts"
import type { RatedLine } from "./RatedLine.ts"
import { type RatingInput, type RatingRecord, ratePeriod, ratingEngineVersion, ratingRecord } from "./ratingRecord.ts"

export type RatingVerdict =
  | { readonly same: true; readonly lineCount: number }
  | { readonly same: false; readonly reason: RatingDifference; readonly message: string }

export type RatingDifference =
  | "newer-engine"
  | "line-missing"
  | "line-added"
  | "line-differs"
  | "cards-differ"
  | "slices-differ"
  | "record-differs"

const differs = (reason: RatingDifference, message: string): RatingVerdict => ({ same: false, reason, message })

/**
 * Computes a receipt's lines again from the usages, readings, rate book and payers, and compares them with the lines and the rating
 * record that stand on file: the same, or the first thing that differs in a sentence.
 */
export const verifyRating = (record: RatingRecord, stored: readonly RatedLine[], input: RatingInput, sha256: Sha256): RatingVerdict => {
  if (record.engineVersion > ratingEngineVersion) {
    return differs(
      "newer-engine",
      `the record was made by engine ${record.engineVersion}; this is ${ratingEngineVersion}: verify with a newer release.`,
    )
  }
  const computed = new Map(
    ratePeriod(input)
      .filter((line) => line.payerId === record.payerId && !line.provisional)
      .map((line) => [line.id, line]),
  )
  const own = stored.filter((line) => line.payerId === record.payerId && line.kind !== "correction")
  const difference = firstDifference(own, computed)
  if (difference !== null) return differs(difference.reason, difference.message)
  const again = ratingRecord(record.payerId, [...computed.values()], input, sha256)
  if (canonicalJson([...again.cards]) !== canonicalJson([...record.cards])) {
    return differs("cards-differ", "the cards of the rate book are not those that the record names: use the book of that time.")
  }
  if (again.slicesSha256 !== record.slicesSha256)
    return differs("slices-differ", "what was used differs from what the record was made from.")
  const name = (Object.keys(again) as (keyof RatingRecord)[]).find(
    (key) => key !== "engineVersion" && JSON.stringify(again[key]) !== JSON.stringify(record[key]),
  )
  if (name !== undefined)
    return differs(
      "record-differs",
      `the record says ${name} ${JSON.stringify(record[name])}, but ${JSON.stringify(again[name])} comes out.`,
    )
  return { same: true, lineCount: own.length }
}
