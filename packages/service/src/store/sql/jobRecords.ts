import { hash } from "node:crypto"
import { type JobRecord, jobKey, preferRecord } from "@hpc-billing/core"
import { Clock, Effect, Stream } from "effect"
import type { SqlClient, Statement } from "effect/sql"
import { batchRecordsMaximum, type IngestCounts, type RecordFilter, type StoreFunctions } from "../BillingStore.ts"
import { bigints, byteas, integers, texts } from "./columns.ts"
import { inTransaction } from "./inTransaction.ts"
import { cursorInteger, invalidCursor, readPage } from "./page.ts"
import { decodeRecordBody, encodeRecordBody } from "./recordBody.ts"
import { recordSpan } from "./recordSpan.ts"
import { streamPages } from "./streamPages.ts"
import { toStoreError } from "./toStoreError.ts"

interface Content {
  readonly record: JobRecord
  readonly body: string
  readonly sha256: Buffer
  /** The same in hex. */
  readonly hex: string
}

interface Version extends Content {
  readonly ingestSequence: bigint | null
  replacedBy: bigint | null
}

/** What is known of one job before and while a batch is taken in. */
interface Known {
  readonly hashes: Set<string>
  current: { readonly record: JobRecord; readonly sequence: bigint; readonly version: Version | null } | null
}

const contentOf = (record: JobRecord): Content => {
  const body = encodeRecordBody(record)
  const sha256 = hash("sha256", body, "buffer")
  return { record, body, sha256, hex: sha256.toString("hex") }
}

const keyColumns = (records: readonly JobRecord[]) =>
  [texts(records.map((r) => r.cluster)), texts(records.map((r) => r.jobId)), bigints(records.map((r) => BigInt(r.submitSeconds)))] as const

const insertVersions = `INSERT INTO job_record (tenant, cluster, job_id, submit_seconds, version_sha256, ingest_sequence, replaced_by,
    user_name, account, partition_name, state, span_start_seconds, span_end_seconds, read_at_microseconds, body)
  SELECT $1, c, j, s, v, q, r, u, a, p, st, f, t, $2, b
  FROM unnest($3::text[], $4::text[], $5::int8[], $6::bytea[], $7::int8[], $8::int8[], $9::text[], $10::text[], $11::text[], $12::text[],
    $13::int8[], $14::int8[], $15::text[]) AS n (c, j, s, v, q, r, u, a, p, st, f, t, b)`

const markReplaced = `UPDATE job_record AS o SET replaced_by = n.q
  FROM unnest($2::text[], $3::text[], $4::int8[], $5::int8[]) AS n (c, j, s, q)
  WHERE o.tenant = $1 AND o.cluster = n.c AND o.job_id = n.j AND o.submit_seconds = n.s AND o.replaced_by IS NULL`

/**
 * What is stored of the jobs of a batch: the hashes of their versions, and what is current of those that the batch has a new
 * version of. A batch that was read before costs no more than the hashes.
 */
const knownJobs = Effect.fnUntraced(function* (sql: SqlClient.SqlClient, tenant: string, contents: readonly Content[]) {
  const jobs = new Map<string, Known>()
  const stored = yield* sql.unsafe<{ key: number; sha256: Uint8Array }>(
    `SELECT k.i AS key, o.version_sha256 AS sha256
      FROM unnest($2::text[], $3::text[], $4::int8[], $5::int4[]) AS k (c, j, s, i)
      JOIN job_record AS o ON o.tenant = $1 AND o.cluster = k.c AND o.job_id = k.j AND o.submit_seconds = k.s`,
    [tenant, ...keyColumns(contents.map(({ record }) => record)), integers(contents.map((_, index) => index))],
  )
  for (const row of stored) {
    const key = jobKey((contents[row.key] as Content).record)
    const known = jobs.get(key) ?? { hashes: new Set(), current: null }
    jobs.set(key, known)
    known.hashes.add(Buffer.from(row.sha256).toString("hex"))
  }
  const changed = contents.filter(({ record, hex }) => jobs.get(jobKey(record))?.hashes.has(hex) === false).map(({ record }) => record)
  if (changed.length === 0) return jobs
  const current = yield* sql.unsafe<{ sequence: bigint; body: string }>(
    `SELECT o.ingest_sequence AS sequence, o.body
      FROM unnest($2::text[], $3::text[], $4::int8[]) AS k (c, j, s)
      JOIN job_record AS o ON o.tenant = $1 AND o.cluster = k.c AND o.job_id = k.j AND o.submit_seconds = k.s AND o.replaced_by IS NULL`,
    [tenant, ...keyColumns(changed)],
  )
  for (const { sequence, body } of current) {
    const record = decodeRecordBody(body)
    const known = jobs.get(jobKey(record))
    if (known !== undefined) known.current = { record, sequence, version: null }
  }
  return jobs
})

/** One batch in one transaction. The tenant's ingest head row is locked first: batches of one tenant come one after another. */
const ingestBatch = Effect.fnUntraced(function* (sql: SqlClient.SqlClient, tenant: string, records: readonly JobRecord[]) {
  const at = (yield* Clock.currentTimeNanos) / 1000n
  const contents = records.map(contentOf)
  yield* sql`INSERT INTO ingest_head (tenant, sequence) VALUES (${tenant}, 0) ON CONFLICT (tenant) DO NOTHING`
  const [head] = yield* sql<{ sequence: bigint }>`SELECT sequence FROM ingest_head WHERE tenant = ${tenant} FOR UPDATE`
  const first = head?.sequence ?? 0n
  const jobs = yield* knownJobs(sql, tenant, contents)

  let sequence = first
  let accepted = 0
  let replaced = 0
  const added: Version[] = []
  const replacements: { readonly record: JobRecord; readonly by: bigint }[] = []
  for (const read of contents) {
    const { record, hex: readHash } = read
    const key = jobKey(record)
    const known = jobs.get(key) ?? { hashes: new Set(), current: null }
    jobs.set(key, known)
    if (known.hashes.has(readHash)) continue
    const standing = known.current === null ? record : preferRecord(known.current.record, record)
    const stands = standing === record ? read : contentOf(standing)
    const standsHash = stands.hex
    known.hashes.add(readHash)
    if (known.hashes.has(standsHash) && standsHash !== readHash) {
      added.push({ ...read, ingestSequence: null, replacedBy: known.current?.sequence ?? null })
      continue
    }
    sequence += 1n
    const version: Version = { ...stands, ingestSequence: sequence, replacedBy: null }
    added.push(version)
    if (standsHash !== readHash) {
      known.hashes.add(standsHash)
      added.push({ ...read, ingestSequence: null, replacedBy: sequence })
    }
    if (known.current === null) accepted += 1
    else {
      replaced += 1
      if (known.current.version === null) replacements.push({ record, by: sequence })
      else known.current.version.replacedBy = sequence
    }
    known.current = { record: standing, sequence, version }
  }

  if (replacements.length > 0) {
    yield* sql.unsafe(markReplaced, [
      tenant,
      ...keyColumns(replacements.map(({ record }) => record)),
      bigints(replacements.map(({ by }) => by)),
    ])
  }
  if (added.length > 0) {
    const rows = added.map((version) => version.record)
    const spans = rows.map(recordSpan)
    yield* sql.unsafe(insertVersions, [
      tenant,
      at,
      ...keyColumns(rows),
      byteas(added.map((version) => version.sha256)),
      bigints(added.map((version) => version.ingestSequence)),
      bigints(added.map((version) => version.replacedBy)),
      texts(rows.map((r) => r.user)),
      texts(rows.map((r) => r.account)),
      texts(rows.map((r) => r.partition)),
      texts(rows.map((r) => r.state)),
      bigints(spans.map((span) => BigInt(span.startSeconds))),
      bigints(spans.map((span) => BigInt(span.endSeconds))),
      texts(added.map((version) => version.body)),
    ])
  }
  if (sequence !== first) yield* sql`UPDATE ingest_head SET sequence = ${sequence} WHERE tenant = ${tenant}`
  return { accepted, replaced, known: records.length - accepted - replaced } satisfies IngestCounts
})

const rowsAPage = 5_000

interface SequencedRow {
  readonly sequence: bigint
  readonly body: string
}

export const jobRecordFunctions = (
  sql: SqlClient.SqlClient,
): Pick<StoreFunctions, "ingestRecords" | "ingestHead" | "ingestedIn" | "records" | "recordsSince" | "recordVersions" | "listRecords"> => ({
  ingestRecords: Effect.fnUntraced(function* (tenant, records) {
    let counts: IngestCounts = { accepted: 0, replaced: 0, known: 0 }
    for (let from = 0; from < records.length; from += batchRecordsMaximum) {
      const batch = yield* ingestBatch(sql, tenant, records.slice(from, from + batchRecordsMaximum)).pipe(inTransaction(sql))
      counts = {
        accepted: counts.accepted + batch.accepted,
        replaced: counts.replaced + batch.replaced,
        known: counts.known + batch.known,
      }
    }
    return counts
  }, Effect.mapError(toStoreError)),

  ingestHead: (tenant) =>
    sql<{ sequence: bigint }>`SELECT sequence FROM ingest_head WHERE tenant = ${tenant}`.pipe(
      Effect.map(([row]) => row?.sequence ?? 0n),
      Effect.mapError(toStoreError),
    ),

  // the inner LIMIT keeps planners from joining all records with all
  ingestedIn: (tenant, window, sequence) =>
    sql<{ latest: bigint }>`SELECT newer.ingest_sequence AS latest FROM job_record newer CROSS JOIN LATERAL (
        SELECT 1 FROM job_record version WHERE version.tenant = newer.tenant AND version.cluster = newer.cluster
          AND version.job_id = newer.job_id AND version.submit_seconds = newer.submit_seconds
          AND version.span_start_seconds < ${BigInt(window.endSeconds)} AND version.span_end_seconds >= ${BigInt(window.startSeconds)}
          AND (version.span_end_seconds > ${BigInt(window.startSeconds)} OR version.span_start_seconds = version.span_end_seconds)
        LIMIT 1) touching
      WHERE newer.tenant = ${tenant} AND newer.ingest_sequence > ${sequence}
      ORDER BY newer.ingest_sequence DESC LIMIT 1`.pipe(
      Effect.map(([row]) => row?.latest ?? sequence),
      Effect.mapError(toStoreError),
    ),

  records: (tenant, { window, cluster, asOfSequence }) => {
    const start = BigInt(window.startSeconds)
    const end = BigInt(window.endSeconds)
    const read = (asOf: bigint) =>
      streamPages(
        { until: start, sequence: 0n },
        rowsAPage,
        (after, limit) =>
          sql<SequencedRow & { until: bigint }>`SELECT span_end_seconds AS until, ingest_sequence AS sequence, body FROM job_record
            WHERE tenant = ${tenant} AND span_end_seconds >= ${after.until} AND (span_end_seconds, ingest_sequence) > (${after.until}, ${after.sequence})
              AND span_start_seconds < ${end} AND (span_end_seconds > ${start} OR span_start_seconds = span_end_seconds)
              AND ingest_sequence <= ${asOf} AND (replaced_by IS NULL OR replaced_by > ${asOf})
              ${cluster === undefined ? sql.literal("") : sql`AND cluster = ${cluster}`}
            ORDER BY span_end_seconds, ingest_sequence LIMIT ${limit}`,
        (row) => ({ until: row.until, sequence: row.sequence }),
      )
    const head =
      asOfSequence === undefined
        ? sql<{ sequence: bigint }>`SELECT sequence FROM ingest_head WHERE tenant = ${tenant}`.pipe(
            Effect.map(([row]) => row?.sequence ?? 0n),
          )
        : Effect.succeed(asOfSequence)
    return Stream.unwrap(Effect.map(head, read)).pipe(
      Stream.map((row) => decodeRecordBody(row.body)),
      Stream.mapError(toStoreError),
    )
  },

  recordsSince: (tenant, sequence) =>
    streamPages(
      sequence,
      rowsAPage,
      (after, limit) => sql<SequencedRow>`SELECT ingest_sequence AS sequence, body FROM job_record
        WHERE tenant = ${tenant} AND ingest_sequence > ${after} AND replaced_by IS NULL ORDER BY ingest_sequence LIMIT ${limit}`,
      (row) => row.sequence,
    ).pipe(
      Stream.map((row) => ({ ingestSequence: row.sequence, record: decodeRecordBody(row.body) })),
      Stream.mapError(toStoreError),
    ),

  recordVersions: (tenant, { cluster, jobId, submitSeconds }) =>
    sql<{
      sequence: bigint | null
      replaced: bigint | null
      at: bigint
      body: string
    }>`SELECT ingest_sequence AS sequence, replaced_by AS replaced,
        read_at_microseconds AS at, body
      FROM job_record WHERE tenant = ${tenant} AND cluster = ${cluster} AND job_id = ${jobId}
        ${submitSeconds === undefined ? sql.literal("") : sql`AND submit_seconds = ${BigInt(submitSeconds)}`}
      ORDER BY submit_seconds, read_at_microseconds, coalesce(ingest_sequence, replaced_by), version_sha256`.pipe(
      Effect.map((rows) =>
        rows.map((row) => ({
          record: decodeRecordBody(row.body),
          ingestSequence: row.sequence,
          replacedBy: row.replaced,
          readAtMicroseconds: row.at,
        })),
      ),
      Effect.mapError(toStoreError),
    ),

  listRecords: (tenant, filter, page) =>
    readPage(
      page,
      4,
      (after, limit) =>
        Effect.gen(function* () {
          const where = [sql`tenant = ${tenant}`, sql`replaced_by IS NULL`, ...recordConditions(sql, filter)]
          if (after !== null) {
            const [start, cluster, jobId, submit] = after
            const from = cursorInteger(start)
            const submitted = cursorInteger(submit)
            if (from === null || submitted === null) return yield* invalidCursor
            where.push(
              sql`span_start_seconds <= ${from}`,
              sql`(span_start_seconds, cluster, job_id, submit_seconds) < (${from}, ${cluster}, ${jobId}, ${submitted})`,
            )
          }
          return yield* sql<ListRow>`SELECT span_start_seconds AS start, cluster, job_id AS job, submit_seconds AS submit, body FROM job_record
            WHERE ${sql.and(where)} ORDER BY span_start_seconds DESC, cluster DESC, job_id DESC, submit_seconds DESC LIMIT ${limit}`
        }).pipe(Effect.mapError(toStoreError)),
      (row) => decodeRecordBody(row.body),
      (row) => [row.start.toString(), row.cluster, row.job, row.submit.toString()],
    ),
})

interface ListRow {
  readonly start: bigint
  readonly cluster: string
  readonly job: string
  readonly submit: bigint
  readonly body: string
}

const recordConditions = (sql: SqlClient.SqlClient, filter: RecordFilter): Statement.Fragment[] => {
  const conditions: Statement.Fragment[] = []
  if (filter.window !== undefined) {
    const start = BigInt(filter.window.startSeconds)
    conditions.push(
      sql`span_start_seconds < ${BigInt(filter.window.endSeconds)}`,
      sql`(span_end_seconds > ${start} OR (span_start_seconds = span_end_seconds AND span_end_seconds = ${start}))`,
    )
  }
  if (filter.cluster !== undefined) conditions.push(sql`cluster = ${filter.cluster}`)
  if (filter.user !== undefined) conditions.push(sql`user_name = ${filter.user}`)
  if (filter.accounts !== undefined) conditions.push(sql`account = ANY(${texts(filter.accounts)})`)
  if (filter.partition !== undefined) conditions.push(sql`partition_name = ${filter.partition}`)
  if (filter.state !== undefined) conditions.push(sql`state = ${filter.state}`)
  return conditions
}
