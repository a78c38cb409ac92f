import { createInterface } from "node:readline"
import { Effect, Redacted } from "effect"
import { BillingStore, openStore } from "../../store/index.ts"
import { daysAfterOctober } from "../octoberBooks.ts"
import { testingChain } from "../testingChain.ts"
import { acts } from "./acts.ts"
import { actorAt, tellingOf } from "./interleave.ts"

/**
 * A process that does acts as it is told to: a line `TENANT PLACE ACT` on standard input, answered by a line with what was told.
 * Argument: the address of the PostgreSQL database.
 */
const work = (url: string) =>
  Effect.gen(function* () {
    const store = yield* openStore({ location: { kind: "postgres", url: Redacted.make(url) }, chain: testingChain })
    process.stdout.write("open\n")
    const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
    for (;;) {
      const { value: line, done } = yield* Effect.promise(() => lines.next())
      if (done === true) return
      const [tenant = "", place = "", ...words] = line.split(" ")
      const act = acts.find(({ name }) => name === words.join(" "))
      if (act === undefined) throw new RangeError(`there is no act "${words.join(" ")}"`)
      const tried = act.run(tenant, actorAt(Number(place))).pipe(Effect.provideService(BillingStore, store), daysAfterOctober(32))
      process.stdout.write(`${tellingOf(yield* Effect.exit(tried))}\n`)
    }
  }).pipe(Effect.scoped)

const [url] = process.argv.slice(2)
if (import.meta.main && url !== undefined) await Effect.runPromise(work(url))
