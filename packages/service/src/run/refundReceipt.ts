import { receiptPosition } from "@hpc-billing/ledger"
import { Effect, Result } from "effect"
import type { Actor } from "./Actor.ts"
import { type ActOptions, bookReceipt } from "./bookReceipt.ts"
import { policyOf } from "./journalMonth.ts"

/** Pays back what a receipt stands in credit (after a credit note on a paid one), or a part of it; answers the amount. */
export const refundReceipt = Effect.fn("refundReceipt")(function* (
  tenant: string,
  receiptId: string,
  /** null: all of it. */
  wantedMinor: bigint | null,
  actor: Actor,
  options: ActOptions = { dryRun: false },
) {
  const { answer } = yield* bookReceipt(
    tenant,
    receiptId,
    actor,
    ({ site, receipt, posted, month, date }) => {
      const { receivableMinor } = receiptPosition(receipt.id, posted, policyOf(site).roles)
      const amountMinor = wantedMinor ?? -receivableMinor
      const refundId = String(posted.filter(({ source }) => source.kind === "refund").length + 1)
      const detail = { refundId, amountMinor: String(amountMinor), currency: receipt.currency.code }
      return Result.succeed({
        answer: detail.amountMinor,
        event: { kind: "refunded", receipt, month, refundId, date, amountMinor, posted },
        events: [{ action: "receipt.refund", actor: actor.name, requestId: actor.requestId, subject: receiptId, detail }],
      })
    },
    options,
  )
  return BigInt(answer)
})
