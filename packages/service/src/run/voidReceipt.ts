import { voidReceipt as markVoid } from "@hpc-billing/core"
import { Effect, Result } from "effect"
import type { Actor } from "./Actor.ts"
import { type ActOptions, bookReceipt } from "./bookReceipt.ts"
import { refuse } from "./RunError.ts"

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
      if (Result.isFailure(voided)) return Result.fail(refuse("receipt-refused", voided.failure.message))
      if (head.periods.get(month)?.status.kind === "closed") {
        return Result.fail(refuse("month-closed", `${month} is closed: receipt ${receiptId} can only be corrected by a credit note.`))
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
            detail: { reason: reason.trim() },
          },
        ],
      })
    },
    { mayBeUnposted: true, dryRun: options.dryRun },
  )
  return receipt
})
