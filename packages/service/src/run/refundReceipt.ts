import { applyPrepaid, drawnMinorOf, type PrepaidOperation, receiptPosition, shareRefund } from "@hpc-billing/ledger"
import { Effect, Result } from "effect"
import type { Actor } from "./Actor.ts"
import { type ActOptions, bookReceipt } from "./bookReceipt.ts"
import { policyOf } from "./journalMonth.ts"
import { prepaidChange } from "./PrepaidLog.ts"

export interface Refund {
  /** null: all that the receipt stands in credit. */
  readonly amountMinor: bigint | null
  /** `as-paid`: what was drawn from prepaid credit goes back to it, in its share; `bank`: all is paid out. */
  readonly to: "as-paid" | "bank"
}

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
      const { receivableMinor, receivedMinor, withheldMinor, refundedMinor } = receiptPosition(receipt.id, posted, policyOf(site).roles)
      const amountMinor = refund.amountMinor ?? -receivableMinor
      const drawn = credits.flatMap((credit) => {
        const drawnMinor = drawnMinorOf(credit.operations, receiptId)
        return drawnMinor === 0n ? [] : [{ ...credit, project: credit.prepaid.project, drawnMinor }]
      })
      const drawnMinor = drawn.reduce((sum, each) => sum + each.drawnMinor, 0n)
      const bankMinor = receivedMinor + withheldMinor - refundedMinor - drawnMinor
      const parts = refund.to === "bank" ? [] : shareRefund(amountMinor, { bankMinor, credits: drawn })
      const refundId = String(posted.filter(({ source }) => source.kind === "refund").length + 1)
      const changes = drawn.flatMap(({ log, prepaid, project }, index) => {
        const partMinor = parts[index] ?? 0n
        if (partMinor === 0n) return []
        const id = `refund/${receiptId}/${refundId}`
        const operations: readonly PrepaidOperation[] = [
          { id: `${id}/expire`, kind: "expire", atSeconds },
          { id, kind: "refund", receiptId, amountMinor: partMinor },
        ]
        const after = operations.reduce((standing, operation) => Result.getOrThrow(applyPrepaid(standing, operation)), prepaid)
        const detail = { act: "refund", id: receiptId, refundId, refundedMinor: String(partMinor) }
        const change = prepaidChange({ payerId: log.payerId, earlier: log, operations, after, detail }, head, actor)
        return [{ ...change, project, partMinor }]
      })
      const prepaidMinor = changes.reduce((sum, { partMinor }) => sum + partMinor, 0n)
      const detail = {
        refundId,
        amountMinor: String(amountMinor),
        prepaidMinor: String(prepaidMinor),
        currency: receipt.currency.code,
      }
      return Result.succeed({
        answer: {
          amountMinor: detail.amountMinor,
          bankMinor: String(amountMinor - prepaidMinor),
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
