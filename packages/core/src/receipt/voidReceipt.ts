import { Result } from "effect"
import type { Receipt } from "./Receipt.ts"
import { type ReceiptError, receiptError } from "./ReceiptError.ts"

/** issued -> void, before payment, with a reason. Whether its period is still open is the ledger's rule. */
export const voidReceipt = (
  receipt: Receipt,
  act: { readonly reason: string; readonly voidedAtSeconds: number },
): Result.Result<Receipt, ReceiptError> => {
  const { status } = receipt
  if (status.kind !== "issued") {
    return Result.fail(receiptError("not-issued", `Receipt ${receipt.id} is ${status.kind}: only an issued, unpaid receipt can be voided.`))
  }
  const reason = act.reason.trim()
  if (reason === "") return Result.fail(receiptError("reason-missing", `Say why receipt ${status.number} is voided.`))
  return Result.succeed({
    ...receipt,
    status: { kind: "void", number: status.number, issuedAtSeconds: status.issuedAtSeconds, voidedAtSeconds: act.voidedAtSeconds, reason },
  })
}
