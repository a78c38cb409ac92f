import { canonicalJson } from "@hpc-billing/core"
import { sha256Hex } from "../crypto/nodeCryptography.ts"
import type { RatedMonth } from "./rateMonth.ts"

/**
 * What a month was priced from, stored with its receipts: the records as they stood, the versions of the books. With it the
 * month can be priced again to the same bytes; what was ingested later is what corrections are made of.
 */
export interface MonthRating {
  readonly month: string
  /** Versions of job records up to here were seen. */
  readonly ingestSequence: bigint
  /** Version of the readings that were seen; 0 when there were none. */
  readonly readingsVersion: number
  readonly rateBookVersion: number
  readonly payerBookVersion: number
  readonly recordCount: number
  /** Hex, over the records of the month in order of their keys, one line each. */
  readonly recordsSha256: string
  /** Receipts that were issued with it. */
  readonly receiptIds: readonly string[]
}

export const monthRatingKind = (month: string): string => `month-rating/${month}`

export const encodeMonthRating = (
  rated: RatedMonth,
  receipts: readonly { readonly receipt: { readonly id: string }; readonly issuedBytes: Uint8Array }[],
): Uint8Array =>
  new TextEncoder().encode(
    canonicalJson({
      format: "hpc-billing/month-rating/1",
      month: rated.month,
      ingestSequence: String(rated.ingestSequence),
      readingsVersion: rated.readingsVersion,
      rateBookVersion: rated.books.rateBookVersion,
      payerBookVersion: rated.books.payerBookVersion,
      recordCount: rated.counts.records,
      recordsSha256: rated.recordsSha256,
      receipts: receipts.map(({ receipt, issuedBytes }) => ({ id: receipt.id, sha256: sha256Hex(issuedBytes) })),
    }),
  )

export const decodeMonthRating = (bytes: Uint8Array): MonthRating => {
  const { month, ingestSequence, readingsVersion, rateBookVersion, payerBookVersion, recordCount, recordsSha256, receipts } = JSON.parse(
    new TextDecoder().decode(bytes),
  )
  return {
    month,
    ingestSequence: BigInt(ingestSequence),
    readingsVersion,
    rateBookVersion,
    payerBookVersion,
    recordCount,
    recordsSha256,
    receiptIds: receipts.map(({ id }: { readonly id: string }) => id),
  }
}
