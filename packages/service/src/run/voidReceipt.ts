import { localDate, voidReceipt as markVoid, type Receipt } from "@hpc-billing/core"
import { type AuditEvent, deriveEntries, journalDigest, postEntry } from "@hpc-billing/ledger"
import { Clock, Effect, Result } from "effect"
import { nodeCryptography } from "../crypto/nodeCryptography.ts"
import { BillingStore } from "../store/index.ts"
import type { Actor } from "./Actor.ts"
import { loadBooks } from "./Books.ts"
import { policyOf } from "./journalMonth.ts"
import { openPeriod } from "./monthPeriod.ts"
import { refuse } from "./RunError.ts"
import { entriesOfReceipt, storedReceipt } from "./receiptEntries.ts"

/** Voids an issued, unpaid receipt while its month is open, and reverses what the journal booked of it, in one commit. */
export const voidReceipt = Effect.fn("voidReceipt")(function* (tenant: string, receiptId: string, reason: string, actor: Actor) {
  const store = yield* BillingStore
  const { site } = yield* loadBooks(tenant)
  const receipt = yield* storedReceipt(tenant, receiptId)
  const { month } = receipt
  const atSeconds = Math.floor((yield* Clock.currentTimeMillis) / 1_000)
  const voided = markVoid(receipt, { reason, voidedAtSeconds: atSeconds })
  if (Result.isFailure(voided)) return yield* refuse("receipt-refused", voided.failure.message)
  const policy = policyOf(site)
  const posted = yield* entriesOfReceipt(tenant, receiptId)
  const derived = deriveEntries({ kind: "voided", receipt, month, date: localDate(atSeconds, site.zone), reason, posted }, policy)
  if (Result.isFailure(derived)) return yield* refuse("receipt-refused", derived.failure.message)
  const entries = derived.success
  yield* store.commit(tenant, actor.idempotency ?? null, (head) => {
    const period = head.periods.get(month) ?? openPeriod(tenant, month, site.zone)
    if (period.status.kind === "closed") {
      return Result.fail(refuse("month-closed", `${month} is closed: receipt ${receiptId} can only be corrected by a credit note.`))
    }
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
      receiptChanges: [{ receiptId, from: "issued" as const, to: voided.success.status }],
      entries,
      events: [
        event("receipt.void", receiptId, { reason: reason.trim() }),
        ...entries.map((entry) => event("entry.post", entry.id, { sha256: journalDigest(nodeCryptography, [entry]), month })),
      ],
    })
  })
  return voided.success satisfies Receipt
})
