import { type CanonicalValue, canonicalJson } from "@hpc-billing/core"
import { Effect, Result } from "effect"
import { say } from "../api/sentences.ts"
import type { Actor } from "../run/Actor.ts"
import { type RunError, refuse } from "../run/RunError.ts"
import { BillingStore, type CommitPlan, type LedgerHead, StoreError } from "../store/index.ts"

/** How an act is done: a dry run takes the same path, and all that it wrote is rolled back. */
export interface ActOptions {
  readonly dryRun: boolean
}

interface Act<Read, A extends CanonicalValue, V, E, R> {
  readonly tenant: string
  readonly actor: Actor
  readonly dryRun?: boolean
  /** What the act is decided from, read while the books are locked. */
  readonly read: (head: LedgerHead) => Effect.Effect<Read, E, R>
  /** Pure. Without events nothing is stored, and the answer tells so. */
  readonly plan: (read: Read, head: LedgerHead) => Result.Result<CommitPlan<A>, RunError>
  /** How the books stand after the act, read before anyone else can write; after a replay as they stand now. */
  readonly view: (answer: A) => Effect.Effect<V, E, R>
}

/**
 * The one door for writes: an act locks the books of the tenant, reads, plans, writes and answers in one transaction. So any two
 * acts, from any number of processes, give the books of one of their two orders.
 */
export const decide = Effect.fn("decide")(function* <Read, A extends CanonicalValue, V, E, R>(act: Act<Read, A, V, E, R>) {
  const store = yield* BillingStore
  return yield* store
    .decide<A, V, E | RunError, R>(act.tenant, {
      idempotency: act.actor.idempotency ?? null,
      dryRun: act.dryRun === true,
      act: (head) => Effect.flatMap(act.read(head), (read) => Effect.fromResult(act.plan(read, head))),
      view: act.view,
    })
    .pipe(
      Effect.map(({ view }) => view),
      Effect.catchIf(isBusy, () => Effect.fail(busyError)),
    )
})

const isBusy = (error: unknown): error is StoreError => error instanceof StoreError && error.reason._tag === "Busy"

const busyError = refuse("busy", say("books-busy"))

interface PreparedAct<P, Read, A extends CanonicalValue, V, E, R> extends Omit<Act<Read, A, V, E, R>, "read"> {
  /** A few values that change whenever what `prepare` read has changed. */
  readonly inputs: (head: LedgerHead) => Effect.Effect<CanonicalValue, E, R>
  /** Month-sized work on the books as they are, without the lock; what it refuses is refused only if the inputs still are the same. */
  readonly prepare: Effect.Effect<P, E, R>
  /** What else the act is decided from, read while the books are locked. */
  readonly read: (prepared: P, head: LedgerHead) => Effect.Effect<Read, E, R>
}

const attemptsMaximum = 10
const stale = Symbol("the inputs have changed")

/** As `decide`, with work that grows with a month done before the lock: under it only the inputs are compared, and the work is done again where they changed. */
export const decidePrepared = Effect.fn("decidePrepared")(function* <P, Read, A extends CanonicalValue, V, E, R>(
  act: PreparedAct<P, Read, A, V, E, R>,
) {
  const store = yield* BillingStore
  const { tenant, actor } = act
  if (actor.idempotency !== undefined) {
    const known = yield* store.commandAnswer(tenant, actor.idempotency)
    if (known !== null) return yield* act.view(known.answer as A)
  }
  for (let attempt = 0; attempt < attemptsMaximum; attempt++) {
    const before = canonicalJson(yield* act.inputs(yield* store.head(tenant)))
    const prepared = yield* Effect.result(act.prepare)
    const outcome = yield* Effect.result(
      decide({
        ...act,
        read: (head) =>
          Effect.gen(function* () {
            if (canonicalJson(yield* act.inputs(head)) !== before) return yield* Effect.fail(stale)
            return yield* act.read(yield* Effect.fromResult(prepared), head)
          }),
      }),
    )
    if (Result.isSuccess(outcome)) return outcome.success
    if (outcome.failure !== stale) return yield* Effect.fail(outcome.failure as Exclude<typeof outcome.failure, typeof stale>)
  }
  return yield* busyError
})
