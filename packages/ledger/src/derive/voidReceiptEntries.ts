import { Result } from "effect"
import type { Entry } from "../Entry.ts"
import { type LedgerError, ledgerError } from "../LedgerError.ts"
import type { ReceiptEvent } from "./ReceiptEvent.ts"
import { reverseEntry } from "./reverseEntry.ts"

/** Undoes the issue and the accrual: only before payment and in the receipt's own open month; later a credit note does it. */
export const voidReceiptEntries = (event: Extract<ReceiptEvent, { kind: "voided" }>): Result.Result<readonly Entry[], LedgerError> => {
  const { receipt } = event
  if (receipt.status.kind !== "issued" && receipt.status.kind !== "void") {
    return Result.fail(
      ledgerError("wrong-status", `Receipt ${receipt.id} is ${receipt.status.kind}: only an issued, unpaid receipt can be voided.`),
    )
  }
  const { number } = receipt.status
  const own = event.posted.filter((entry) => entry.source.receiptId === receipt.id)
  if (own.some(({ source }) => source.kind === "impairment")) {
    return Result.fail(
      ledgerError("wrong-status", `Receipt ${number} is written off and cannot be voided: take the payment first if one comes.`),
    )
  }
  if (own.some(({ source }) => source.kind !== "accrual" && source.kind !== "issue")) {
    return Result.fail(
      ledgerError("already-paid", `Receipt ${number} has payments or other bookings: write a credit note instead of voiding it.`),
    )
  }
  const elsewhere = own.find((entry) => entry.month !== event.month)
  if (elsewhere !== undefined) {
    return Result.fail(
      ledgerError("wrong-period", `Receipt ${number} is booked in ${elsewhere.month}: in ${event.month} only a credit note can undo it.`),
    )
  }
  return Result.succeed(
    own.map((entry) => reverseEntry(entry, { month: event.month, date: event.date, reason: event.reason, kind: "void" })),
  )
}
