import { instantOfLocal } from "@hpc-billing/core"
import { Clock, Effect, Layer } from "effect"
import { expect, it } from "vitest"
import type { LimitedIdentity } from "../../api/Identity.ts"
import { Caller } from "../../api/Identity.ts"
import { publishBooks } from "../../run/publishBooks.ts"
import { BillingStore, openStore } from "../../store/index.ts"
import { octoberActor, octoberPayerBook, octoberRateBook, octoberSite } from "../../testing/octoberBooks.ts"
import { sampleRecord } from "../../testing/samples.ts"
import { testingChain } from "../../testing/testingChain.ts"
import { testingClock } from "../../testing/testingClock.ts"
import { testingStorage } from "../../testing/testingStorage.ts"
import { figuresCacheLayer } from "../figures/FiguresCache.ts"
import { ServiceContext } from "../ServiceContext.ts"
import { summaryOf } from "./usage.ts"

const identity: LimitedIdentity = {
  name: "fin",
  displayName: "fin",
  roles: ["finance"],
  users: [],
  accounts: [],
  tenants: null,
  limits: new Map(),
}

it.each([
  ["Pacific/Kiritimati", "2026-11", 12],
  ["Pacific/Apia", "2026-11", 13],
  ["Pacific/Chatham", "2026-09", 30],
  ["Pacific/Chatham", "2026-04", 11],
  ["Pacific/Pago_Pago", "2026-11", 12],
  ["America/St_Johns", "2026-11", 8],
  ["America/Los_Angeles", "2026-03", 15],
])("in %s the forecast of %s on day %s rests on the last seven days of the zone's own calendar", async (zone, month, today) => {
  const local = (day: number, hour: number): number =>
    instantOfLocal({ year: 2026, month: Number(month.slice(5)), day, hour, minute: 0, second: 0 }, zone)
  const now = local(today, 0)
  // one job of ten THB on each of the seven days that have just ended, one of hundreds on the day before them
  const job = (daysAgo: number, cpu: number) => {
    const startSeconds = local(today - daysAgo, 18)
    const times = { submitSeconds: startSeconds, eligibleSeconds: startSeconds, startSeconds, endSeconds: startSeconds + 3_600 }
    return sampleRecord(daysAgo, { ...times, allocated: { cpu, mem: 1_024, node: 1, billing: cpu } })
  }
  const jobs = [...Array.from({ length: 7 }, (_, index) => job(index + 1, 4)), ...(today > 8 ? [job(8, 200)] : [])]
  const tenant = "zoned"
  const steps = Effect.gen(function* () {
    const store = yield* BillingStore
    yield* publishBooks({ ...octoberSite(tenant), zone }, { ...octoberRateBook, zone }, octoberPayerBook, octoberActor)
    yield* store.ingestRecords(tenant, jobs)
    return yield* summaryOf(tenant, month, {})
  })
  const summary = await Effect.runPromise(
    Effect.gen(function* () {
      const store = yield* openStore({ location: yield* Effect.promise(testingStorage), chain: testingChain })
      const shared = Layer.mergeAll(Layer.succeed(BillingStore)(store), Layer.succeed(ServiceContext)({ tenants: new Map() }))
      return yield* Effect.provideService(steps, Caller, { identity, requestId: "r" }).pipe(
        Effect.provide(figuresCacheLayer.pipe(Layer.provideMerge(shared))),
      )
    }).pipe(
      Effect.scoped,
      Effect.provideService(
        Clock.Clock,
        testingClock(() => now),
      ),
    ),
  )
  const monthEnd = Number(month.slice(5)) + 1
  const endSeconds = instantOfLocal({ year: 2026, month: monthEnd, day: 1, hour: 0, minute: 0, second: 0 }, zone)
  const spentMinor = today > 8 ? 57_000 : 7_000
  const wantedMinor = String(spentMinor + Math.round((1_000 * (endSeconds - now)) / 86_400))
  expect(summary.total.amountMinor).toBe(String(spentMinor))
  expect([summary.forecast?.low, summary.forecast?.middle, summary.forecast?.high].map((each) => each?.amountMinor)).toEqual([
    wantedMinor,
    wantedMinor,
    wantedMinor,
  ])
})
