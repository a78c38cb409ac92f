import { Result } from "effect"
import { formatMinor } from "../money/Currency.ts"
import type { Receipt } from "./Receipt.ts"
import { type ReceiptError, receiptError } from "./ReceiptError.ts"

/**
 * issued -> paid, in full: money received, tax withheld at source and what credit notes took back cover the gross amount, and
 * what was received and withheld is not more than it.
 */
export const payReceipt = (
  receipt: Receipt,
  payment: {
    readonly paidMinor: bigint
    readonly withheldMinor: bigint
    /** Taken back by credit notes, tax included; nothing when absent. */
    readonly creditedMinor?: bigint
    readonly paidAtSeconds: number
  },
): Result.Result<Receipt, ReceiptError> => {
  const { status } = receipt
  if (status.kind !== "issued") {
    return Result.fail(receiptError("not-issued", `Receipt ${receipt.id} is ${status.kind}: only an issued receipt can be paid.`))
  }
  const creditedMinor = payment.creditedMinor ?? 0n
  if (payment.paidMinor < 0n || payment.withheldMinor < 0n || creditedMinor < 0n) {
    return Result.fail(receiptError("negative-amount", `A payment of receipt ${status.number} cannot be negative.`))
  }
  const received = payment.paidMinor + payment.withheldMinor
  if (received > receipt.grossMinor || received + creditedMinor < receipt.grossMinor) {
    const text = (amountMinor: bigint): string => `${formatMinor(amountMinor, receipt.currency)} ${receipt.currency.code}`
    return Result.fail(
      receiptError(
        "amount-differs",
        `Receipt ${status.number} is over ${text(receipt.grossMinor)}, but ${text(payment.paidMinor)} paid and ${text(payment.withheldMinor)} withheld are ${text(received)}${creditedMinor === 0n ? "" : `, and credit notes took back ${text(creditedMinor)}`}.`,
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
