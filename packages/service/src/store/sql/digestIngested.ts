import { createHash, type Hash } from "node:crypto"
import { Effect, Stream } from "effect"
import type { SqlClient, SqlError } from "effect/sql"
import type { IngestSpan, StoreFunctions } from "../BillingStore.ts"
import { streamPages } from "./streamPages.ts"
import { toStoreError } from "./toStoreError.ts"

const rowsAPage = 5_000

interface VersionRow {
  readonly sequence: bigint
  readonly cluster: string
  readonly job: string
  readonly submit: bigint
  readonly version: Uint8Array
  readonly at: bigint
}

interface RejectionRow {
  readonly at: bigint
  readonly sha256: Uint8Array
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex")

const versionLine = ({ sequence, cluster, job, submit, version, at }: VersionRow): string =>
  JSON.stringify([String(sequence), cluster, job, String(submit), hex(version), String(at)])

const rejectionLine = ({ at, sha256 }: RejectionRow): string => JSON.stringify([String(at), hex(sha256)])

const digest = <Row>(rows: Stream.Stream<Row, SqlError.SqlError>, line: (row: Row) => string): Effect.Effect<string, SqlError.SqlError> =>
  Stream.runFold(
    rows,
    () => createHash("sha256"),
    (hash: Hash, row) => hash.update(`${line(row)}\n`),
  ).pipe(Effect.map((hash) => hash.digest("hex")))

/** Each version of a record by its place, job and digest, each rejection by its digest, and all by the time at which they were read. */
export const digestIngested = (sql: SqlClient.SqlClient): StoreFunctions["digestIngested"] =>
  Effect.fnUntraced(function* (tenant: string, span: IngestSpan) {
    const { recordsAfter, recordsThrough, rejectionsAfter } = span
    const latest = sql<{ at: bigint | null }>`SELECT max(read_at_microseconds) AS at FROM rejection WHERE tenant = ${tenant}`
    const rejectionsThrough = span.rejectionsThrough ?? (yield* latest)[0]?.at ?? rejectionsAfter
    const versions = streamPages<VersionRow, bigint, SqlError.SqlError>(
      recordsAfter,
      rowsAPage,
      (after, limit) => sql`SELECT ingest_sequence AS sequence, cluster, job_id AS job, submit_seconds AS submit, version_sha256 AS version,
          read_at_microseconds AS at
        FROM job_record WHERE tenant = ${tenant} AND ingest_sequence > ${after} AND ingest_sequence <= ${recordsThrough}
        ORDER BY ingest_sequence LIMIT ${limit}`,
      (row) => row.sequence,
    )
    const rejections = streamPages<RejectionRow, RejectionRow, SqlError.SqlError>(
      { at: rejectionsAfter + 1n, sha256: new Uint8Array() },
      rowsAPage,
      (after, limit) => sql`SELECT read_at_microseconds AS at, sha256 FROM rejection WHERE tenant = ${tenant}
          AND (read_at_microseconds, sha256) > (${after.at}, ${after.sha256}) AND read_at_microseconds <= ${rejectionsThrough}
        ORDER BY read_at_microseconds, sha256 LIMIT ${limit}`,
      (row) => row,
    )
    return {
      rejectionsThrough,
      recordsSha256: yield* digest(recordsAfter >= recordsThrough ? Stream.empty : versions, versionLine),
      rejectionsSha256: yield* digest(rejectionsAfter >= rejectionsThrough ? Stream.empty : rejections, rejectionLine),
    }
  }, Effect.mapError(toStoreError))
