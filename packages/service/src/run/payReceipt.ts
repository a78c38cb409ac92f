import { payReceipt as markPaid, type Receipt } from "@hpc-billing/core"
import { Effect, Result } from "effect"
import type { Actor } from "./Actor.ts"
import { bookReceipt } from "./bookReceipt.ts"
import { refuse } from "./RunError.ts"
import { storedReceipt } from "./receiptEntries.ts"

export interface Payment {
  /** null: all that is owed beside what is withheld. */
  readonly receivedMinor: bigint | null
  readonly withheldMinor: bigint
}

/** Takes the payment of an issued receipt in full and books it on the day it is taken, in one commit. */
export const payReceipt = Effect.fn("payReceipt")(function* (tenant: string, receiptId: string, payment: Payment, actor: Actor) {
  yield* bookReceipt(tenant, receiptId, actor, ({ receipt, posted, month, date, atSeconds }) => {
    const { withheldMinor } = payment
    const receivedMinor = payment.receivedMinor ?? receipt.grossMinor - withheldMinor
    const paid = markPaid(receipt, { paidMinor: receivedMinor, withheldMinor, paidAtSeconds: atSeconds })
    if (Result.isFailure(paid)) return Result.fail(refuse("receipt-refused", paid.failure.message))
    return Result.succeed({
      answer: receiptId,
      receiptChanges: [{ receiptId, from: "issued", to: paid.success.status }],
      event: { kind: "paid", receipt, month, paymentId: "1", date, from: "bank", receivedMinor, withheldMinor, posted },
      events: [
        {
          action: "receipt.pay",
          actor: actor.name,
          requestId: actor.requestId,
          subject: receiptId,
          detail: { receivedMinor: String(receivedMinor), withheldMinor: String(withheldMinor), currency: receipt.currency.code },
        },
      ],
    })
  })
  return (yield* storedReceipt(tenant, receiptId)) satisfies Receipt
})
