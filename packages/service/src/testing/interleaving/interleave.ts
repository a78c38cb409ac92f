import { Cause, Deferred, Effect, Exit, Fiber } from "effect"
import { RunError } from "../../run/RunError.ts"
import { BillingStore, StoreError, type StoreFunctions } from "../../store/index.ts"
import type { TriedAct, World } from "./acts.ts"
import { booksText } from "./booksText.ts"
import { pausedStore } from "./pausedStore.ts"

/** What was told to each act, in the order of the acts, and the books that they left. */
export interface Outcome {
  readonly told: readonly string[]
  readonly books: string
}

/** `done`, or how the act was refused. */
export const tellingOf = (exit: Exit.Exit<unknown, unknown>): string => {
  if (Exit.isSuccess(exit)) return "done"
  const error = Cause.findErrorOption(exit.cause)
  if (error._tag === "None") return `defect ${Cause.pretty(exit.cause).split("\n")[0]}`
  if (error.value instanceof RunError) return `refused: ${error.value.sentence.code}`
  return error.value instanceof StoreError ? `store: ${error.value.reason._tag} ${error.value.message}` : String(error.value)
}

let tenants = 0
export const freshTenant = (): string => {
  tenants += 1
  return `t${process.pid}x${String(tenants).padStart(7, "0")}`
}

/** The same for every run of an act at its place, so that the books of two runs can be compared. */
export const actorAt = (place: number) => ({ name: `actor ${place}`, requestId: `request ${place}` })

/** The acts one after another in the order given, in the books of a new tenant. */
const inOrder = Effect.fnUntraced(function* (world: World, acts: readonly TriedAct[], order: readonly number[]) {
  const tenant = freshTenant()
  yield* world.prepare(tenant)
  const told: string[] = []
  for (const place of order) told[place] = tellingOf(yield* Effect.exit((acts[place] as TriedAct).run(tenant, actorAt(place))))
  return { told, books: yield* booksText(tenant) } satisfies Outcome
})

/** How the acts end in each of their orders. */
export const ordersOf = (world: World, acts: readonly TriedAct[]) =>
  Effect.forEach(permutations(acts.map((_, place) => place)), (order) => inOrder(world, acts, order))

const permutations = (places: readonly number[]): readonly (readonly number[])[] =>
  places.length <= 1
    ? [places]
    : places.flatMap((place) => permutations(places.filter((other) => other !== place)).map((rest) => [place, ...rest]))

/**
 * Each act but the last stopped before its call of the store with the number given, the next one begun there, the last one whole (as
 * far as a lock lets it), then all go on. `stopped`: whether the first act has a call of that number.
 */
export const interleaved = Effect.fnUntraced(function* (
  store: StoreFunctions,
  world: World,
  acts: readonly TriedAct[],
  stops: readonly number[],
) {
  const tenant = freshTenant()
  yield* Effect.provideService(world.prepare(tenant), BillingStore, store)
  const begun: { readonly fiber: Fiber.Fiber<Exit.Exit<unknown, unknown>>; readonly resume: Deferred.Deferred<void> }[] = []
  let stopped = false
  let isLocked = false
  for (const [place, act] of acts.entries()) {
    const reached = yield* Deferred.make<void>()
    const resume = yield* Deferred.make<void>()
    const paused = pausedStore(store, {
      atCall: stops[place] ?? Number.POSITIVE_INFINITY,
      reached: Effect.asVoid(Deferred.succeed(reached, undefined)),
      resumed: Deferred.await(resume),
    })
    const fiber = yield* Effect.forkChild(Effect.exit(Effect.provideService(act.run(tenant, actorAt(place)), BillingStore, paused.store)))
    begun.push({ fiber, resume })
    // who meets the lock of a stopped act waits for it
    if (isLocked) yield* Effect.sleep("2 millis")
    else yield* Effect.raceFirst(Deferred.await(reached), Fiber.await(fiber))
    isLocked ||= paused.holdsLock()
    if (place === 0) stopped = yield* Deferred.isDone(reached)
  }
  for (const { resume } of begun.toReversed()) yield* Deferred.succeed(resume, undefined)
  const told: string[] = []
  for (const { fiber } of begun) told.push(tellingOf(yield* Fiber.join(fiber)))
  const books = yield* Effect.provideService(booksText(tenant), BillingStore, store)
  return { stopped, told, books }
})

/** Why an interleaving is neither of the two orders; null when it is one. */
export const whyOutOfOrder = (run: Outcome, orders: readonly Outcome[]): string | null => {
  const isOrder = orders.some(({ told, books }) => told.join() === run.told.join() && books === run.books)
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
