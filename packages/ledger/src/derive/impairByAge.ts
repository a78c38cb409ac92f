import { type Decimal, divideHalfUp, lastDayOf } from "@hpc-billing/core"
import type { AccountRoles } from "../chart/Chart.ts"
import type { Entry, Transfer } from "../Entry.ts"
import { receivablesByAge } from "../report/receivablesByAge.ts"
import { entriesAsOf } from "../report/selectEntries.ts"
import { transfersOf } from "./receiptEntry.ts"

/** The loss expected on each age bucket, as a part of 1: `0.05` is five percent. One more rate than there are buckets. */
export interface LossRates {
  readonly buckets: readonly number[]
  readonly rates: readonly Decimal[]
}

/**
 * Brings the allowance for expected losses to what the age of the receivables asks for: Dr impairment loss / Cr allowance per
 * payer, or back when less is needed. One entry per month and currency, none when nothing changes.
 */
export const impairByAge = (
  entries: readonly Entry[],
  of: {
    readonly tenant: string
    readonly month: string
    readonly losses: LossRates
    readonly roles: AccountRoles
    /** `documentDateOf` of each receipt, by receipt id. */
    readonly documentDates: ReadonlyMap<string, string>
  },
): readonly Entry[] => {
  const { tenant, month, losses, roles, documentDates } = of
  if (losses.rates.length !== losses.buckets.length + 1)
    throw new RangeError("loss rates: one for each age bucket and one for what is older")
  const date = lastDayOf(month)
  const neededMinor = new Map<string, Map<string, bigint>>()
  const exponents = new Map<string, number>()
  const add = (currency: string, payerId: string, amountMinor: bigint): void => {
    const payers = neededMinor.get(currency) ?? new Map<string, bigint>()
    neededMinor.set(currency, payers)
    payers.set(payerId, (payers.get(payerId) ?? 0n) + amountMinor)
  }
  for (const aged of receivablesByAge(entries, { asOfDate: date, roles, documentDates, buckets: losses.buckets })) {
    exponents.set(aged.currency, aged.currencyExponent)
    const rate = losses.rates[aged.bucket] as Decimal
    if (aged.openMinor > 0n) add(aged.currency, aged.payerId, divideHalfUp(aged.openMinor * rate.units, 10n ** BigInt(rate.scale)))
  }
  for (const entry of entriesAsOf(entries, date)) {
    for (const { debitAccount, creditAccount, amountMinor, payerId } of entry.transfers) {
      const allowedMinor =
        (creditAccount === roles.receivableAllowance ? amountMinor : 0n) - (debitAccount === roles.receivableAllowance ? amountMinor : 0n)
      if (allowedMinor === 0n) continue
      exponents.set(entry.currency, entry.currencyExponent)
      add(entry.currency, payerId, -allowedMinor)
    }
  }
  return [...neededMinor].flatMap(([currency, payers]): readonly Entry[] => {
    const transfers: readonly Transfer[] = [...payers]
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .flatMap(([payerId, amountMinor]) =>
        transfersOf(
          [{ debit: roles.impairmentLoss, credit: roles.receivableAllowance, amountMinor, memo: "expected loss by age" }],
          payerId,
        ),
      )
    if (transfers.length === 0) return []
    return [
      {
        id: `${tenant}/${month}/impairment/${currency}`,
        tenant,
        effectiveDate: date,
        month,
        currency,
        currencyExponent: exponents.get(currency) as number,
        memo: `Expected losses by age of receivables, ${month}`,
        source: { kind: "impairment", receiptId: null, receiptNumber: null },
        transfers,
        reverses: null,
      },
    ]
  })
}
