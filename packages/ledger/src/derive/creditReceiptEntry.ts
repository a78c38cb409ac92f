import { formatMinor } from "@hpc-billing/core"
import { Result } from "effect"
import type { AccountRoles } from "../chart/Chart.ts"
import type { Entry } from "../Entry.ts"
import { type LedgerError, ledgerError } from "../LedgerError.ts"
import { creditableOf } from "./creditableOf.ts"
import type { ReceiptEvent } from "./ReceiptEvent.ts"
import { receiptEntry } from "./receiptEntry.ts"
import { receiptPosition } from "./receiptPosition.ts"
import { smallerMinor } from "./smallerMinor.ts"

/**
 * A credit note: Dr revenue (net) and Dr VAT / Cr receivable. VAT that is not yet due goes first. All credit notes of a
 * receipt together never exceed it; what its payer then has paid too much is a credit on the receivable, to be refunded or set off.
 */
export const creditReceiptEntry = (
  event: Extract<ReceiptEvent, { kind: "credited" }>,
  roles: AccountRoles,
): Result.Result<readonly Entry[], LedgerError> => {
  const { receipt, netMinor, taxMinor, posted } = event
  if (receipt.status.kind === "draft" || receipt.status.kind === "void") {
    return Result.fail(
      ledgerError("wrong-status", `Receipt ${receipt.id} is ${receipt.status.kind}: a credit note needs an issued receipt.`),
    )
  }
  const { number } = receipt.status
  const { vatNotYetDueMinor, writtenOffMinor } = receiptPosition(receipt.id, posted, roles)
  if (writtenOffMinor > 0n) {
    const given = `${formatMinor(writtenOffMinor, receipt.currency)} ${receipt.currency.code}`
    return Result.fail(
      ledgerError(
        "wrong-status",
        `Receipt ${number} is written off over ${given}: a credit note can take back only what is not given up, so take the payment first if one comes.`,
      ),
    )
  }
  const { netMinor: netLeftMinor, taxMinor: taxLeftMinor } = creditableOf(receipt, posted, roles)
  if (netMinor < 0n || taxMinor < 0n || netMinor + taxMinor === 0n || netMinor > netLeftMinor || taxMinor > taxLeftMinor) {
    const [net, tax] = [formatMinor(netLeftMinor, receipt.currency), formatMinor(taxLeftMinor, receipt.currency)]
    return Result.fail(
      ledgerError(
        "wrong-amount",
        `Credit note ${event.creditNoteNumber} must be above zero and at most net ${net} and tax ${tax}, what is left of receipt ${number}.`,
      ),
    )
  }
  const notYetDueMinor = smallerMinor(taxMinor, vatNotYetDueMinor)
  return Result.succeed(
    receiptEntry(receipt, {
      suffix: `credited/${event.creditNoteNumber}`,
      kind: "credit-note",
      month: event.month,
      date: event.date,
      memo: `Credit note ${event.creditNoteNumber} for receipt ${number}`,
      movements: [
        { debit: roles.revenue, credit: roles.receivable, amountMinor: netMinor, memo: "net" },
        { debit: roles.vatNotYetDue, credit: roles.receivable, amountMinor: notYetDueMinor, memo: "tax not yet due" },
        { debit: roles.vatPayable, credit: roles.receivable, amountMinor: taxMinor - notYetDueMinor, memo: "tax" },
      ],
    }),
  )
}
