import { formatMinor, payReceipt as markPaid, type Receipt } from "@hpc-billing/core"
import { receiptPosition } from "@hpc-billing/ledger"
import { Effect, Result } from "effect"
import { say } from "../api/sentences.ts"
import type { ActOptions } from "../commit/decide.ts"
import { policyOf } from "../site/policyOf.ts"
import type { Actor } from "./Actor.ts"
import { bookReceipt } from "./bookReceipt.ts"
import { refuse } from "./RunError.ts"

export interface Payment {
  /** null: all that is open beside what is withheld. */
  readonly receivedMinor: bigint | null
  readonly withheldMinor: bigint
}

/**
 * Takes a payment of an issued receipt, of all that is open or of a part, and books it on the day it is taken, in one commit. The
 * receipt is paid once nothing is open; what was written off is open to a late payment too.
 */
export const payReceipt = Effect.fn("payReceipt")(function* (
  tenant: string,
  receiptId: string,
  payment: Payment,
  actor: Actor,
  options: ActOptions = { dryRun: false },
) {
  const { receipt } = yield* bookReceipt(
    tenant,
    receiptId,
    actor,
    ({ site, receipt, posted, month, date, atSeconds }) => {
      const { number } = receipt.status.kind === "draft" ? { number: receipt.id } : receipt.status
      if (receipt.status.kind !== "issued") {
        return Result.fail(refuse("receipt-refused", say("pay-not-issued", { number, status: receipt.status.kind })))
      }
      const before = receiptPosition(receipt.id, posted, policyOf(site).roles)
      const openMinor = before.receivableMinor + before.writtenOffMinor
      const text = (amountMinor: bigint): string => `${formatMinor(amountMinor, receipt.currency)} ${receipt.currency.code}`
      if (openMinor <= 0n) {
        return Result.fail(refuse("receipt-refused", say("pay-nothing-open", { number })))
      }
      const { withheldMinor } = payment
      const receivedMinor = payment.receivedMinor ?? openMinor - withheldMinor
      if (receivedMinor + withheldMinor > openMinor) {
        return Result.fail(
          refuse(
            "receipt-refused",
            say("pay-too-much", {
              number,
              open: text(openMinor),
              received: text(receivedMinor),
              withheld: text(withheldMinor),
              sum: text(receivedMinor + withheldMinor),
            }),
          ),
        )
      }
      const settled = settle(receipt, atSeconds, {
        ...before,
        receivedMinor: before.receivedMinor + receivedMinor,
        withheldMinor: before.withheldMinor + withheldMinor,
      })
      const paymentId = String(posted.filter(({ source }) => source.kind === "payment").length + 1)
      const isPart = settled === null
      return Result.succeed({
        answer: receiptId,
        receiptChanges: isPart ? [] : [{ receiptId, from: "issued", to: settled.status }],
        event: { kind: "paid", receipt, month, paymentId, date, from: "bank", receivedMinor, withheldMinor, posted },
        events: [
          {
            action: isPart ? "receipt.pay-part" : "receipt.pay",
            actor: actor.name,
            requestId: actor.requestId,
            subject: receiptId,
            detail: {
              receivedMinor: String(receivedMinor),
              withheldMinor: String(withheldMinor),
              currency: receipt.currency.code,
              atSeconds: String(atSeconds),
            },
          },
        ],
      })
    },
    options,
  )
  return receipt
})

/** The receipt as paid, once payments and credit notes cover it; null before that, and when nothing was paid of it. */
export const settle = (
  receipt: Receipt,
  paidAtSeconds: number,
  of: { readonly receivedMinor: bigint; readonly withheldMinor: bigint; readonly creditedMinor: bigint },
): Receipt | null => {
  const { receivedMinor, withheldMinor, creditedMinor } = of
  if (receivedMinor + withheldMinor === 0n) return null
  const paid = markPaid(receipt, { paidMinor: receivedMinor, withheldMinor, creditedMinor, paidAtSeconds })
  return Result.isSuccess(paid) ? paid.success : null
}
