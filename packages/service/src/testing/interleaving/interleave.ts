import { Cause, Deferred, Effect, Exit, Fiber } from "effect"
import { RunError } from "../../run/RunError.ts"
import { BillingStore, StoreError, type StoreFunctions } from "../../store/index.ts"
import type { TriedAct, World } from "./acts.ts"
import { booksText } from "./booksText.ts"
import { pausedStore } from "./pausedStore.ts"

/** What was told to each of the two, and the books that they left. */
export interface Outcome {
  readonly told: readonly [first: string, second: string]
  readonly books: string
}

/** One run of a pair: the first act stopped at a call of the store while the second happened. */
export interface Interleaved extends Outcome {
  /** false: the first act has no call of that number. */
  readonly stopped: boolean
}

/** `done`, or how the act was refused. */
const tellingOf = (exit: Exit.Exit<unknown, unknown>): string => {
  if (Exit.isSuccess(exit)) return "done"
  const error = Cause.findErrorOption(exit.cause)
  if (error._tag === "None") return `defect ${Cause.pretty(exit.cause).split("\n")[0]}`
  if (error.value instanceof RunError) return `refused: ${error.value.sentence.code}`
  return error.value instanceof StoreError ? `store: ${error.value.reason._tag} ${error.value.message}` : String(error.value)
}

let tenants = 0
const freshTenant = (): string => {
  tenants += 1
  return `t${process.pid}x${String(tenants).padStart(7, "0")}`
}

const first = { name: "first", requestId: "first" }
const second = { name: "second", requestId: "second" }

/** The two one after the other, the named one first, in the books of a new tenant. */
export const inOrder = Effect.fnUntraced(function* (world: World, pair: readonly [TriedAct, TriedAct], order: "first" | "second") {
  const tenant = freshTenant()
  yield* world.prepare(tenant)
  const one = Effect.exit(pair[0].run(tenant, first))
  const other = Effect.exit(pair[1].run(tenant, second))
  const exits = order === "first" ? [yield* one, yield* other] : [yield* other, yield* one].reverse()
  return { told: exits.map(tellingOf) as unknown as Outcome["told"], books: yield* booksText(tenant) } satisfies Outcome
})

/** The first act up to its call number `atCall`, then the second whole (as far as the lock lets it), then the rest of the first. */
export const interleaved = Effect.fnUntraced(function* (
  store: StoreFunctions,
  world: World,
  pair: readonly [TriedAct, TriedAct],
  atCall: number,
) {
  const tenant = freshTenant()
  yield* Effect.provideService(world.prepare(tenant), BillingStore, store)
  const reached = yield* Deferred.make<void>()
  const resume = yield* Deferred.make<void>()
  const paused = pausedStore(store, {
    atCall,
    reached: Effect.asVoid(Deferred.succeed(reached, undefined)),
    resumed: Deferred.await(resume),
  })
  const one = yield* Effect.forkChild(Effect.exit(Effect.provideService(pair[0].run(tenant, first), BillingStore, paused.store)))
  yield* Effect.raceFirst(Deferred.await(reached), Fiber.await(one))
  const stopped = yield* Deferred.isDone(reached)
  const other = yield* Effect.forkChild(Effect.exit(Effect.provideService(pair[1].run(tenant, second), BillingStore, store)))
  // who meets the lock waits for the first act: it goes on
  if (paused.holdsLock()) yield* Effect.sleep("2 millis")
  else yield* Fiber.await(other)
  yield* Deferred.succeed(resume, undefined)
  const told = [tellingOf(yield* Fiber.join(one)), tellingOf(yield* Fiber.join(other))] as const
  const books = yield* Effect.provideService(booksText(tenant), BillingStore, store)
  return { stopped, told, books } satisfies Interleaved
})

/** Why an interleaving is neither of the two orders; null when it is one. */
export const whyOutOfOrder = (run: Outcome, orders: readonly Outcome[]): string | null => {
  const isOrder = orders.some(({ told, books }) => told[0] === run.told[0] && told[1] === run.told[1] && books === run.books)
  if (isOrder) return null
  const sameBooks = orders.find(({ books }) => books === run.books)
  const told = `told ${run.told.join(" | ")}; in order ${orders.map((order) => order.told.join(" | ")).join("  or  ")}`
  return sameBooks === undefined ? `${told}\n${firstDifference(run.books, (orders[0] as Outcome).books)}` : told
}

const firstDifference = (left: string, right: string): string => {
  const [ours, theirs] = [left.split("\n"), right.split("\n")]
  const more = ours.filter((line) => !theirs.includes(line)).slice(0, 3)
  const less = theirs.filter((line) => !ours.includes(line)).slice(0, 3)
  return [...more.map((line) => `+ ${line.slice(0, 240)}`), ...less.map((line) => `- ${line.slice(0, 240)}`)].join("\n")
}
