import assert from "node:assert/strict"
import { decodeEvent } from "@hpc-billing/ledger"
import { Effect, Exit, Stream } from "effect"
import type { CommitPlan, LockedAct, StoreFunctions } from "../store/BillingStore.ts"
import { type ConformanceCase, check, numbers, plan, refusal } from "./conformanceCase.ts"
import { openPeriod, sampleEntry, sampleEvent } from "./samples.ts"

type TextAct = LockedAct<string, string, unknown, never>

/** An act that is decided from the number of entries it reads and posts one more. */
const countAct = (store: StoreFunctions, tenant: string, change: Partial<TextAct> = {}): TextAct => ({
  idempotency: null,
  dryRun: false,
  act: (head) =>
    Effect.gen(function* () {
      const posted = (yield* Stream.runCollect(store.entries(tenant, {}))).length
      // lets everything else run that can
      yield* Effect.sleep("2 millis")
      return {
        answer: `entry-${posted}`,
        events: [sampleEvent(`entry-${posted}`), sampleEvent(`entry-${posted} again`)],
        numbers: [{ series: "INV", year: 2026, taken: 1 }],
        periods: head.periods.has("2026-10") ? [] : [openPeriod(tenant)],
        entries: [sampleEntry(tenant, `entry-${posted}`, 1n)],
      } satisfies CommitPlan<string>
    }),
  view: (answer) => Effect.map(store.listEntries(tenant, {}, { cursor: null, limit: 1_000 }), ({ rows }) => `${answer} of ${rows.length}`),
  ...change,
})

const eventsOf = (store: StoreFunctions, tenant: string) =>
  Effect.map(Stream.runCollect(store.auditRecords(tenant, 1n)), (records) =>
    Array.from(records).flatMap(({ payload, kind }) => (kind === "event" ? (decodeEvent(payload) ?? []) : [])),
  )

/** What `decide` of every store does. */
export const actConformance: readonly ConformanceCase[] = [
  check("acts: what one reads stands until it has written, whatever else wants to write", function* (store, tenant) {
    const acts = numbers(12).map(() => Effect.map(store.decide(tenant, countAct(store, tenant)), ({ view }) => view))
    const appends = numbers(12).map((number) => Effect.asVoid(store.commit(tenant, null, () => plan(`append-${number}`))))
    const views = yield* Effect.all([...acts, ...appends], { concurrency: "unbounded" })
    const seen = views.filter((view) => view !== undefined).sort()
    assert.deepEqual(
      seen,
      numbers(12)
        .map((number) => `entry-${number} of ${number + 1}`)
        .sort(),
    )
    const head = yield* store.head(tenant)
    assert.deepEqual([head.entryCount, head.nextNumber("INV", 2026), head.commitSequence], [12n, 13n, 24n])
  }),

  check("acts: the events of one have one id, greater than that of every act before", function* (store, tenant) {
    yield* Effect.all(
      numbers(5).map(() => store.decide(tenant, countAct(store, tenant))),
      { concurrency: "unbounded" },
    )
    yield* store.commit(tenant, null, () => plan("append"))
    const ids = (yield* eventsOf(store, tenant)).map(({ actionId }) => actionId)
    assert.deepEqual(ids, ["1", "1", "2", "2", "3", "3", "4", "4", "5", "5", "6"])
  }),

  check("acts: a dry run sees what it would leave, and leaves nothing", function* (store, tenant) {
    const tried = yield* store.decide(tenant, countAct(store, tenant, { dryRun: true }))
    assert.deepEqual(tried, { view: "entry-0 of 1", replayed: false })
    assert.equal((yield* store.head(tenant)).commitSequence, 0n)
    assert.deepEqual(yield* eventsOf(store, tenant), [])
    assert.equal((yield* store.decide(tenant, countAct(store, tenant))).view, "entry-0 of 1")
    assert.equal((yield* store.decide(tenant, countAct(store, tenant, { dryRun: true }))).view, "entry-1 of 2")
    assert.equal((yield* store.head(tenant)).entryCount, 1n)
  }),

  check(
    "acts: the same key and body replay, another body is refused, a refusal and a plan without events leave no trace",
    function* (store, tenant) {
      const idempotency = { key: "key", bodySha256: "one" }
      const refused = countAct(store, tenant, { idempotency, act: () => Effect.fail("not today") })
      assert.equal(yield* refusal(store.decide(tenant, refused)), "not today")
      const nothing = countAct(store, tenant, { idempotency, act: () => Effect.succeed({ answer: "nothing left", events: [] }) })
      assert.equal((yield* store.decide(tenant, nothing)).view, "nothing left of 0")
      assert.equal(yield* store.commandAnswer(tenant, idempotency), null)
      assert.equal((yield* store.head(tenant)).commitSequence, 0n)
      const acts = numbers(4).map(() => store.decide(tenant, countAct(store, tenant, { idempotency })))
      const decided = yield* Effect.all(acts, { concurrency: "unbounded" })
      assert.equal(decided.filter(({ replayed }) => !replayed).length, 1)
      assert.ok(decided.every(({ view }) => view === "entry-0 of 1"))
      assert.deepEqual(yield* store.commandAnswer(tenant, idempotency), { answer: "entry-0" })
      const other = { ...idempotency, bodySha256: "two" }
      assert.equal(yield* refusal(store.decide(tenant, countAct(store, tenant, { idempotency: other }))), "IdempotencyConflict")
      assert.equal(yield* refusal(store.commandAnswer(tenant, other)), "IdempotencyConflict")
      assert.equal((yield* store.head(tenant)).entryCount, 1n)
    },
  ),

  check("acts: one that fails, is interrupted or meets a defect gives the books back", function* (store, tenant) {
    const endless = countAct(store, tenant, { act: () => Effect.never })
    yield* Effect.ignore(Effect.timeout(store.decide(tenant, endless), "20 millis"))
    const defect = yield* Effect.exit(store.decide(tenant, countAct(store, tenant, { act: () => Effect.die(new Error("mistake")) })))
    assert.ok(Exit.isFailure(defect))
    const closed = countAct(store, tenant, {
      act: () => Effect.succeed({ answer: "", events: [sampleEvent("closed")], entries: [sampleEntry(tenant, "never-opened", 1n)] }),
    })
    assert.equal(yield* refusal(store.decide(tenant, closed)), "PeriodClosed")
    const unseen = countAct(store, tenant, { view: () => Effect.fail("the view failed") })
    assert.equal(yield* refusal(store.decide(tenant, unseen)), "the view failed")
    assert.equal((yield* store.head(tenant)).commitSequence, 0n)
    assert.equal((yield* store.decide(tenant, countAct(store, tenant))).view, "entry-0 of 1")
  }),

  check("acts: one inside another is a mistake that shows at once", function* (store, tenant) {
    const nested = countAct(store, tenant, {
      act: () => Effect.map(store.decide(tenant, countAct(store, tenant)), ({ view }) => ({ answer: view, events: [] })),
    })
    const exit = yield* Effect.exit(store.decide(tenant, nested))
    assert.ok(Exit.isFailure(exit) && /began inside a transaction/.test(String(exit.cause)))
  }),
]
