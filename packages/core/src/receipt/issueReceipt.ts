import { Result } from "effect"
import type { Receipt } from "./Receipt.ts"
import { type ReceiptError, receiptError } from "./ReceiptError.ts"

/** draft -> issued, with its number. */
export const issueReceipt = (
  receipt: Receipt,
  issue: { readonly number: string; readonly issuedAtSeconds: number },
): Result.Result<Receipt, ReceiptError> => {
  if (receipt.status.kind !== "draft") {
    return Result.fail(receiptError("not-a-draft", `Receipt ${receipt.id} is ${receipt.status.kind}: only a draft can be issued.`))
  }
  if (issue.number === "") return Result.fail(receiptError("empty-number", `Receipt ${receipt.id} needs a document number to be issued.`))
  return Result.succeed({ ...receipt, status: { kind: "issued", number: issue.number, issuedAtSeconds: issue.issuedAtSeconds } })
}
