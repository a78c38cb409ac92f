import { reopenPeriod } from "@hpc-billing/ledger"
import { Effect, Result } from "effect"
import { say } from "../api/sentences.ts"
import { type ActOptions, decide } from "../commit/decide.ts"
import type { CommitPlan, LedgerHead } from "../store/index.ts"
import type { Actor } from "./Actor.ts"
import { checkMonth } from "./monthPeriod.ts"
import { type RunError, refuse } from "./RunError.ts"
import { sayLedger } from "./sayFailure.ts"

/**
 * Opens a closed month again, asked for by one person with a reason and approved by another. What was posted, issued and
 * exported stands; what follows is posted beside it, and the next close and export are further ones.
 */
export const reopenMonth = Effect.fn("reopenMonth")(function* (
  tenant: string,
  month: string,
  act: {
    /** The actor, where it is not given. */
    readonly requestedBy?: string
    readonly approvedBy: string
    readonly reason: string
  },
  actor: Actor,
  options: ActOptions = { dryRun: false },
) {
  yield* checkMonth(month)
  yield* decide({
    tenant,
    actor,
    dryRun: options.dryRun,
    read: () => Effect.succeed(act),
    plan: (asked, head) => planReopen(month, asked, actor, head),
    view: () => Effect.void,
  })
})

/** Opens a closed month as one person asked and another approves. */
export const planReopen = (
  month: string,
  act: { readonly requestedBy?: string; readonly approvedBy: string; readonly reason: string },
  actor: Actor,
  head: LedgerHead,
): Result.Result<CommitPlan<null>, RunError> => {
  const period = head.periods.get(month)
  if (period === undefined) return Result.fail(refuse("not-found", say("reopen-never-opened", { month })))
  const reopened = reopenPeriod(period, { requestedBy: actor.name, requestId: actor.requestId, ...act })
  if (Result.isFailure(reopened)) return Result.fail(refuse("not-ready", sayLedger(reopened.failure)))
  return Result.succeed({ answer: null, checkpoint: true, periods: [reopened.success.period], events: [reopened.success.event] })
}
