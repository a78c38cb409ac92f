import { type CanonicalValue, canonicalJson } from "@hpc-billing/core"
import { Effect, Result, Semaphore } from "effect"
import { Caller } from "../api/Identity.ts"
import { sha256Hex } from "../crypto/nodeCryptography.ts"
import type { Actor } from "../run/Actor.ts"
import { BillingStore } from "../store/index.ts"

/** What makes two requests the same act: the route with its parameters and the body. */
export interface Command {
  readonly tenant: string
  readonly key: string
  readonly body: CanonicalValue
}

const isFresh = Symbol("fresh")

interface Turn {
  readonly semaphore: Semaphore.Semaphore
  waiting: number
}

const turns = new Map<string, Turn>()

/** One at a time for each name: who clicks twice waits for the first click and reads its answer. */
const inTurn = <A, E, R>(name: string, work: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.acquireUseRelease(
    Effect.sync(() => {
      const turn = turns.get(name) ?? { semaphore: Semaphore.makeUnsafe(1), waiting: 0 }
      turns.set(name, turn)
      turn.waiting += 1
      return turn
    }),
    (turn) => turn.semaphore.withPermits(1)(work),
    (turn) =>
      Effect.sync(() => {
        turn.waiting -= 1
        if (turn.waiting === 0) turns.delete(name)
      }),
  )

/**
 * Does an act once for each idempotency key: a repeat answers from what the first commit kept, the key with another body is a
 * conflict. Keys belong to the person who uses them. Another process may do the same act meanwhile: then this one found nothing
 * left to do, or was refused, and answers as that one did.
 */
export const once = <A, E, R, E2, R2>(
  command: Command,
  act: (actor: Actor) => Effect.Effect<A, E, R>,
  replay: (answer: CanonicalValue) => Effect.Effect<A, E2, R2>,
) =>
  Effect.gen(function* () {
    const store = yield* BillingStore
    const { identity, requestId } = yield* Caller
    const idempotency = {
      key: `${identity.name} ${command.key}`,
      bodySha256: sha256Hex(new TextEncoder().encode(canonicalJson(command.body))),
    }
    /** What a commit kept under the key; `isFresh` when none did. */
    const known = store
      .commit<CanonicalValue, typeof isFresh>(command.tenant, idempotency, () => Result.fail(isFresh))
      .pipe(
        Effect.map(({ answer }): CanonicalValue | typeof isFresh => answer),
        Effect.catchIf(
          (error) => error === isFresh,
          () => Effect.succeed(isFresh),
        ),
      )
    return yield* inTurn(
      `${command.tenant} ${idempotency.key}`,
      Effect.gen(function* () {
        const before = yield* known
        if (before !== isFresh) return yield* replay(before)
        const outcome = yield* Effect.result(act({ name: identity.name, requestId, idempotency }))
        const after = yield* known
        return yield* after === isFresh ? Effect.fromResult(outcome) : replay(after)
      }),
    )
  })
