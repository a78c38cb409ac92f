import type { AccountRoles } from "../chart/Chart.ts"
import type { Entry } from "../Entry.ts"
import { postedDate } from "../export/postedDate.ts"

/** Last day of age of each bucket; what is older falls into one more. */
export const defaultAgeBuckets: readonly number[] = [30, 60, 90]

export interface AgedReceivable {
  readonly payerId: string
  readonly receiptId: string
  readonly receiptNumber: string | null
  readonly currency: string
  readonly currencyExponent: number
  readonly issuedDate: string
  readonly ageDays: number
  /** Index of its bucket; the number of buckets for what is older than all. */
  readonly bucket: number
  /** Below zero when the payer stands in credit. */
  readonly openMinor: bigint
}

const daysBetween = (fromDate: string, untilDate: string): number =>
  Math.round((Date.parse(`${untilDate}T00:00:00Z`) - Date.parse(`${fromDate}T00:00:00Z`)) / 86_400_000)

/**
 * What every receipt still has open at the end of a day, by its age since issue (without one, since its first booking); in order of
 * receipt id. Sums to the receivable account.
 */
export const receivablesByAge = (
  entries: Iterable<Entry>,
  asOfDate: string,
  roles: AccountRoles,
  buckets: readonly number[] = defaultAgeBuckets,
): readonly AgedReceivable[] => {
  const open = new Map<string, { -readonly [Field in keyof AgedReceivable]: AgedReceivable[Field] }>()
  const issued = new Set<string>()
  for (const entry of entries) {
    const date = postedDate(entry)
    if (date > asOfDate) continue
    const receiptId = entry.source.receiptId ?? ""
    for (const { debitAccount, creditAccount, amountMinor, payerId } of entry.transfers) {
      const signedMinor = (debitAccount === roles.receivable ? amountMinor : 0n) - (creditAccount === roles.receivable ? amountMinor : 0n)
      if (signedMinor === 0n) continue
      const key = `${entry.currency}\n${payerId}\n${receiptId}`
      const { currency, currencyExponent } = entry
      const { receiptNumber } = entry.source
      const aged = open.get(key) ?? {
        payerId,
        receiptId,
        receiptNumber,
        currency,
        currencyExponent,
        issuedDate: date,
        ageDays: 0,
        bucket: 0,
        openMinor: 0n,
      }
      open.set(key, aged)
      aged.openMinor += signedMinor
      if (entry.source.kind === "issue") issued.add(key)
      if (entry.source.kind === "issue" || (!issued.has(key) && date < aged.issuedDate)) aged.issuedDate = date
    }
  }
  const rows = [...open.values()].filter(({ openMinor }) => openMinor !== 0n)
  for (const aged of rows) {
    aged.ageDays = daysBetween(aged.issuedDate, asOfDate)
    const bucket = buckets.findIndex((lastDay) => aged.ageDays <= lastDay)
    aged.bucket = bucket === -1 ? buckets.length : bucket
  }
  return rows.sort((left, right) => (left.receiptId < right.receiptId ? -1 : 1))
}
