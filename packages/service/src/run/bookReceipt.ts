import { type CanonicalValue, localDate, monthOf, type Receipt } from "@hpc-billing/core"
import { type AuditEvent, deriveEntries, type Entry, type ReceiptEvent } from "@hpc-billing/ledger"
import { Clock, Effect, Result } from "effect"
import type { Site } from "../site/Site.ts"
import type { CommitPlan, LedgerHead } from "../store/index.ts"
import type { Actor } from "./Actor.ts"
import { loadBooks } from "./Books.ts"
import { policyOf } from "./journalMonth.ts"
import { onSteadyBooks } from "./onSteadyBooks.ts"
import { postingOf } from "./postingOf.ts"
import { type RunError, refuse } from "./RunError.ts"
import { entriesOfReceipt, postedOf, storedReceipt } from "./receiptEntries.ts"

/** What an act on a receipt is decided from. */
export interface ReceiptStanding {
  readonly site: Site
  readonly receipt: Receipt
  /** What the journal books of it so far. */
  readonly posted: readonly Entry[]
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

/** Books what happened to an issued receipt in the month of today, with its audit records, in one commit; answers the act's answer. */
export const bookReceipt = Effect.fn("bookReceipt")(function* <A extends CanonicalValue>(
  tenant: string,
  receiptId: string,
  actor: Actor,
  act: (standing: ReceiptStanding, head: LedgerHead) => Result.Result<ReceiptAct<A>, RunError>,
  options: { readonly mayBeUnposted: boolean } = { mayBeUnposted: false },
) {
  const { site } = yield* loadBooks(tenant)
  const read = Effect.gen(function* () {
    const receipt = yield* storedReceipt(tenant, receiptId)
    const posted = yield* options.mayBeUnposted ? entriesOfReceipt(tenant, receiptId) : postedOf(tenant, receipt)
    const atSeconds = Math.floor((yield* Clock.currentTimeMillis) / 1_000)
    const [month, date] = [monthOf(atSeconds, site.zone), localDate(atSeconds, site.zone)]
    return { site, receipt, posted, month, date, atSeconds } satisfies ReceiptStanding
  })
  return yield* onSteadyBooks(tenant, actor, read, (standing, head) =>
    Result.gen(function* () {
      const { event, events, ...parts } = yield* act(standing, head)
      const derived = deriveEntries(event, policyOf(site))
      if (Result.isFailure(derived)) return yield* Result.fail(refuse("receipt-refused", derived.failure.message))
      const posting = yield* postingOf(derived.success, head, site, actor)
      return { ...parts, entries: posting.entries, periods: posting.periods, events: [...events, ...posting.events] }
    }),
  )
})
