import { applyPrepaid, type PrepaidOperation, receiptPosition } from "@hpc-billing/ledger"
import { Effect, Result } from "effect"
import type { ActOptions } from "../commit/decide.ts"
import { policyOf } from "../site/policyOf.ts"
import type { Actor } from "./Actor.ts"
import { bookReceipt } from "./bookReceipt.ts"
import { prepaidChange } from "./PrepaidLog.ts"
import { planRefund, type Refund } from "./planRefund.ts"

export interface Refunded {
  readonly amountMinor: bigint
  readonly bankMinor: bigint
  readonly credits: readonly { readonly project: string; readonly amountMinor: bigint }[]
}

/**
 * Pays back what a receipt stands in credit (after a credit note on a paid one), or a part of it: to the credit of the projects it
 * was drawn from and to the bank, in the shares it was paid from them, the entry and the credit in one commit.
 */
export const refundReceipt = Effect.fn("refundReceipt")(function* (
  tenant: string,
  receiptId: string,
  refund: Refund,
  actor: Actor,
  options: ActOptions = { dryRun: false },
) {
  const { answer } = yield* bookReceipt(
    tenant,
    receiptId,
    actor,
    ({ site, receipt, posted, credits, month, date, atSeconds }, head) => {
      const position = receiptPosition(receipt.id, posted, policyOf(site).roles)
      const { amountMinor, bankMinor, credits: planned } = planRefund(receiptId, position, credits, refund)
      const refundId = String(posted.filter(({ source }) => source.kind === "refund").length + 1)
      const changes = planned.map(({ credit: { log, prepaid }, partMinor }) => {
        const id = `refund/${receiptId}/${refundId}`
        const operations: readonly PrepaidOperation[] = [
          { id: `${id}/expire`, kind: "expire", atSeconds },
          { id, kind: "refund", receiptId, amountMinor: partMinor },
        ]
        const after = operations.reduce((standing, operation) => Result.getOrThrow(applyPrepaid(standing, operation)), prepaid)
        const detail = { act: "refund", id: receiptId, refundId, refundedMinor: String(partMinor) }
        const change = prepaidChange({ payerId: log.payerId, earlier: log, operations, after, detail }, head, actor)
        return { ...change, project: prepaid.project, partMinor }
      })
      const prepaidMinor = amountMinor - bankMinor
      const detail = {
        refundId,
        amountMinor: String(amountMinor),
        prepaidMinor: String(prepaidMinor),
        currency: receipt.currency.code,
      }
      return Result.succeed({
        answer: {
          amountMinor: detail.amountMinor,
          bankMinor: String(bankMinor),
          credits: changes.map(({ project, partMinor }) => ({ project, amountMinor: String(partMinor) })),
        },
        documents: changes.map(({ document }) => document),
        event: { kind: "refunded", receipt, month, refundId, date, amountMinor, prepaidMinor, posted },
        events: [
          { action: "receipt.refund", actor: actor.name, requestId: actor.requestId, subject: receiptId, detail },
          ...changes.map(({ event }) => event),
        ],
      })
    },
    { ...options, withCredits: true },
  )
  return {
    amountMinor: BigInt(answer.amountMinor),
    bankMinor: BigInt(answer.bankMinor),
    credits: answer.credits.map(({ project, amountMinor }) => ({ project, amountMinor: BigInt(amountMinor) })),
  } satisfies Refunded
})
