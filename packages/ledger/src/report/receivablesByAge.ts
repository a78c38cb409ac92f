import type { AccountRoles } from "../chart/Chart.ts"
import type { Entry } from "../Entry.ts"
import { postedDate } from "../export/postedDate.ts"
import { ageDays } from "./ageDays.ts"

/** Last day of age of each bucket; what is older falls into one more. */
export const defaultAgeBuckets: readonly number[] = [30, 60, 90]

export interface AgedReceivable {
  readonly payerId: string
  readonly receiptId: string
  readonly receiptNumber: string | null
  readonly currency: string
  readonly currencyExponent: number
  /** Date of the document. */
  readonly issuedDate: string
  readonly ageDays: number
  /** Index of its bucket; the number of buckets for what is older than all. */
  readonly bucket: number
  /** Below zero when the payer stands in credit. */
  readonly openMinor: bigint
}

export interface Ageing {
  /** The day at whose end the debts stand. */
  readonly asOfDate: string
  readonly roles: AccountRoles
  /** `documentDateOf` of each receipt, by receipt id. */
  readonly documentDates: ReadonlyMap<string, string>
  readonly buckets?: readonly number[]
}

/**
 * What every receipt still has open at the end of a day, by its age since the date of its document; in order of receipt id. When it was
 * booked, paid in part or credited does not change its age. What belongs to no receipt ages from its first booking. Sums to the
 * receivable account.
 */
export const receivablesByAge = (
  entries: Iterable<Entry>,
  { asOfDate, roles, documentDates, buckets = defaultAgeBuckets }: Ageing,
): readonly AgedReceivable[] => {
  const open = new Map<string, Omit<AgedReceivable, "ageDays" | "bucket">>()
  for (const entry of entries) {
    const date = postedDate(entry)
    if (date > asOfDate) continue
    const receiptId = entry.source.receiptId ?? ""
    for (const { debitAccount, creditAccount, amountMinor, payerId } of entry.transfers) {
      const signedMinor = (debitAccount === roles.receivable ? amountMinor : 0n) - (creditAccount === roles.receivable ? amountMinor : 0n)
      if (signedMinor === 0n) continue
      const { currency, currencyExponent } = entry
      const { receiptNumber } = entry.source
      const key = `${currency}\n${payerId}\n${receiptId}`
      const before = open.get(key)
      const firstDate = before === undefined || date < before.issuedDate ? date : before.issuedDate
      const issuedDate = documentDates.get(receiptId) ?? firstDate
      const openMinor = (before?.openMinor ?? 0n) + signedMinor
      open.set(key, { payerId, receiptId, receiptNumber, currency, currencyExponent, issuedDate, openMinor })
    }
  }
  return [...open.values()]
    .filter(({ openMinor }) => openMinor !== 0n)
    .map((receivable) => {
      const days = ageDays(receivable.issuedDate, asOfDate)
      const bucket = buckets.findIndex((lastDay) => days <= lastDay)
      return { ...receivable, ageDays: days, bucket: bucket === -1 ? buckets.length : bucket }
    })
    .sort((left, right) => (left.receiptId < right.receiptId ? -1 : 1))
}
