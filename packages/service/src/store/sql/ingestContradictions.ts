import { Stream } from "effect"
import type { SqlClient, SqlError } from "effect/sql"
import type { Contradiction } from "../BillingStore.ts"
import { compareColumns, readingBody } from "./compareColumns.ts"
import { hashRejection } from "./hashRejection.ts"
import { decodeRecordBody, versionSha256 } from "./recordBody.ts"
import { recordSpan } from "./recordSpan.ts"
import { streamPages } from "./streamPages.ts"

const rowsAPage = 2_000

interface RecordRow {
  readonly cluster: string
  readonly job: string
  readonly submit: bigint
  readonly version: Uint8Array
  readonly sequence: bigint | null
  readonly user: string
  readonly account: string
  readonly partition: string
  readonly state: string
  readonly start: bigint
  readonly end: bigint
  readonly body: string
}

const checkRecord = (row: RecordRow): readonly Contradiction[] => {
  const name = `job record ${row.cluster}/${row.job}/${row.submit}`
  return readingBody(name, () => {
    const record = decodeRecordBody(row.body)
    const span = recordSpan(record)
    const version = Buffer.from(row.version).toString("hex")
    const returned = versionSha256(row.body, row.sequence).toString("hex")
    return compareColumns(name, {
      cluster: [row.cluster, record.cluster],
      job_id: [row.job, record.jobId],
      submit_seconds: [row.submit, BigInt(record.submitSeconds)],
      version_sha256: [version, version === returned ? returned : versionSha256(row.body, null).toString("hex")],
      user_name: [row.user, record.user],
      account: [row.account, record.account],
      partition_name: [row.partition, record.partition],
      state: [row.state, record.state],
      span_start_seconds: [row.start, BigInt(span.startSeconds)],
      span_end_seconds: [row.end, BigInt(span.endSeconds)],
    })
  })
}

interface RejectionRow {
  readonly sha256: Uint8Array
  readonly source: string
  readonly line: bigint | null
  readonly field: string | null
  readonly reason: string
  readonly raw: Uint8Array
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex")

/** Which letters stood in place of a replacement character is lost: releases before hashed them, and such a row is not judged. */
const replacement = "\ufffd"

const checkRejection = (row: RejectionRow): readonly Contradiction[] => {
  const { source, field, reason } = row
  const raw = Buffer.from(row.raw).toString("utf8")
  const lineNumber = row.line === null ? null : Number(row.line)
  if (`${source}${field}${reason}${raw}`.includes(replacement)) return []
  return compareColumns(`rejection ${hex(row.sha256)}`, {
    sha256: [hex(row.sha256), hex(hashRejection({ source, lineNumber, field, reason, raw }))],
  })
}

/** Of job records, the order of their versions, and rejections. */
export const ingestContradictions = (sql: SqlClient.SqlClient, tenant: string): Stream.Stream<Contradiction, SqlError.SqlError> => {
  const records = streamPages<RecordRow, Pick<RecordRow, "cluster" | "job" | "submit" | "version">, SqlError.SqlError>(
    { cluster: "", job: "", submit: 0n, version: new Uint8Array() },
    rowsAPage,
    (
      after,
      limit,
    ) => sql`SELECT cluster, job_id AS job, submit_seconds AS submit, version_sha256 AS version, ingest_sequence AS sequence, user_name AS user, account,
        partition_name AS partition, state, span_start_seconds AS start, span_end_seconds AS "end", body
      FROM job_record WHERE tenant = ${tenant}
        AND (cluster, job_id, submit_seconds, version_sha256) > (${after.cluster}, ${after.job}, ${after.submit}, ${after.version})
      ORDER BY cluster, job_id, submit_seconds, version_sha256 LIMIT ${limit}`,
    (row) => row,
  )
  const successions = Stream.fromIterableEffect(
    sql<Contradiction>`SELECT 'job record ' || cluster || '/' || job || '/' || submit AS row,
        'version ' || sequence || ' says that ' || coalesce('version ' || replaced, 'none') || ' replaced it, the next one is '
          || coalesce('version ' || next, 'none') AS finding
      FROM (SELECT cluster, job_id AS job, submit_seconds AS submit, ingest_sequence AS sequence, replaced_by AS replaced,
          lead(ingest_sequence) OVER (PARTITION BY cluster, job_id, submit_seconds ORDER BY ingest_sequence) AS next
        FROM job_record WHERE tenant = ${tenant} AND ingest_sequence IS NOT NULL) AS version
      WHERE replaced IS DISTINCT FROM next ORDER BY sequence`,
  )
  const losers = Stream.fromIterableEffect(
    sql<Contradiction>`SELECT 'job record ' || lost.cluster || '/' || lost.job_id || '/' || lost.submit_seconds AS row,
        'one of its versions lost to version ' || coalesce(lost.replaced_by::text, 'none') || ', which it does not have' AS finding
      FROM job_record AS lost WHERE lost.tenant = ${tenant} AND lost.ingest_sequence IS NULL AND NOT EXISTS (
        SELECT 1 FROM job_record AS won WHERE won.tenant = lost.tenant AND won.cluster = lost.cluster AND won.job_id = lost.job_id
          AND won.submit_seconds = lost.submit_seconds AND won.ingest_sequence = lost.replaced_by)`,
  )
  const gaps = Stream.fromIterableEffect(
    sql<Contradiction>`SELECT 'job record version ' || (before + 1) AS row,
        CASE WHEN sequence <= before THEN 'it stands twice' ELSE 'it is not stored any more: the next one is version ' || sequence END AS finding
      FROM (SELECT ingest_sequence AS sequence, lag(ingest_sequence, 1, 0::bigint) OVER (ORDER BY ingest_sequence) AS before
        FROM job_record WHERE tenant = ${tenant} AND ingest_sequence IS NOT NULL) AS version
      WHERE sequence <> before + 1 ORDER BY sequence`,
  )
  const head = Stream.fromIterableEffect(
    sql<Contradiction>`SELECT 'ingest head' AS row,
        'it says ' || coalesce(head.sequence::text, 'nothing') || ', the latest version of a job record is ' || latest.sequence AS finding
      FROM (SELECT coalesce(max(ingest_sequence), 0) AS sequence FROM job_record WHERE tenant = ${tenant}) AS latest
        LEFT JOIN ingest_head AS head ON head.tenant = ${tenant}
      WHERE coalesce(head.sequence, 0) <> latest.sequence`,
  )
  const rejections = streamPages<RejectionRow, Uint8Array, SqlError.SqlError>(
    new Uint8Array(),
    rowsAPage,
    (after, limit) => sql`SELECT sha256, source, line_number AS line, field, reason, raw FROM rejection
      WHERE tenant = ${tenant} AND sha256 > ${after} ORDER BY sha256 LIMIT ${limit}`,
    (row) => row.sha256,
  )
  return Stream.flattenIterable(Stream.map(records, checkRecord)).pipe(
    Stream.concat(successions),
    Stream.concat(losers),
    Stream.concat(gaps),
    Stream.concat(head),
    Stream.concat(Stream.flattenIterable(Stream.map(rejections, checkRejection))),
  )
}
