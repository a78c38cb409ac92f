/**
 * Durable audit appends a second at 1, 8 and 32 writers: the store's sequencer beside the usual way, a transaction per append
 * under an advisory lock, on the same server with the same chain functions; and the disk's own fdatasync/s in the same run.
 */
import * as PgClient from "@effect/sql-pg/PgClient"
import { type ChainHead, decodeChainHead, encodeChainHead } from "@hpc-billing/ledger"
import { Effect, Redacted, Result } from "effect"
import { Reactivity } from "effect/reactivity"
import { openStore } from "../src/store/openStore.ts"
import { postgresBinaries, testingPostgres } from "../src/testing/postgres.ts"
import { sampleEvent } from "../src/testing/samples.ts"
import { testingChain } from "../src/testing/testingChain.ts"
import { diskSyncsASecond } from "./diskSyncs.ts"

const seconds = 3
const writerCounts = [1, 8, 32]

/** Appends made by so many fibers in the time given, a second. */
const rate = <E>(writers: number, append: Effect.Effect<unknown, E>) =>
  Effect.gen(function* () {
    const started = performance.now()
    let appended = 0
    const writer = Effect.gen(function* () {
      while (performance.now() - started < seconds * 1_000) {
        yield* append
        appended += 1
      }
    })
    yield* Effect.all(
      Array.from({ length: writers }, () => writer),
      { concurrency: "unbounded" },
    )
    return Math.round((appended * 1_000) / (performance.now() - started))
  })

/** One transaction per append, one writer at a time. */
const advisoryLockWay = Effect.fnUntraced(function* (sql: PgClient.PgClient) {
  yield* sql`CREATE TABLE peer_head (chain bigint PRIMARY KEY, head text NOT NULL)`
  yield* sql`CREATE TABLE peer_record (chain bigint, sequence bigint, at bigint, payload bytea, link bytea, tag bytea, PRIMARY KEY (chain, sequence))`
  yield* sql`INSERT INTO peer_head VALUES (1, ${encodeChainHead(testingChain.genesis("peer"))})`
  return Effect.gen(function* () {
    yield* sql`SELECT pg_advisory_xact_lock(1)`
    const [row] = yield* sql<{ head: string }>`SELECT head FROM peer_head WHERE chain = 1`
    const head: ChainHead = decodeChainHead(row?.head ?? "")
    const { records, head: next } = testingChain.append("peer", head, [sampleEvent("peer")], BigInt(Date.now()) * 1_000n)
    for (const record of records) {
      yield* sql`INSERT INTO peer_record VALUES (1, ${record.sequence}, ${record.atMicroseconds}, ${record.payload}, ${record.link}, ${record.tag})`
    }
    yield* sql`UPDATE peer_head SET head = ${encodeChainHead(next)} WHERE chain = 1`
  }).pipe(sql.withTransaction)
})

const bench = Effect.gen(function* () {
  const [binaries] = postgresBinaries()
  if (binaries === undefined) return console.log("No PostgreSQL server is installed: apt-get install postgresql")
  const server = yield* testingPostgres(binaries)
  const store = yield* openStore({ location: { kind: "postgres", url: Redacted.make(server.url) }, chain: testingChain })
  const sql = yield* PgClient.make({ url: Redacted.make(server.url), maxConnections: 33 })
  const locked = yield* advisoryLockWay(sql)
  const sequenced = store.commit("bench", null, () => Result.succeed({ answer: null, events: [sampleEvent("bench")] }))
  console.log(`disk: ${diskSyncsASecond()} fdatasync/s`)
  for (const writers of writerCounts) {
    const peer = yield* rate(writers, locked)
    const ours = yield* rate(writers, sequenced)
    console.log(`${writers} writers: ${ours} appends/s, under an advisory lock ${peer}, ratio ${(ours / peer).toFixed(1)}`)
  }
  console.log(`disk: ${diskSyncsASecond()} fdatasync/s`)
})

await Effect.runPromise(bench.pipe(Effect.scoped, Effect.provide(Reactivity.layer)))
