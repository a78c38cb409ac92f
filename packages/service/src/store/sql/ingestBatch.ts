import { type JobRecord, jobKey, preferRecord } from "@hpc-billing/core"
import { Clock, Effect } from "effect"
import type { SqlClient } from "effect/sql"
import type { IngestCounts } from "../BillingStore.ts"
import { bigints, byteas, integers, texts } from "./columns.ts"
import { lockIngestHead } from "./lockIngestHead.ts"
import { decodeRecordBody, encodeRecordBody, versionSha256 } from "./recordBody.ts"
import { recordSpan } from "./recordSpan.ts"

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

interface Current extends Content {
  readonly sequence: bigint
  readonly readAtMicroseconds: bigint
  /** Null when it is stored already. */
  readonly version: Version | null
}

/** What is known of one job before and while a batch is taken in. */
interface Known {
  readonly hashes: Set<string>
  /** Null also where the batch has nothing that could take its place. */
  current: Current | null
}

const contentOf = (record: JobRecord): Content => {
  const body = encodeRecordBody(record)
  const sha256 = versionSha256(body, null)
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
 * What is stored of the jobs of a batch: the hashes of their versions, and what is current of those that the batch has something to
 * put in its place for. A batch that was read before costs no more than the hashes.
 */
const knownJobs = Effect.fnUntraced(function* (
  sql: SqlClient.SqlClient,
  tenant: string,
  contents: readonly Content[],
  asOfMicroseconds: bigint | undefined,
) {
  const jobs = new Map<string, Known>()
  const standing = new Set<string>()
  const stored = yield* sql.unsafe<{ key: number; sha256: Uint8Array; current: boolean }>(
    `SELECT k.i AS key, o.version_sha256 AS sha256, o.replaced_by IS NULL AS current
      FROM unnest($2::text[], $3::text[], $4::int8[], $5::int4[]) AS k (c, j, s, i)
      JOIN job_record AS o ON o.tenant = $1 AND o.cluster = k.c AND o.job_id = k.j AND o.submit_seconds = k.s`,
    [tenant, ...keyColumns(contents.map(({ record }) => record)), integers(contents.map((_, index) => index))],
  )
  for (const row of stored) {
    const key = jobKey((contents[row.key] as Content).record)
    const known = jobs.get(key) ?? { hashes: new Set(), current: null }
    jobs.set(key, known)
    const hex = Buffer.from(row.sha256).toString("hex")
    known.hashes.add(hex)
    if (row.current) standing.add(`${key} ${hex}`)
  }
  const changed = contents.filter(({ record, hex }) => {
    const known = jobs.get(jobKey(record))
    if (known === undefined) return false
    return asOfMicroseconds === undefined ? !known.hashes.has(hex) : !standing.has(`${jobKey(record)} ${hex}`)
  })
  if (changed.length === 0) return jobs
  const current = yield* sql.unsafe<{ sequence: bigint; at: bigint; body: string }>(
    `SELECT o.ingest_sequence AS sequence, o.read_at_microseconds AS at, o.body
      FROM unnest($2::text[], $3::text[], $4::int8[]) AS k (c, j, s)
      JOIN job_record AS o ON o.tenant = $1 AND o.cluster = k.c AND o.job_id = k.j AND o.submit_seconds = k.s AND o.replaced_by IS NULL`,
    [tenant, ...keyColumns(changed.map(({ record }) => record))],
  )
  for (const { sequence, at, body } of current) {
    const content = contentOf(decodeRecordBody(body))
    const known = jobs.get(jobKey(content.record))
    if (known !== undefined) known.current = { ...content, sequence, readAtMicroseconds: at, version: null }
  }
  return jobs
})

/** One batch in one transaction, under the lock of the tenant's ingest head. */
export const ingestBatch = Effect.fnUntraced(function* (
  sql: SqlClient.SqlClient,
  tenant: string,
  records: readonly JobRecord[],
  asOfMicroseconds: bigint | undefined,
) {
  const at = asOfMicroseconds ?? (yield* Clock.currentTimeNanos) / 1000n
  const contents = records.map(contentOf)
  const first = yield* lockIngestHead(sql, tenant)
  const jobs = yield* knownJobs(sql, tenant, contents, asOfMicroseconds)

  let sequence = first
  let accepted = 0
  let replaced = 0
  const added: Version[] = []
  const replacements: { readonly record: JobRecord; readonly by: bigint }[] = []
  for (const read of contents) {
    const { record } = read
    const key = jobKey(record)
    const known = jobs.get(key) ?? { hashes: new Set(), current: null }
    jobs.set(key, known)
    const { hashes, current } = known
    const isSeen = hashes.has(read.hex)
    if (isSeen && (current === null || asOfMicroseconds === undefined || asOfMicroseconds <= current.readAtMicroseconds)) continue
    const stands = current === null ? read : standingOf(current, read, asOfMicroseconds)
    hashes.add(read.hex)
    if (stands.hex === current?.hex) {
      if (!isSeen) added.push({ ...read, ingestSequence: null, replacedBy: current.sequence })
      continue
    }
    sequence += 1n
    const isReturned = stands === read ? isSeen : hashes.has(stands.hex)
    const version: Version = {
      ...stands,
      sha256: isReturned ? versionSha256(stands.body, sequence) : stands.sha256,
      ingestSequence: sequence,
      replacedBy: null,
    }
    added.push(version)
    hashes.add(stands.hex)
    if (stands !== read && !isSeen) added.push({ ...read, ingestSequence: null, replacedBy: sequence })
    if (current === null) accepted += 1
    else {
      replaced += 1
      if (current.version === null) replacements.push({ record, by: sequence })
      else current.version.replacedBy = sequence
    }
    known.current = { ...stands, sequence, readAtMicroseconds: at, version }
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

/** Of what is current and what was read, as the later of the two was said. */
const standingOf = (current: Current, read: Content, asOfMicroseconds: bigint | undefined): Content => {
  const isLater = asOfMicroseconds === undefined || asOfMicroseconds >= current.readAtMicroseconds
  const standing = isLater ? preferRecord(current.record, read.record) : preferRecord(read.record, current.record)
  if (standing === current.record) return current
  if (standing === read.record) return read
  const content = contentOf(standing)
  return content.hex === read.hex ? read : content
}
