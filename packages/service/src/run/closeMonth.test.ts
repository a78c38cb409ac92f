import { addMonths } from "@hpc-billing/core"
import { Effect, Exit, Scope } from "effect"
import { afterAll, beforeAll, expect, it } from "vitest"
import { BillingStore, openStore, type StoreFunctions } from "../store/index.ts"
import { closeOctober, daysAfterOctober, octoberActor, postOctober } from "../testing/octoberBooks.ts"
import { testingChain } from "../testing/testingChain.ts"
import { testingStorage } from "../testing/testingStorage.ts"
import { closeMonth } from "./closeMonth.ts"

const scope = Effect.runSync(Scope.make())
let store: StoreFunctions

beforeAll(async () => {
  store = await Effect.runPromise(Scope.provide(openStore({ location: await testingStorage(), chain: testingChain }), scope))
})
afterAll(() => Effect.runPromise(Scope.close(scope, Exit.void)))

const run = <A, E>(effect: Effect.Effect<A, E, BillingStore>, days: number) =>
  Effect.runPromise(Effect.result(Effect.provideService(daysAfterOctober(days)(effect), BillingStore, store)))

it("refuses a month while an earlier one is open, however far, and closes it once none is", async () => {
  const tenant = "in-order"
  await run(postOctober(tenant), 1)
  const close = (month: string) => run(closeMonth(tenant, month, octoberActor), 100)
  for (const later of [1, 2]) {
    const month = addMonths("2026-10", later)
    expect(await close(month)).toMatchObject({
      _tag: "Failure",
      failure: { reason: "not-ready", sentence: { code: "close-earlier-open", params: { earlier: "2026-10", month } } },
    })
  }
  expect((await Effect.runPromise(store.periods(tenant))).map(({ month, status }) => [month, status.kind])).toEqual([["2026-10", "open"]])

  await run(closeOctober(tenant), 1)
  expect(await close("2026-12")).toMatchObject({ failure: { sentence: { params: { earlier: "2026-11" } } } })
  for (const month of ["2026-11", "2026-12"]) expect(await close(month)).toMatchObject({ _tag: "Success", success: { already: false } })
})
