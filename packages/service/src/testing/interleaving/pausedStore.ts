import type { CanonicalValue } from "@hpc-billing/core"
import { Effect, Result, Stream } from "effect"
import type { LockedAct, StoreFunctions } from "../../store/index.ts"

/** Stops an act before one of its calls of the store, and tells whether it holds the books there. */
export interface Pause {
  /** Counts from 0; a call inside the locked part of an act counts too. */
  readonly atCall: number
  readonly reached: Effect.Effect<void>
  readonly resumed: Effect.Effect<void>
}

export interface PausedStore {
  readonly store: StoreFunctions
  readonly holdsLock: () => boolean
}

const streams = new Set<keyof StoreFunctions>([
  "records",
  "changedRecords",
  "entries",
  "auditRecords",
  "contradictions",
  "unrecorded",
  "lines",
])

/** A store whose caller stops before its call number `atCall` until it is resumed. */
export const pausedStore = (store: StoreFunctions, pause: Pause): PausedStore => {
  let calls = 0
  let locked = false
  const gate = Effect.suspend(() => (calls++ === pause.atCall ? Effect.andThen(pause.reached, pause.resumed) : Effect.void))
  const gated: Record<string, unknown> = {}
  for (const [name, call] of Object.entries(store) as readonly (readonly [keyof StoreFunctions, (...args: never[]) => never])[]) {
    gated[name] = streams.has(name)
      ? (...args: never[]) => Stream.unwrap(Effect.as(gate, call(...args)))
      : (...args: never[]) =>
          Effect.andThen(
            gate,
            Effect.suspend(() => call(...args)),
          )
  }
  const decide: StoreFunctions["decide"] = (tenant, act) =>
    Effect.andThen(
      gate,
      store.decide(tenant, {
        ...act,
        act: (head) =>
          Effect.suspend(() => {
            locked = !lockless.has(store)
            // the write that follows is a call of the store as well
            return Effect.tap(act.act(head), () => gate)
          }),
      }),
    ).pipe(Effect.ensuring(Effect.sync(() => (locked = false))))
  return { store: { ...(gated as unknown as StoreFunctions), decide }, holdsLock: () => locked }
}

/** Stores whose acts hold nothing: while one is stopped, another can happen whole. */
const lockless = new WeakSet<StoreFunctions>()

/** The same store with acts that lock nothing: each decides on the head and rows that it happens to read. For the proof of the proof. */
export const unlockedStore = (store: StoreFunctions): StoreFunctions => {
  const unlocked: StoreFunctions = {
    ...store,
    decide: <A extends CanonicalValue, V, E, R>(tenant: string, { idempotency, act, view }: LockedAct<A, V, E, R>) =>
      Effect.gen(function* () {
        const plan = yield* act(yield* store.head(tenant))
        const committed =
          plan.events.length === 0 ? { answer: plan.answer } : yield* store.commit(tenant, idempotency, () => Result.succeed(plan))
        return { view: yield* view(committed.answer), replayed: false }
      }),
  }
  lockless.add(unlocked)
  return unlocked
}
