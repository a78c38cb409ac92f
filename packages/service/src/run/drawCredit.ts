import { localDate, monthOf, type Receipt } from "@hpc-billing/core"
import { type AuditEvent, deriveEntries, type Entry, type Period, type ReceiptEvent, receiptPosition } from "@hpc-billing/ledger"
import { Result } from "effect"
import { policyOf } from "../site/policyOf.ts"
import type { Site } from "../site/Site.ts"
import type { LedgerHead, NewDocument, ReceiptChange } from "../store/index.ts"
import type { Actor } from "./Actor.ts"
import { type ProjectCredit, prepaidChange } from "./PrepaidLog.ts"
import { settle } from "./payReceipt.ts"
import { drawnMinorOfAll, planDraws } from "./planDraws.ts"
import { postingOf } from "./postingOf.ts"
import { type RunError, refuse } from "./RunError.ts"

/** What drawing stores beside the receipts: empty when nobody paid ahead. */
export interface Draws {
  readonly receiptChanges: readonly ReceiptChange[]
  readonly documents: readonly NewDocument[]
  readonly entries: readonly Entry[]
  readonly periods: readonly Period[]
  readonly events: readonly AuditEvent[]
}

/**
 * Draws the credit of their payers for receipts just issued: of each that is drawn for, accrual and issue are posted, and the payment
 * from prepaid credit on the day of issue.
 */
export const drawCredit = (
  issued: readonly Receipt[],
  credits: readonly ProjectCredit[],
  head: LedgerHead,
  site: Site,
  actor: Actor,
): Result.Result<Draws, RunError> =>
  Result.gen(function* () {
    const atSeconds = Number(head.atMicroseconds / 1_000_000n)
    const policy = policyOf(site)
    const by = { actor: actor.name, requestId: actor.requestId }
    const documents: NewDocument[] = []
    const receiptChanges: ReceiptChange[] = []
    const entries: Entry[] = []
    const events: AuditEvent[] = []
    for (const receipt of issued) {
      const own: Entry[] = []
      const book = (event: ReceiptEvent): Result.Result<void, RunError> => {
        const derived = deriveEntries(event, policy)
        if (Result.isFailure(derived)) return Result.fail(refuse("receipt-refused", derived.failure.message))
        own.push(...derived.success)
        return Result.succeed(undefined)
      }
      const draws = planDraws(receipt, credits, atSeconds)
      for (const { log, operations, drawnMinor, prepaid: after } of draws) {
        const detail = { act: "draw", id: receipt.id, drawnMinor: String(drawnMinor) }
        const { document, event } = prepaidChange({ payerId: log.payerId, earlier: log, operations, after, detail }, head, actor)
        documents.push(document)
        events.push(event)
        if (drawnMinor === 0n) continue
        if (own.length === 0) {
          yield* book({ kind: "accrued", receipt, month: receipt.month })
          yield* book({ kind: "issued", receipt, month: receipt.month })
        }
        yield* book({
          kind: "paid",
          receipt,
          month: monthOf(atSeconds, site.zone),
          date: localDate(atSeconds, site.zone),
          paymentId: String(own.filter(({ source }) => source.kind === "payment").length + 1),
          from: "prepaid",
          receivedMinor: drawnMinor,
          withheldMinor: 0n,
          posted: own,
        })
      }
      if (own.length === 0) continue
      entries.push(...own)
      const settled = settle(receipt, atSeconds, receiptPosition(receipt.id, own, policy.roles))
      if (settled !== null) receiptChanges.push({ receiptId: receipt.id, from: "issued", to: settled.status })
      events.push({
        ...by,
        action: settled === null ? "receipt.pay-part" : "receipt.pay",
        subject: receipt.id,
        detail: {
          receivedMinor: String(drawnMinorOfAll(draws)),
          withheldMinor: "0",
          currency: receipt.currency.code,
          from: "prepaid",
          atSeconds: String(atSeconds),
        },
      })
    }
    const posting = yield* postingOf(entries, head, site, actor)
    return {
      receiptChanges,
      documents,
      entries: posting.entries,
      periods: posting.periods,
      events: [...events, ...posting.events],
    }
  })
