import { Result } from "effect"
import type { AccountRoles } from "../chart/Chart.ts"
import type { Entry } from "../Entry.ts"
import { type LedgerError, ledgerError } from "../LedgerError.ts"
import type { ReceiptEvent } from "./ReceiptEvent.ts"
import { receiptEntry } from "./receiptEntry.ts"
import { receiptPosition } from "./receiptPosition.ts"
import { smallerMinor } from "./smallerMinor.ts"

/** A debt given up: Dr VAT not yet due and Dr allowance / Cr receivable; the next ageing tops the allowance up at the cost of the year. */
export const writeOffReceiptEntry = (
  event: Extract<ReceiptEvent, { kind: "written-off" }>,
  roles: AccountRoles,
): Result.Result<readonly Entry[], LedgerError> => {
  const { receipt } = event
  if (event.reason.trim() === "") {
    return Result.fail(ledgerError("reason-missing", `Say why the debt of receipt ${receipt.id} is written off.`))
  }
  const { receivableMinor, vatNotYetDueMinor } = receiptPosition(receipt.id, event.posted, roles)
  if (receivableMinor <= 0n) {
    return Result.fail(ledgerError("wrong-amount", `Receipt ${receipt.id} has no open debt to write off.`))
  }
  const vatMinor = smallerMinor(vatNotYetDueMinor, receivableMinor)
  return Result.succeed(
    receiptEntry(receipt, {
      suffix: "written-off",
      kind: "impairment",
      month: event.month,
      date: event.date,
      memo: `Written off: ${event.reason.trim()}`,
      movements: [
        { debit: roles.vatNotYetDue, credit: roles.receivable, amountMinor: vatMinor, memo: "tax that will not fall due" },
        { debit: roles.receivableAllowance, credit: roles.receivable, amountMinor: receivableMinor - vatMinor, memo: "written off" },
      ],
    }),
  )
}
