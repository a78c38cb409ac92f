import { divideHalfUp, formatMinor } from "@hpc-billing/core"
import { Result } from "effect"
import type { AccountRoles } from "../chart/Chart.ts"
import type { Entry } from "../Entry.ts"
import { type LedgerError, ledgerError } from "../LedgerError.ts"
import type { ReceiptEvent } from "./ReceiptEvent.ts"
import { receiptEntry } from "./receiptEntry.ts"
import { receiptPosition } from "./receiptPosition.ts"
import { smallerMinor } from "./smallerMinor.ts"

/**
 * Money in: Dr bank (or unearned revenue, when prepaid credit is drawn) and Dr withholding tax / Cr receivable; what is paid
 * beyond the debt becomes unearned revenue. VAT not yet due falls due in proportion, exactly when all is settled. What was written
 * off comes back first, as far as the payment reaches into it, by an entry that undoes that part of the write-off.
 */
export const payReceiptEntry = (
  event: Extract<ReceiptEvent, { kind: "paid" }>,
  roles: AccountRoles,
): Result.Result<readonly Entry[], LedgerError> => {
  const { receipt, receivedMinor, withheldMinor, from, paymentId } = event
  if (receipt.status.kind === "draft" || receipt.status.kind === "void") {
    return Result.fail(ledgerError("wrong-status", `Receipt ${receipt.id} is ${receipt.status.kind}: only an issued receipt can be paid.`))
  }
  const { number } = receipt.status
  if (receivedMinor < 0n || withheldMinor < 0n || receivedMinor + withheldMinor === 0n) {
    return Result.fail(ledgerError("wrong-amount", `Payment ${paymentId} of receipt ${number} must be an amount above zero.`))
  }
  const before = receiptPosition(receipt.id, event.posted, roles)
  const openMinor = before.receivableMinor > 0n ? before.receivableMinor : 0n
  const beyondMinor = receivedMinor + withheldMinor - openMinor
  const recoveredMinor = beyondMinor > 0n ? smallerMinor(beyondMinor, before.writtenOffMinor) : 0n
  const recoveredVatMinor = recoveredMinor === 0n ? 0n : divideHalfUp(before.writtenOffVatMinor * recoveredMinor, before.writtenOffMinor)
  const owedMinor = openMinor + recoveredMinor
  const limitMinor = from === "prepaid" ? owedMinor - withheldMinor : receivedMinor
  if (withheldMinor > owedMinor || receivedMinor > limitMinor) {
    const owed = `${formatMinor(owedMinor, receipt.currency)} ${receipt.currency.code}`
    return Result.fail(
      ledgerError(
        "wrong-amount",
        `Receipt ${number} is open over ${owed}: no more than that can be withheld or drawn from prepaid credit.`,
      ),
    )
  }
  const settledMinor = smallerMinor(receivedMinor, owedMinor - withheldMinor)
  const source = from === "bank" ? roles.bank : roles.unearned
  const vatMinor = before.vatNotYetDueMinor + recoveredVatMinor
  const dueMinor = owedMinor === 0n ? 0n : divideHalfUp(vatMinor * (settledMinor + withheldMinor), owedMinor)
  const { month, date } = event
  return Result.succeed([
    ...receiptEntry(receipt, {
      suffix: `recovered/${paymentId}`,
      kind: "impairment",
      month,
      date,
      memo: `Recovery by payment ${paymentId} of receipt ${number}, which was written off`,
      movements: [
        { debit: roles.receivable, credit: roles.vatNotYetDue, amountMinor: recoveredVatMinor, memo: "tax that may fall due again" },
        { debit: roles.receivable, credit: roles.receivableAllowance, amountMinor: recoveredMinor - recoveredVatMinor, memo: "recovered" },
      ],
    }),
    ...receiptEntry(receipt, {
      suffix: `paid/${paymentId}`,
      kind: "payment",
      month,
      date,
      memo: `Payment ${paymentId} of receipt ${number}`,
      movements: [
        {
          debit: source,
          credit: roles.receivable,
          amountMinor: settledMinor,
          memo: from === "bank" ? "received" : "drawn from prepaid credit",
        },
        { debit: roles.withholdingTax, credit: roles.receivable, amountMinor: withheldMinor, memo: "withheld at source" },
        { debit: roles.bank, credit: roles.unearned, amountMinor: receivedMinor - settledMinor, memo: "paid beyond the debt" },
        { debit: roles.vatNotYetDue, credit: roles.vatPayable, amountMinor: dueMinor, memo: "tax falls due" },
      ],
    }),
  ])
}
