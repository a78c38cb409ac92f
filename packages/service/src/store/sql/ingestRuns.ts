import type { Rejection } from "@hpc-billing/core"
import { Clock, Effect } from "effect"
import type { SqlClient } from "effect/sql"
import type { IngestRun, StoreFunctions } from "../BillingStore.ts"
import { bigints, byteas, texts } from "./columns.ts"
import { hashRejection } from "./hashRejection.ts"
import { inTransaction } from "./inTransaction.ts"
import { lockIngestHead } from "./lockIngestHead.ts"
import { cursorInteger, invalidCursor, readPage } from "./page.ts"
import { toStoreError } from "./toStoreError.ts"

interface RejectionRow {
  readonly at: bigint
  readonly sha256: Uint8Array
  readonly source: string
  readonly line: bigint | null
  readonly field: string | null
  readonly reason: string
  readonly raw: Uint8Array
}

const rejectionOf = (row: RejectionRow): Rejection => ({
  source: row.source,
  lineNumber: row.line === null ? null : Number(row.line),
  field: row.field,
  reason: row.reason,
  raw: Buffer.from(row.raw).toString("utf8"),
})

interface RunRow {
  readonly id: string
  readonly cluster: string
  readonly source: string
  readonly started: bigint
  readonly finished: bigint
  readonly read: bigint
  readonly accepted: bigint
  readonly replaced: bigint
  readonly known: bigint
  readonly rejected: bigint
  readonly next: string | null
}

/** Lines that cannot be read are short: a megabyte of them is many rows, and no statement may hold up the others. */
const rejectionsAStatement = 1_000

const runColumns = `id, cluster, source, started_at_seconds AS started, finished_at_seconds AS finished, read_count AS read,
  accepted_count AS accepted, replaced_count AS replaced, known_count AS known, rejected_count AS rejected, next_cursor AS next`

const runOf = (row: RunRow): IngestRun => ({
  id: row.id,
  cluster: row.cluster,
  source: row.source,
  startedAtSeconds: Number(row.started),
  finishedAtSeconds: Number(row.finished),
  read: Number(row.read),
  accepted: Number(row.accepted),
  replaced: Number(row.replaced),
  known: Number(row.known),
  rejected: Number(row.rejected),
  cursor: row.next,
})

/**
 * One batch in one transaction, under the lock of the tenant's ingest head: batches come one after another, each read at a time of its
 * own after all before it, so that what was read up to a time never grows.
 */
const storeBatch = Effect.fnUntraced(function* (sql: SqlClient.SqlClient, tenant: string, distinct: ReadonlyMap<string, Rejection>) {
  const now = (yield* Clock.currentTimeNanos) / 1000n
  yield* lockIngestHead(sql, tenant)
  const [latest] = yield* sql<{ at: bigint | null }>`SELECT max(read_at_microseconds) AS at FROM rejection WHERE tenant = ${tenant}`
  const at = latest?.at != null && latest.at >= now ? latest.at + 1n : now
  const rows = [...distinct.values()]
  const added = yield* sql.unsafe(
    `INSERT INTO rejection (tenant, sha256, read_at_microseconds, source, line_number, field, reason, raw)
    SELECT $1, h, $2, s, l, f, r, w
    FROM unnest($3::bytea[], $4::text[], $5::int8[], $6::text[], $7::text[], $8::bytea[]) AS n (h, s, l, f, r, w)
    ON CONFLICT (tenant, sha256) DO NOTHING RETURNING 1 AS added`,
    [
      tenant,
      at,
      byteas([...distinct.keys()].map((key) => Buffer.from(key, "hex"))),
      texts(rows.map((row) => row.source)),
      bigints(rows.map((row) => (row.lineNumber === null ? null : BigInt(row.lineNumber)))),
      texts(rows.map((row) => row.field)),
      texts(rows.map((row) => row.reason)),
      byteas(rows.map((row) => Buffer.from(row.raw, "utf8"))),
    ],
  )
  return added.length
})

export const ingestRunFunctions = (
  sql: SqlClient.SqlClient,
): Pick<StoreFunctions, "storeRejections" | "listRejections" | "listIngestRuns" | "ingestRun" | "ingestCursor" | "ingestCursors"> => ({
  storeRejections: Effect.fnUntraced(function* (tenant, rejections) {
    let stored = 0
    for (let from = 0; from < rejections.length; from += rejectionsAStatement) {
      const distinct = new Map(
        rejections.slice(from, from + rejectionsAStatement).map((rejection) => [hashRejection(rejection).toString("hex"), rejection]),
      )
      stored += yield* storeBatch(sql, tenant, distinct).pipe(inTransaction(sql))
    }
    return stored
  }, Effect.mapError(toStoreError)),

  listRejections: (tenant, page) =>
    readPage(
      page,
      2,
      (after, limit) =>
        Effect.gen(function* () {
          const where = [sql`tenant = ${tenant}`]
          if (after !== null) {
            const at = cursorInteger(after[0])
            if (at === null) return yield* invalidCursor
            where.push(sql`(read_at_microseconds, sha256) < (${at}, ${Buffer.from(after[1] ?? "", "hex")})`)
          }
          return yield* sql<RejectionRow>`SELECT read_at_microseconds AS at, sha256, source, line_number AS line, field, reason, raw FROM rejection
            WHERE ${sql.and(where)} ORDER BY read_at_microseconds DESC, sha256 DESC LIMIT ${limit}`
        }).pipe(Effect.mapError(toStoreError)),
      rejectionOf,
      (row) => [row.at.toString(), Buffer.from(row.sha256).toString("hex")],
    ),

  listIngestRuns: (tenant, page) =>
    readPage(
      page,
      2,
      (after, limit) =>
        Effect.gen(function* () {
          const where = [sql`tenant = ${tenant}`]
          if (after !== null) {
            const started = cursorInteger(after[0])
            if (started === null) return yield* invalidCursor
            where.push(sql`(started_at_seconds, id) < (${started}, ${after[1]})`)
          }
          return yield* sql<RunRow>`SELECT ${sql.literal(runColumns)} FROM ingest_run
            WHERE ${sql.and(where)} ORDER BY started_at_seconds DESC, id DESC LIMIT ${limit}`
        }).pipe(Effect.mapError(toStoreError)),
      runOf,
      (row) => [row.started.toString(), row.id],
    ),

  ingestRun: (tenant, id) =>
    sql<RunRow>`SELECT ${sql.literal(runColumns)} FROM ingest_run WHERE tenant = ${tenant} AND id = ${id}`.pipe(
      Effect.map(([row]) => (row === undefined ? null : runOf(row))),
      Effect.mapError(toStoreError),
    ),

  ingestCursors: (tenant) =>
    sql<{ cluster: string; next: string }>`SELECT cluster, next_cursor AS next FROM ingest_cursor WHERE tenant = ${tenant}`.pipe(
      Effect.map((rows) => new Map(rows.map(({ cluster, next }) => [cluster, next]))),
      Effect.mapError(toStoreError),
    ),

  ingestCursor: (tenant, cluster) =>
    sql<{ next: string }>`SELECT next_cursor AS next FROM ingest_cursor WHERE tenant = ${tenant} AND cluster = ${cluster}`.pipe(
      Effect.map(([row]) => row?.next ?? null),
      Effect.mapError(toStoreError),
    ),
})
