import { formatMinor } from "@hpc-billing/core"
import { Result } from "effect"
import type { AccountRoles } from "../chart/Chart.ts"
import type { Entry } from "../Entry.ts"
import { type LedgerError, ledgerError } from "../LedgerError.ts"
import type { ReceiptEvent } from "./ReceiptEvent.ts"
import { receiptEntry } from "./receiptEntry.ts"
import { receiptPosition } from "./receiptPosition.ts"

/** Money back: Dr receivable / Cr bank, or unearned revenue for what goes back to prepaid credit; at most what the receipt stands in credit. */
export const refundReceiptEntry = (
  event: Extract<ReceiptEvent, { kind: "refunded" }>,
  roles: AccountRoles,
): Result.Result<readonly Entry[], LedgerError> => {
  const { receipt, amountMinor, prepaidMinor = 0n } = event
  const { receivableMinor } = receiptPosition(receipt.id, event.posted, roles)
  const creditMinor = receivableMinor < 0n ? -receivableMinor : 0n
  if (amountMinor <= 0n || amountMinor > creditMinor) {
    const credit = `${formatMinor(creditMinor, receipt.currency)} ${receipt.currency.code}`
    return Result.fail(
      ledgerError(
        "wrong-amount",
        `Refund ${event.refundId} must be above zero and at most ${credit}, what receipt ${receipt.id} stands in credit.`,
      ),
    )
  }
  if (prepaidMinor < 0n || prepaidMinor > amountMinor) {
    throw new RangeError(`refund ${event.refundId} of ${amountMinor} gives ${prepaidMinor} back to prepaid credit`)
  }
  return Result.succeed(
    receiptEntry(receipt, {
      suffix: `refunded/${event.refundId}`,
      kind: "refund",
      month: event.month,
      date: event.date,
      memo: `Refund ${event.refundId}`,
      movements: [
        { debit: roles.receivable, credit: roles.unearned, amountMinor: prepaidMinor, memo: "back to prepaid credit" },
        { debit: roles.receivable, credit: roles.bank, amountMinor: amountMinor - prepaidMinor, memo: "refunded" },
      ],
    }),
  )
}
