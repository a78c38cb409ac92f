import { Effect, Exit, Scope } from "effect"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { BillingStore, openStore, type StoreFunctions } from "../store/index.ts"
import { interleaved, ordersOf, whyOutOfOrder } from "../testing/interleaving/interleave.ts"
import { drawFrom, type Meeting, meetingOf, meetings, meetingText } from "../testing/interleaving/matrix.ts"
import { unlockedStore } from "../testing/interleaving/pausedStore.ts"
import { daysAfterOctober } from "../testing/octoberBooks.ts"
import { testingChain } from "../testing/testingChain.ts"
import { testingStorage } from "../testing/testingStorage.ts"

let scope: Scope.Closeable
let store: StoreFunctions

beforeAll(async () => {
  scope = Effect.runSync(Scope.make())
  store = await Effect.runPromise(Scope.provide(openStore({ location: await testingStorage(), chain: testingChain }), scope))
})

afterAll(() => Effect.runPromise(Scope.close(scope, Exit.void)))

/** In December, when October and November can be billed. */
const run = <A, E>(work: Effect.Effect<A, E, BillingStore>, within: StoreFunctions = store): Promise<A> =>
  Effect.runPromise(work.pipe(Effect.provideService(BillingStore, within), daysAfterOctober(32)))

/** What is out of order over all stops of the first act, each with its place. */
const faultsOf = async (meeting: Meeting, within: StoreFunctions): Promise<readonly string[]> => {
  const orders = await run(ordersOf(meeting.world, meeting.acts))
  const faults: string[] = []
  for (let atCall = 0; ; atCall++) {
    const outcome = await run(interleaved(within, meeting.world, meeting.acts, [atCall]))
    const why = whyOutOfOrder(outcome, orders)
    if (why !== null) faults.push(`${meetingText(meeting)} at call ${atCall}: ${why}`)
    if (!outcome.stopped) return faults
  }
}

/** Pairs that once left books of neither order. */
const known = [
  ["read", "bill", "bill"],
  ["read", "bill", "bill kelp"],
  ["billed", "post", "void"],
  ["billed", "post", "post"],
  ["read", "publish card b", "publish card c"],
  ["read", "override of account0", "override of account1"],
  ["read", "reading r-1", "reading r-2"],
  ["closed", "export", "export"],
] as const

/** Pairs of which one waits for the other, or is refused by it. */
const ordered = [...known, ["closed", "export", "reopen"], ["posted", "close", "void"], ["posted", "pay all", "credit"]] as const

/** How long pairs are drawn beside those that are always run. */
const drawnSeconds = Number(process.env.INTERLEAVING_SECONDS ?? 90)

describe("two acts, one stopped at each of its calls of the store while the other happens", () => {
  it.each(ordered)("in the world %s, %s and %s leave the books of one of their orders", async (world, one, other) => {
    expect(await faultsOf(meetingOf(world, one, other), store)).toEqual([])
    expect(await faultsOf(meetingOf(world, other, one), store)).toEqual([])
  })

  it.each(known)("the harness sees it when acts lock nothing: %s, %s and %s", async (world, one, other) => {
    expect(await faultsOf(meetingOf(world, one, other), unlockedStore(store))).not.toEqual([])
  })

  it("pairs and stops drawn by a seed leave the books of one of their orders, and none says busy", async () => {
    const seed = Number(process.env.INTERLEAVING_SEED ?? Math.floor(Math.random() * 1_000_000))
    const draw = drawFrom(seed)
    const faults: string[] = []
    const counts = { runs: 0, busy: 0 }
    for (const endMilliseconds = performance.now() + drawnSeconds * 1_000; performance.now() < endMilliseconds; ) {
      const meeting = meetings[draw(meetings.length)] as Meeting
      const orders = await run(ordersOf(meeting.world, meeting.acts))
      for (const atCall of [draw(4), draw(16), draw(48)]) {
        const outcome = await run(interleaved(store, meeting.world, meeting.acts, [atCall]))
        counts.runs += 1
        if (outcome.told.some((told) => told.includes("busy"))) counts.busy += 1
        const why = whyOutOfOrder(outcome, orders)
        if (why !== null) faults.push(`${meetingText(meeting)} at call ${atCall}: ${why}`)
      }
    }
    console.log(`   ${counts.runs} interleavings, seed ${seed} (INTERLEAVING_SEED repeats them)`)
    expect(counts.runs).toBeGreaterThan(0)
    expect(faults).toEqual([])
    expect(counts.busy).toBe(0)
  })
})
