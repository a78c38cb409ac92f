import assert from "node:assert/strict"
import type { CanonicalValue } from "@hpc-billing/core"
import { Effect, Result, Stream } from "effect"
import type { CommitPlan, StoreFunctions } from "../store/BillingStore.ts"
import type { StoreError } from "../store/StoreError.ts"
import { sampleEvent } from "./samples.ts"

/** One thing that every store does. It gets an open store and a tenant that no other case uses. */
export interface ConformanceCase {
  readonly name: string
  readonly run: (store: StoreFunctions, tenant: string) => Effect.Effect<void, unknown>
}

export const check = (
  name: string,
  run: (store: StoreFunctions, tenant: string) => Generator<Effect.Effect<unknown, unknown>, void, never>,
): ConformanceCase => ({
  name,
  run: (store, tenant) =>
    Effect.gen(function* () {
      yield* Effect.gen(() => run(store, tenant))
      assert.deepEqual(yield* Stream.runCollect(store.contradictions(tenant)), [])
    }),
})

export const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index)

export const plan = <A extends CanonicalValue>(answer: A, rest: Partial<CommitPlan<A>> = {}): Result.Result<CommitPlan<A>> =>
  Result.succeed({ answer, events: [sampleEvent(String(answer))], ...rest })

/** The reason's tag that the effect fails with. */
export const refusal = <A, E>(effect: Effect.Effect<A, E>): Effect.Effect<string, A> =>
  Effect.map(Effect.flip(effect), (error) => (error as StoreError).reason?._tag ?? String(error))
