import { Effect, Redacted, Result } from "effect"
import type { StoreFunctions } from "../store/BillingStore.ts"
import { openStore, type StoreLocation } from "../store/openStore.ts"
import { openPeriod, sampleEntry, sampleEvent } from "./samples.ts"
import { testingChain } from "./testingChain.ts"

/**
 * A process that writes until it has made `commits` or is killed. Each acknowledged commit is a line `key place number` on
 * standard output; an error is a line `error TAG sentence` and exit code 1. Arguments: one JSON text of `WriterTask`.
 */
export interface WriterTask {
  readonly location: { readonly folder: string } | { readonly url: string }
  readonly tenant: string
  /** Before each key, so that keys of several writers differ. */
  readonly name: string
  readonly fibers: number
  readonly commits: number
}

/** Posts one entry and takes one number, under its key: asked again it answers the same. */
export const writeOne = (store: StoreFunctions, tenant: string, key: string) =>
  store.commit(tenant, { key, bodySha256: key }, (head) =>
    Result.succeed({
      answer: head.nextNumber("INV", 2026).toString(),
      events: [sampleEvent(key)],
      numbers: [{ series: "INV", year: 2026, taken: 1 }],
      periods: head.periods.has("2026-10") ? [] : [openPeriod(tenant)],
      entries: [sampleEntry(tenant, key, 100n)],
    }),
  )

const locationOf = ({ location }: WriterTask): StoreLocation =>
  "url" in location ? { kind: "postgres", url: Redacted.make(location.url) } : { kind: "folder", folder: location.folder }

const write = (task: WriterTask) =>
  Effect.gen(function* () {
    const store = yield* openStore({ location: locationOf(task), chain: testingChain })
    process.stdout.write("open\n")
    let next = 0
    const fiber = Effect.gen(function* () {
      while (next < task.commits) {
        const key = `${task.name}-${next++}`
        const { answer, commitSequence } = yield* writeOne(store, task.tenant, key)
        process.stdout.write(`${key} ${commitSequence} ${answer}\n`)
      }
    })
    yield* Effect.all(
      Array.from({ length: task.fibers }, () => fiber),
      { concurrency: "unbounded" },
    )
  }).pipe(
    Effect.scoped,
    Effect.catch((error) =>
      Effect.sync(() => {
        process.stdout.write(`error ${error.reason._tag} ${error.message}\n`)
        process.exitCode = 1
      }),
    ),
  )

const [argument] = process.argv.slice(2)
if (import.meta.main && argument !== undefined) await Effect.runPromise(write(JSON.parse(argument)))
