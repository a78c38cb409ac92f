import { parseDecimal, type Reading } from "@hpc-billing/core"
import { Effect, Layer } from "effect"
import { expect, test } from "vitest"
import { billMonth } from "../../run/billMonth.ts"
import { ingestReadings } from "../../run/Readings.ts"
import { voidReceipt } from "../../run/voidReceipt.ts"
import { BillingStore, openStore } from "../../store/index.ts"
import { closeOctober, daysAfterOctober, octoberActor, postOctober } from "../../testing/octoberBooks.ts"
import { octoberEndSeconds, octoberStartSeconds, sampleRecord } from "../../testing/samples.ts"
import { testingChain } from "../../testing/testingChain.ts"
import { ServiceContext } from "../ServiceContext.ts"
import { FiguresCache, figuresCacheLayer } from "./FiguresCache.ts"

const tenant = "cached"
const lateSeconds = octoberStartSeconds + 2 * 86_400

const inNovember = (number: number) =>
  sampleRecord(number, {
    submitSeconds: octoberEndSeconds + number,
    startSeconds: octoberEndSeconds + number,
    endSeconds: octoberEndSeconds + number + 60,
  })

const storage: Reading = {
  service: "ci",
  id: "r1",
  account: "account1",
  user: "",
  resource: "storage",
  unit: "TiB-h",
  description: "",
  quantity: parseDecimal("2") as Reading["quantity"],
  startSeconds: octoberStartSeconds,
  endSeconds: octoberStartSeconds + 3_600,
}

const onOwnStore = <E>(steps: Effect.Effect<void, E, BillingStore | FiguresCache>): Promise<void> =>
  Effect.gen(function* () {
    const store = yield* openStore({ location: { kind: "memory" }, chain: testingChain })
    const shared = Layer.mergeAll(Layer.succeed(BillingStore)(store), Layer.succeed(ServiceContext)({ tenants: new Map() }))
    return yield* steps.pipe(Effect.provide(figuresCacheLayer.pipe(Layer.provideMerge(shared))))
  }).pipe(Effect.scoped, Effect.runPromise)

test("a month is read again only when something changed that it rests on", async () => {
  const steps = Effect.gen(function* () {
    const store = yield* BillingStore
    const cache = yield* FiguresCache
    const october = cache.month(tenant, "2026-10")
    const november = cache.month(tenant, "2026-11")
    yield* postOctober(tenant)
    yield* store.ingestRecords(tenant, [inNovember(1_001)])

    const [first, firstNovember] = [yield* october, yield* november]
    expect([yield* october, yield* november]).toEqual([first, firstNovember])
    yield* store.ingestRecords(tenant, [inNovember(1_002)])
    expect(yield* october).toBe(first)
    const grown = yield* november
    expect(grown.usages.size).toBe(firstNovember.usages.size + 1)

    yield* store.ingestRecords(tenant, [
      sampleRecord(1_003, { submitSeconds: lateSeconds, startSeconds: lateSeconds, endSeconds: lateSeconds + 60 }),
    ])
    const withLate = yield* october
    expect(withLate.usages.size).toBe(first.usages.size + 1)
    expect(yield* november).toBe(grown)

    yield* ingestReadings(tenant, [storage], octoberActor)
    expect(yield* october).not.toBe(withLate)

    yield* postOctober(tenant)
    yield* closeOctober(tenant)
    const closed = yield* october
    const before = yield* november
    yield* store.ingestRecords(tenant, [
      sampleRecord(1_004, { submitSeconds: lateSeconds, startSeconds: lateSeconds, endSeconds: lateSeconds + 60 }),
    ])
    expect(yield* october).toBe(closed)
    expect((yield* november).usages.size).toBe(before.usages.size + 1)
  }).pipe(daysAfterOctober(3))
  await onOwnStore(steps)
})

test("a month shows the late usage of a closed month for as long as no receipt of another open month bills it", async () => {
  const steps = Effect.gen(function* () {
    const store = yield* BillingStore
    const cache = yield* FiguresCache
    const december = Effect.map(cache.month(tenant, "2026-12"), ({ drafts }) => drafts.map(({ lines }) => lines.length))
    const late = Effect.map(cache.fates(tenant, "2026-10"), ({ fates }) =>
      fates.flatMap(({ jobId, kind }) => (jobId === "1004" ? [kind] : [])),
    )
    yield* postOctober(tenant)
    yield* closeOctober(tenant)
    yield* store.ingestRecords(tenant, [
      sampleRecord(1_004, { submitSeconds: lateSeconds, startSeconds: lateSeconds, endSeconds: lateSeconds + 60 }),
    ])
    expect([yield* december, yield* late]).toEqual([[1], ["unbilled"]])
    const { receipts } = yield* billMonth(tenant, "2026-11", octoberActor)
    expect([yield* december, yield* late]).toEqual([[], ["billed"]])
    yield* voidReceipt(tenant, receipts[0]?.id ?? "", "wrong address", octoberActor)
    expect([yield* december, yield* late]).toEqual([[1], ["unbilled"]])
  }).pipe(daysAfterOctober(70))
  await onOwnStore(steps)
})
