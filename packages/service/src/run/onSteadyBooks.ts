import type { CanonicalValue } from "@hpc-billing/core"
import { Effect, Result } from "effect"
import { say } from "../api/sentences.ts"
import { BillingStore, type CommitPlan, type LedgerHead } from "../store/index.ts"
import type { Actor } from "./Actor.ts"
import { type RunError, refuse } from "./RunError.ts"

const attemptsMaximum = 100
const moved = Symbol("what was read has moved")

export interface SteadyOptions {
  /** What must not have moved since the reading: by default the entries. */
  readonly placeOf?: (head: LedgerHead) => bigint | number
  /** Decides, answers and stores nothing. */
  readonly dryRun?: boolean
}

/**
 * Commits what was decided from what is stored, and decides again when that moved meanwhile: two acts on the same debt or
 * credit never both count on it.
 */
export const onSteadyBooks = Effect.fnUntraced(function* <Read, A extends CanonicalValue, E, R>(
  tenant: string,
  actor: Actor,
  read: Effect.Effect<Read, E, R>,
  plan: (read: Read, head: LedgerHead) => Result.Result<CommitPlan<A>, RunError>,
  options: SteadyOptions = {},
) {
  const store = yield* BillingStore
  const placeOf = options.placeOf ?? (({ entryCount }) => entryCount)
  if (options.dryRun === true) {
    const planned = plan(yield* read, yield* store.head(tenant))
    return Result.isSuccess(planned) ? planned.success.answer : yield* planned.failure
  }
  for (let attempt = 0; attempt < attemptsMaximum; attempt++) {
    const place = placeOf(yield* store.head(tenant))
    const found = yield* read
    const outcome = yield* Effect.result(
      store.commit(
        tenant,
        actor.idempotency ?? null,
        (head): Result.Result<CommitPlan<A>, RunError | typeof moved> => (placeOf(head) === place ? plan(found, head) : Result.fail(moved)),
      ),
    )
    if (Result.isSuccess(outcome)) return outcome.success.answer
    if (outcome.failure !== moved) return yield* outcome.failure
  }
  return yield* refuse("not-ready", say("books-busy", { tenant }))
})
