import type { JobRecord, Reading } from "@hpc-billing/core"
import { Clock, Effect, Exit, Scope, Stream } from "effect"
import { billMonth } from "../run/billMonth.ts"
import { closeMonth } from "../run/closeMonth.ts"
import { ingestSource } from "../run/ingestSource.ts"
import { postMonthJournal } from "../run/postMonthJournal.ts"
import { ingestReadings } from "../run/Readings.ts"
import { BillingStore, openStore } from "../store/index.ts"
import { testingChain } from "./testingChain.ts"
import { testingClock } from "./testingClock.ts"
import { testingStorage } from "./testingStorage.ts"

const actor = { name: "test", requestId: "testing-books" }

/** A store of its own on a clock that stands where it is set, and the acts of a month on it. */
export const openTestingBooks = async () => {
  const scope = Effect.runSync(Scope.make())
  let nowSeconds = 0
  const withClock = Effect.provideService(
    Clock.Clock,
    testingClock(() => nowSeconds),
  )
  const opening = openStore({ location: await testingStorage(), chain: testingChain })
  const store = await Effect.runPromise(Scope.provide(opening, scope).pipe(withClock))
  const run = <A, E>(work: Effect.Effect<A, E, BillingStore>): Promise<A> =>
    Effect.runPromise(work.pipe(Effect.provideService(BillingStore, store), withClock))
  const ingest = (tenant: string, records: readonly JobRecord[]) =>
    run(
      ingestSource(Stream.make(records.map((record) => ({ _tag: "Record" as const, record }))), {
        tenant,
        clusters: ["ci"],
        source: "test",
        actor,
      }),
    )
  const bill = (tenant: string, month: string) => run(billMonth(tenant, month, actor))
  const close = (tenant: string, month: string) =>
    run(Effect.andThen(postMonthJournal(tenant, month, actor), closeMonth(tenant, month, actor)))
  return {
    store,
    actor,
    run,
    ingest,
    bill,
    /** Posts the month first. */
    close,
    read: (tenant: string, readings: readonly Reading[]) => run(ingestReadings(tenant, readings, actor)),
    /** The sentence that refuses it. */
    refusal: <A, E extends { readonly message: string }>(work: Effect.Effect<A, E, BillingStore>): Promise<string> =>
      run(Effect.map(Effect.flip(work), ({ message }) => message)),
    setNow: (atSeconds: number): void => {
      nowSeconds = atSeconds
    },
    stop: () => Effect.runPromise(Scope.close(scope, Exit.void)),
  }
}

export type TestingBooks = Awaited<ReturnType<typeof openTestingBooks>>
