/**
 * Acts a second that decide on what they read, at 1, 8 and 32 writers of one tenant: the head row locked first, compare-and-set on the
 * head and try again, and serialisable transactions and try again, on the same PostgreSQL server with the same rows; then the store's
 * own `decide`, with its audit chain. Tries that were thrown away are counted.
 */
import * as PgClient from "@effect/sql-pg/PgClient"
import { Effect, Redacted } from "effect"
import { Reactivity } from "effect/reactivity"
import { openStore } from "../src/store/openStore.ts"
import { postgresBinaries, testingPostgres } from "../src/testing/postgres.ts"
import { sampleEvent } from "../src/testing/samples.ts"
import { testingChain } from "../src/testing/testingChain.ts"
import { diskSyncsASecond } from "./diskSyncs.ts"

const seconds = 3
const writerCounts = [1, 8, 32]

interface Tries {
  again: number
}

/** Reads the head and one of many documents, and writes both. */
const ways = (sql: PgClient.PgClient) => {
  const readHead = (suffix: string) => sql.unsafe<{ head: bigint }>(`SELECT head FROM bench_head WHERE tenant = 't' ${suffix}`)
  const decideRows = Effect.gen(function* () {
    const key = Math.floor(Math.random() * 1_000)
    const [row] = yield* sql<{ version: bigint }>`SELECT version FROM bench_document WHERE key = ${key}`
    yield* sql`UPDATE bench_document SET version = ${(row?.version ?? 0n) + 1n} WHERE key = ${key}`
  })
  const locked = (_tries: Tries) =>
    Effect.gen(function* () {
      const [row] = yield* readHead("FOR UPDATE")
      yield* decideRows
      yield* sql`UPDATE bench_head SET head = ${(row?.head ?? 0n) + 1n} WHERE tenant = 't'`
    }).pipe(sql.withTransaction)
  const compared = (tries: Tries): Effect.Effect<void, unknown> =>
    Effect.gen(function* () {
      const [row] = yield* readHead("")
      yield* decideRows
      const won =
        yield* sql`UPDATE bench_head SET head = ${(row?.head ?? 0n) + 1n} WHERE tenant = 't' AND head = ${row?.head ?? 0n} RETURNING head`
      if (won.length === 0) return yield* Effect.fail("moved" as const)
    }).pipe(
      sql.withTransaction,
      Effect.catch((error) => {
        tries.again += 1
        return error === "moved" ? compared(tries) : Effect.fail(error)
      }),
    )
  const serialisable = (tries: Tries): Effect.Effect<void, unknown> =>
    Effect.gen(function* () {
      yield* sql`SET TRANSACTION ISOLATION LEVEL SERIALIZABLE`
      const [row] = yield* readHead("")
      yield* decideRows
      yield* sql`UPDATE bench_head SET head = ${(row?.head ?? 0n) + 1n} WHERE tenant = 't'`
    }).pipe(
      sql.withTransaction,
      Effect.catch(() => {
        tries.again += 1
        return serialisable(tries)
      }),
    )
  return { locked, compared, serialisable }
}

const rate = (writers: number, act: (tries: Tries) => Effect.Effect<unknown, unknown>) =>
  Effect.gen(function* () {
    const tries: Tries = { again: 0 }
    const started = performance.now()
    let acts = 0
    const writer = Effect.gen(function* () {
      while (performance.now() - started < seconds * 1_000) {
        yield* act(tries)
        acts += 1
      }
    })
    yield* Effect.all(
      Array.from({ length: writers }, () => writer),
      { concurrency: "unbounded" },
    )
    const perSecond = Math.round((acts * 1_000) / (performance.now() - started))
    return { perSecond, text: `${perSecond} (${Math.round((100 * tries.again) / Math.max(1, acts + tries.again))} % of tries repeated)` }
  })

const bench = Effect.gen(function* () {
  const [binaries] = postgresBinaries()
  if (binaries === undefined) return console.log("No PostgreSQL server is installed: apt-get install postgresql")
  const server = yield* testingPostgres(binaries)
  const store = yield* openStore({ location: { kind: "postgres", url: Redacted.make(server.url) }, chain: testingChain })
  const sql = yield* PgClient.make({ url: Redacted.make(server.url), maxConnections: 33 })
  yield* sql`CREATE TABLE bench_head (tenant text PRIMARY KEY, head bigint NOT NULL)`
  yield* sql`INSERT INTO bench_head VALUES ('t', 0)`
  yield* sql`CREATE TABLE bench_document (key int4 PRIMARY KEY, version bigint NOT NULL)`
  yield* sql`INSERT INTO bench_document SELECT n, 0 FROM generate_series(0, 999) AS s (n)`
  const { locked, compared, serialisable } = ways(sql)
  const decided = () =>
    store.decide("bench", {
      idempotency: null,
      dryRun: false,
      act: () =>
        Effect.map(store.document("bench", "site", null), (document) => ({
          answer: document?.version ?? 0,
          events: [sampleEvent("bench")],
        })),
      view: Effect.succeed,
    })
  console.log(`disk: ${diskSyncsASecond()} fdatasync/s`)
  for (const writers of writerCounts) {
    const lock = yield* rate(writers, locked)
    const compare = yield* rate(writers, compared)
    const serial = yield* rate(writers, serialisable)
    const own = yield* rate(writers, decided)
    console.log(
      `${writers} writers, acts/s: head lock ${lock.text}; compare-and-set ${compare.text}; serialisable ${serial.text}; lock over compare-and-set ${(lock.perSecond / compare.perSecond).toFixed(1)}; the store's decide ${own.text}`,
    )
  }
  console.log(`disk: ${diskSyncsASecond()} fdatasync/s`)
})

await Effect.runPromise(bench.pipe(Effect.scoped, Effect.provide(Reactivity.layer)))
