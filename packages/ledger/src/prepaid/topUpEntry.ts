import type { Currency } from "@hpc-billing/core"
import type { AccountRoles } from "../chart/Chart.ts"
import { transfersOf } from "../derive/receiptEntry.ts"
import type { Entry } from "../Entry.ts"

/** Money for later: Dr bank / Cr unearned revenue. Receipts draw on it by payments from prepaid credit. */
export const topUpEntry = (
  topUp: {
    readonly tenant: string
    readonly topUpId: string
    readonly payerId: string
    readonly month: string
    readonly date: string
    readonly currency: Currency
    readonly amountMinor: bigint
  },
  roles: AccountRoles,
): Entry => {
  if (topUp.amountMinor <= 0n) throw new RangeError(`top-up ${topUp.topUpId} is not above zero`)
  return {
    id: `${topUp.tenant}/top-up/${topUp.topUpId}`,
    tenant: topUp.tenant,
    effectiveDate: topUp.date,
    month: topUp.month,
    currency: topUp.currency.code,
    currencyExponent: topUp.currency.exponent,
    memo: `Prepayment ${topUp.topUpId}`,
    source: { kind: "payment", receiptId: null, receiptNumber: null },
    transfers: transfersOf(
      [{ debit: roles.bank, credit: roles.unearned, amountMinor: topUp.amountMinor, memo: "paid ahead" }],
      topUp.payerId,
    ),
    reverses: null,
  }
}
