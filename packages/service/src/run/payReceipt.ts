import { localDate, payReceipt as markPaid, monthOf, type Receipt } from "@hpc-billing/core"
import { type AuditEvent, deriveEntries, journalDigest, postEntry } from "@hpc-billing/ledger"
import { Clock, Effect, Result } from "effect"
import { nodeCryptography } from "../crypto/nodeCryptography.ts"
import { BillingStore } from "../store/index.ts"
import type { Actor } from "./Actor.ts"
import { loadBooks } from "./Books.ts"
import { policyOf } from "./journalMonth.ts"
import { openPeriod } from "./monthPeriod.ts"
import { refuse } from "./RunError.ts"
import { postedOf, storedReceipt } from "./receiptEntries.ts"

export interface Payment {
  /** null: all that is owed beside what is withheld. */
  readonly receivedMinor: bigint | null
  readonly withheldMinor: bigint
}

/** Takes the payment of an issued receipt in full and books it on the day it is taken, in one commit. */
export const payReceipt = Effect.fn("payReceipt")(function* (tenant: string, receiptId: string, payment: Payment, actor: Actor) {
  const store = yield* BillingStore
  const { site } = yield* loadBooks(tenant)
  const receipt = yield* storedReceipt(tenant, receiptId)
  const posted = yield* postedOf(tenant, receipt)
  const { withheldMinor } = payment
  const receivedMinor = payment.receivedMinor ?? receipt.grossMinor - withheldMinor
  const atSeconds = Math.floor((yield* Clock.currentTimeMillis) / 1_000)
  const paid = markPaid(receipt, { paidMinor: receivedMinor, withheldMinor, paidAtSeconds: atSeconds })
  if (Result.isFailure(paid)) return yield* refuse("receipt-refused", paid.failure.message)
  const policy = policyOf(site)
  const month = monthOf(atSeconds, site.zone)
  const derived = deriveEntries(
    {
      kind: "paid",
      receipt,
      month,
      paymentId: "1",
      date: localDate(atSeconds, site.zone),
      from: "bank",
      receivedMinor,
      withheldMinor,
      posted,
    },
    policy,
  )
  if (Result.isFailure(derived)) return yield* refuse("receipt-refused", derived.failure.message)
  const entries = derived.success
  yield* store.commit(tenant, actor.idempotency ?? null, (head) => {
    const period = head.periods.get(month) ?? openPeriod(tenant, month, site.zone)
    for (const entry of entries) {
      const postable = postEntry(entry, period, policy.chart)
      if (Result.isFailure(postable)) return Result.fail(refuse("month-closed", postable.failure.message))
    }
    const event = (action: string, subject: string, detail: AuditEvent["detail"]): AuditEvent => ({
      action,
      actor: actor.name,
      requestId: actor.requestId,
      subject,
      detail,
    })
    return Result.succeed({
      answer: receiptId,
      receiptChanges: [{ receiptId, from: "issued" as const, to: paid.success.status }],
      entries,
      periods: head.periods.has(month) ? [] : [period],
      events: [
        event("receipt.pay", receiptId, {
          receivedMinor: String(receivedMinor),
          withheldMinor: String(withheldMinor),
          currency: receipt.currency.code,
        }),
        ...entries.map((entry) => event("entry.post", entry.id, { sha256: journalDigest(nodeCryptography, [entry]), month })),
      ],
    })
  })
  return paid.success satisfies Receipt
})
