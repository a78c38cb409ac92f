import { receiptPosition } from "@hpc-billing/ledger"
import { Effect, Result } from "effect"
import type { ActOptions } from "../commit/decide.ts"
import { policyOf } from "../site/policyOf.ts"
import type { Actor } from "./Actor.ts"
import { bookReceipt } from "./bookReceipt.ts"

/** Gives up what is still owed of a receipt, against the allowance for expected losses; answers the amount. */
export const writeOffReceipt = Effect.fn("writeOffReceipt")(function* (
  tenant: string,
  receiptId: string,
  reason: string,
  actor: Actor,
  options: ActOptions = { dryRun: false },
) {
  const { answer } = yield* bookReceipt(
    tenant,
    receiptId,
    actor,
    ({ site, receipt, posted, month, date }) => {
      const { receivableMinor } = receiptPosition(receipt.id, posted, policyOf(site).roles)
      const detail = { amountMinor: String(receivableMinor), currency: receipt.currency.code, reason: reason.trim() }
      return Result.succeed({
        answer: detail.amountMinor,
        event: { kind: "written-off", receipt, month, date, reason, posted },
        events: [{ action: "receipt.write-off", actor: actor.name, requestId: actor.requestId, subject: receiptId, detail }],
      })
    },
    options,
  )
  return BigInt(answer)
})
