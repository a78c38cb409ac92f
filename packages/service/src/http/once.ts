import { type CanonicalValue, canonicalJson } from "@hpc-billing/core"
import { Effect, Result } from "effect"
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

/**
 * Does an act once for each idempotency key: a repeat answers from what the first commit kept, the key with another body is a
 * conflict. Keys belong to the person who uses them.
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
    const known = yield* store
      .commit<CanonicalValue, typeof isFresh>(command.tenant, idempotency, () => Result.fail(isFresh))
      .pipe(
        Effect.catchIf(
          (error) => error === isFresh,
          () => Effect.succeed(null),
        ),
      )
    if (known !== null) return yield* replay(known.answer)
    return yield* act({ name: identity.name, requestId, idempotency })
  })
