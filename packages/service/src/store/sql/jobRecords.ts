import { Effect, Stream } from "effect"
import type { SqlClient, Statement } from "effect/sql"
import { batchRecordsMaximum, type IngestCounts, type RecordFilter, type StoreFunctions } from "../BillingStore.ts"
import { texts } from "./columns.ts"
import { ingestBatch } from "./ingestBatch.ts"
import { inTransaction } from "./inTransaction.ts"
import { cursorInteger, invalidCursor, readPage } from "./page.ts"
import { decodeRecordBody } from "./recordBody.ts"
import { streamPages } from "./streamPages.ts"
import { toStoreError } from "./toStoreError.ts"

const rowsAPage = 5_000

interface SequencedRow {
  readonly sequence: bigint
  readonly body: string
}

export const jobRecordFunctions = (
  sql: SqlClient.SqlClient,
): Pick<
  StoreFunctions,
  "ingestRecords" | "ingestHead" | "ingestedIn" | "records" | "changedRecords" | "recordVersions" | "repeatedJobs" | "listRecords"
> => ({
  ingestRecords: Effect.fnUntraced(function* (tenant, records, asOfMicroseconds) {
    let counts: IngestCounts = { accepted: 0, replaced: 0, known: 0 }
    for (let from = 0; from < records.length; from += batchRecordsMaximum) {
      const batch = yield* ingestBatch(sql, tenant, records.slice(from, from + batchRecordsMaximum), asOfMicroseconds).pipe(
        inTransaction(sql),
      )
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

  // a job's other attempts come along: a resize that ends otherwise moves the start of the segment after it
  changedRecords: (tenant, { sinceSequence, asOfSequence, beforeSeconds }) =>
    streamPages(
      sinceSequence,
      rowsAPage,
      (after, limit) => sql<SequencedRow>`SELECT newer.sequence, attempt.body
        FROM (SELECT ingest_sequence AS sequence, cluster, job_id FROM job_record
          WHERE tenant = ${tenant} AND ingest_sequence > ${after} AND ingest_sequence <= ${asOfSequence}
            AND (submit_seconds < ${BigInt(beforeSeconds)} OR span_start_seconds < ${BigInt(beforeSeconds)})
          ORDER BY ingest_sequence LIMIT ${limit}) AS newer
        JOIN job_record AS attempt ON attempt.tenant = ${tenant} AND attempt.cluster = newer.cluster AND attempt.job_id = newer.job_id
          AND attempt.ingest_sequence <= ${asOfSequence} AND (attempt.replaced_by IS NULL OR attempt.replaced_by > ${asOfSequence})
        ORDER BY newer.sequence`,
      (row) => row.sequence,
    ).pipe(
      Stream.map((row) => decodeRecordBody(row.body)),
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

  repeatedJobs: (tenant) =>
    streamPages(
      { cluster: "", job: "", submit: 0n },
      rowsAPage,
      (after, limit) => sql<RepeatedRow>`SELECT o.cluster, o.job_id AS job, o.submit_seconds AS submit, o.body FROM job_record AS o
        WHERE o.tenant = ${tenant} AND o.replaced_by IS NULL
          AND (o.cluster, o.job_id, o.submit_seconds) > (${after.cluster}, ${after.job}, ${after.submit})
          AND EXISTS (SELECT 1 FROM job_record AS other WHERE other.tenant = o.tenant AND other.cluster = o.cluster AND other.job_id = o.job_id
            AND other.submit_seconds <> o.submit_seconds AND other.replaced_by IS NULL)
        ORDER BY o.cluster, o.job_id, o.submit_seconds LIMIT ${limit}`,
      (row) => row,
    ).pipe(
      Stream.map((row) => decodeRecordBody(row.body)),
      Stream.mapError(toStoreError),
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

interface RepeatedRow {
  readonly cluster: string
  readonly job: string
  readonly submit: bigint
  readonly body: string
}

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
