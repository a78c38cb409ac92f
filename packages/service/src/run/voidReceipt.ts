import { voidReceipt as markVoid } from "@hpc-billing/core"
import { Effect, Result } from "effect"
import { say } from "../api/sentences.ts"
import type { ActOptions } from "../commit/decide.ts"
import type { Actor } from "./Actor.ts"
import { bookReceipt } from "./bookReceipt.ts"
import { refuse } from "./RunError.ts"
import { sayReceipt } from "./sayFailure.ts"

/** Voids an issued, unpaid receipt while its month is open, and reverses what the journal booked of it, in one commit. */
export const voidReceipt = Effect.fn("voidReceipt")(function* (
  tenant: string,
  receiptId: string,
  reason: string,
  actor: Actor,
  options: ActOptions = { dryRun: false },
) {
  const { receipt } = yield* bookReceipt(
    tenant,
    receiptId,
    actor,
    ({ receipt, posted, date, atSeconds }, head) => {
      const { month } = receipt
      const voided = markVoid(receipt, { reason, voidedAtSeconds: atSeconds })
      if (Result.isFailure(voided)) return Result.fail(refuse("receipt-refused", sayReceipt(voided.failure)))
      if (head.periods.get(month)?.status.kind === "closed") {
        return Result.fail(refuse("month-closed", say("receipt-month-closed", { month, receipt: receiptId })))
      }
      return Result.succeed({
        answer: receiptId,
        receiptChanges: [{ receiptId, from: "issued", to: voided.success.status }],
        event: { kind: "voided", receipt, month, date, reason, posted },
        events: [
          {
            action: "receipt.void",
            actor: actor.name,
            requestId: actor.requestId,
            subject: receiptId,
            detail: { reason: reason.trim(), atSeconds: String(atSeconds) },
          },
        ],
      })
    },
    { mayBeUnposted: true, dryRun: options.dryRun },
  )
  return receipt
})
