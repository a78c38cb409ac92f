import { type CanonicalValue, localDate, monthOf, type Receipt } from "@hpc-billing/core"
import { type AuditEvent, deriveEntries, type Entry, type ReceiptEvent } from "@hpc-billing/ledger"
import { Clock, Effect, Result } from "effect"
import { decide } from "../commit/decide.ts"
import { policyOf } from "../site/policyOf.ts"
import type { Site } from "../site/Site.ts"
import type { CommitPlan, LedgerHead } from "../store/index.ts"
import type { Actor } from "./Actor.ts"
import { loadSite } from "./Books.ts"
import { type ProjectCredit, readCredits } from "./PrepaidLog.ts"
import { postingOf } from "./postingOf.ts"
import { type RunError, refuse } from "./RunError.ts"
import { entriesOfReceipt, postedOf, storedReceipt } from "./receiptEntries.ts"
import { sayLedger } from "./sayFailure.ts"

/** What an act on a receipt is decided from. */
export interface ReceiptStanding {
  readonly site: Site
  readonly receipt: Receipt
  /** What the journal books of it so far. */
  readonly posted: readonly Entry[]
  /** What its payer paid ahead, by project; empty unless the act asks for it. */
  readonly credits: readonly ProjectCredit[]
  /** Of today, in the billing zone. */
  readonly month: string
  readonly date: string
  readonly atSeconds: number
}

export interface ReceiptAct<A extends CanonicalValue> extends Pick<CommitPlan<A>, "answer" | "documents" | "numbers" | "receiptChanges"> {
  readonly event: ReceiptEvent
  /** Without those of the entries. */
  readonly events: readonly AuditEvent[]
}

/**
 * Books what happened to an issued receipt in the month of today, with its audit records. Answers the act's answer and the receipt
 * as it stands, or in a dry run would stand.
 */
export const bookReceipt = Effect.fn("bookReceipt")(function* <A extends CanonicalValue>(
  tenant: string,
  receiptId: string,
  actor: Actor,
  act: (standing: ReceiptStanding, head: LedgerHead) => Result.Result<ReceiptAct<A>, RunError>,
  options: { readonly mayBeUnposted?: boolean; readonly withCredits?: boolean; readonly dryRun?: boolean } = {},
) {
  return yield* decide({
    tenant,
    actor,
    dryRun: options.dryRun === true,
    read: (head) =>
      Effect.gen(function* () {
        const site = yield* loadSite(tenant)
        const receipt = yield* storedReceipt(tenant, receiptId)
        const posted = yield* options.mayBeUnposted === true ? entriesOfReceipt(tenant, receiptId) : postedOf(tenant, receipt)
        const credits = options.withCredits === true ? yield* readCredits(tenant, head, new Set([receipt.payer.id]), receipt.currency) : []
        const atSeconds = Math.floor((yield* Clock.currentTimeMillis) / 1_000)
        const [month, date] = [monthOf(atSeconds, site.zone), localDate(atSeconds, site.zone)]
        return { site, receipt, posted, credits, month, date, atSeconds } satisfies ReceiptStanding
      }),
    plan: (standing, head) =>
      Result.gen(function* () {
        const { site } = standing
        const { event, events, ...parts } = yield* act(standing, head)
        const derived = deriveEntries(event, policyOf(site))
        if (Result.isFailure(derived)) return yield* Result.fail(refuse("receipt-refused", sayLedger(derived.failure)))
        const posting = yield* postingOf(derived.success, head, site, actor)
        return { ...parts, entries: posting.entries, periods: posting.periods, events: [...events, ...posting.events] }
      }),
    view: (answer) => Effect.map(storedReceipt(tenant, receiptId), (receipt) => ({ answer, receipt })),
  })
})
