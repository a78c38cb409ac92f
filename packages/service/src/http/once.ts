import { type CanonicalValue, canonicalJson } from "@hpc-billing/core"
import { Effect } from "effect"
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

/**
 * Does an act once for each idempotency key: a repeat answers from what the first kept, the key with another body is a conflict.
 * Keys belong to the person who uses them. Where another request with the key was faster, this one was refused or found nothing left:
 * it answers as that one did.
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
    const before = yield* store.commandAnswer(command.tenant, idempotency)
    if (before !== null) return yield* replay(before.answer)
    const outcome = yield* Effect.result(act({ name: identity.name, requestId, idempotency }))
    const after = yield* store.commandAnswer(command.tenant, idempotency)
    return yield* after === null ? Effect.fromResult(outcome) : replay(after.answer)
  })
