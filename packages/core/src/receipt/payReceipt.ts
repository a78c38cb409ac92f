import { Result } from "effect"
import { formatMinor } from "../money/Currency.ts"
import type { Receipt } from "./Receipt.ts"
import { type ReceiptError, receiptError } from "./ReceiptError.ts"

/** issued -> paid, in full: money received plus tax withheld at source is the gross amount. */
export const payReceipt = (
  receipt: Receipt,
  payment: { readonly paidMinor: bigint; readonly withheldMinor: bigint; readonly paidAtSeconds: number },
): Result.Result<Receipt, ReceiptError> => {
  const { status } = receipt
  if (status.kind !== "issued") {
    return Result.fail(receiptError("not-issued", `Receipt ${receipt.id} is ${status.kind}: only an issued receipt can be paid.`))
  }
  if (payment.paidMinor < 0n || payment.withheldMinor < 0n) {
    return Result.fail(receiptError("negative-amount", `A payment of receipt ${status.number} cannot be negative.`))
  }
  const received = payment.paidMinor + payment.withheldMinor
  if (received !== receipt.grossMinor) {
    const text = (amountMinor: bigint): string => `${formatMinor(amountMinor, receipt.currency)} ${receipt.currency.code}`
    return Result.fail(
      receiptError(
        "amount-differs",
        `Receipt ${status.number} is over ${text(receipt.grossMinor)}, but ${text(payment.paidMinor)} paid and ${text(payment.withheldMinor)} withheld are ${text(received)}.`,
      ),
    )
  }
  return Result.succeed({
    ...receipt,
    status: {
      kind: "paid",
      number: status.number,
      issuedAtSeconds: status.issuedAtSeconds,
      paidAtSeconds: payment.paidAtSeconds,
      paidMinor: payment.paidMinor,
      withheldMinor: payment.withheldMinor,
    },
  })
}
