import { Effect, Result, Stream } from "effect"
import { TestClock } from "effect/testing"
import { describe, expect, it } from "vitest"
import { sampleEvent } from "../../testing/samples.ts"
import { testingChain } from "../../testing/testingChain.ts"
import { testingStorage } from "../../testing/testingStorage.ts"
import { openStore } from "../openStore.ts"

describe("makeSequencer", () => {
  it("seals what was written a minute later, when nothing else comes, and then rests", async () => {
    const kinds = Effect.gen(function* () {
      const store = yield* openStore({ location: yield* Effect.promise(testingStorage), chain: testingChain })
      yield* TestClock.setTime(1_790_812_800_000)
      const write = store.commit("t", null, () => Result.succeed({ answer: null, events: [sampleEvent("write")] }))
      const read = Effect.map(Stream.runCollect(store.auditRecords("t", 1n)), (records) => records.map((record) => record.kind))
      const sealed = Effect.gen(function* () {
        const { chain } = yield* store.head("t")
        return chain.sequence === chain.checkpointSequence
      })
      yield* write
      yield* write
      expect(yield* read).toEqual(["event", "checkpoint", "event"])
      yield* TestClock.adjust("59 seconds")
      expect(yield* sealed).toBe(false)
      yield* TestClock.adjust("1 second")
      yield* Effect.promise(() => expect.poll(() => Effect.runPromise(sealed), { timeout: 5_000 }).toBe(true))
      yield* TestClock.adjust("10 minutes")
      return yield* read
    })
    const run = kinds.pipe(Effect.scoped, Effect.provide(TestClock.layer()))
    expect(await Effect.runPromise(run)).toEqual(["event", "checkpoint", "event", "checkpoint"])
  })
})
