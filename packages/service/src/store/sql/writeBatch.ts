import { hash } from "node:crypto"
import { decodeEvent, encodeChainHead } from "@hpc-billing/ledger"
import { Effect } from "effect"
import type { SqlClient, SqlError } from "effect/sql"
import type { IngestRun } from "../BillingStore.ts"
import type { CommitBatch } from "./CommitBatch.ts"
import { bigints, byteas, integers, texts } from "./columns.ts"
import { encodePeriodStatus } from "./entryBody.ts"
import type { HeadState } from "./HeadState.ts"
import { inTransaction } from "./inTransaction.ts"
import { encodeLine, encodeParticulars, encodeStatus } from "./receiptBody.ts"

const rowsAStatement = 10_000

const compareAndSet = `WITH moved AS (
    UPDATE ledger_head SET commit_sequence = $4, entry_count = $5, chain_sequence = $6, chain_epoch = $7, chain_link = $8, chain_carried = $9,
      at_microseconds = $10
    WHERE tenant = $1 AND commit_sequence = $2 AND chain_link = $3 RETURNING tenant),
  audit AS (INSERT INTO audit_record (tenant, sequence, chain, epoch, at_microseconds, kind, payload, link, tag,
      action, actor, request_id, subject)
    SELECT moved.tenant, r.s, r.c, r.e, r.a, r.k, r.p, r.l, r.t, r.ea, r.ec, r.er, r.es FROM moved,
      unnest($11::int8[], $12::int8[], $13::int4[], $14::int8[], $15::text[], $16::bytea[], $17::bytea[], $18::bytea[],
        $24::text[], $25::text[], $26::text[], $27::text[]) AS r (s, c, e, a, k, p, l, t, ea, ec, er, es)),
  commands AS (INSERT INTO command (tenant, idempotency_key, body_sha256, answer, commit_sequence, entries_posted)
    SELECT moved.tenant, q.k, q.b, q.a, q.c, q.n FROM moved,
      unnest($19::text[], $20::text[], $21::text[], $22::int8[], $23::int8[]) AS q (k, b, a, c, n))
  SELECT count(*)::int4 AS won FROM moved`

const numberOf = (status: { readonly kind: string; readonly number?: string }): string | null => status.number ?? null

/** Writes the batch on the head `from`; false, and nothing written, when another writer moved the head first. */
export const writeBatch = (
  sql: SqlClient.SqlClient,
  tenant: string,
  from: HeadState,
  to: HeadState,
  batch: CommitBatch,
): Effect.Effect<boolean, SqlError.SqlError> => {
  const events = batch.audit.map((record) => (record.kind === "event" ? decodeEvent(record.payload) : null))
  const moveHead = sql
    .unsafe<{ won: number }>(compareAndSet, [
      tenant,
      from.commitSequence,
      from.chain.link,
      to.commitSequence,
      to.entryCount,
      to.chain.sequence,
      to.chain.epoch,
      to.chain.link,
      encodeChainHead(to.chain),
      to.atMicroseconds,
      bigints(batch.audit.map((record) => record.sequence)),
      bigints(batch.audit.map((record) => BigInt(record.chain))),
      integers(batch.audit.map((record) => record.epoch)),
      bigints(batch.audit.map((record) => record.atMicroseconds)),
      texts(batch.audit.map((record) => record.kind)),
      byteas(batch.audit.map((record) => record.payload)),
      byteas(batch.audit.map((record) => record.link)),
      byteas(batch.audit.map((record) => record.tag)),
      texts(batch.commands.map((row) => row.idempotency.key)),
      texts(batch.commands.map((row) => row.idempotency.bodySha256)),
      texts(batch.commands.map((row) => row.answer)),
      bigints(batch.commands.map((row) => row.commitSequence)),
      bigints(batch.commands.map((row) => BigInt(row.entriesPosted))),
      texts(events.map((event) => event?.action ?? null)),
      texts(events.map((event) => event?.actor ?? null)),
      texts(events.map((event) => event?.requestId ?? null)),
      texts(events.map((event) => event?.subject ?? null)),
    ])
    .pipe(Effect.map(([row]) => row?.won === 1))
  const rows = rowWriters(sql, tenant, to, batch)
  if (rows.length === 0) return moveHead
  return Effect.gen(function* () {
    if (!(yield* moveHead)) return false
    for (const write of rows) yield* write
    return true
  }).pipe(inTransaction(sql))
}

const chunks = <A>(values: readonly A[]): readonly (readonly A[])[] => {
  const parts: (readonly A[])[] = []
  for (let from = 0; from < values.length; from += rowsAStatement) parts.push(values.slice(from, from + rowsAStatement))
  return parts
}

const rowWriters = (sql: SqlClient.SqlClient, tenant: string, to: HeadState, batch: CommitBatch) => [
  ...entryWriters(sql, tenant, batch),
  ...receiptWriters(sql, tenant, batch),
  ...(batch.periods.size === 0 ? [] : [writePeriods(sql, tenant, batch)]),
  ...(batch.numbers.size === 0 ? [] : [writeNumbers(sql, tenant, to, batch)]),
  ...batch.documents.map(
    ({ kind, version, bytes, atMicroseconds }) => sql`INSERT INTO document (tenant, kind, version, sha256, stored_at_microseconds, bytes)
      VALUES (${tenant}, ${kind}, ${BigInt(version)}, ${hash("sha256", bytes, "hex")}, ${atMicroseconds}, ${bytes})`,
  ),
  ...batch.files.map((file) => insertFile(sql, tenant, file)),
  ...batch.exports.map(
    (run) => sql`INSERT INTO export_run
        (tenant, id, month, profile, exported_at_microseconds, manifest_sha256, through_position, chain_sequence)
      VALUES (${tenant}, ${run.id}, ${run.month}, ${run.profile}, ${run.exportedAtMicroseconds}, ${run.manifestSha256},
        ${run.throughPosition}, ${run.chainSequence})`,
  ),
  ...batch.ingestRuns.flatMap((run) => ingestRunWriters(sql, tenant, run)),
]

const ingestRunWriters = (sql: SqlClient.SqlClient, tenant: string, run: IngestRun) => [
  sql`INSERT INTO ingest_run (tenant, id, cluster, source, started_at_seconds, finished_at_seconds, read_count, accepted_count,
      replaced_count, known_count, rejected_count, next_cursor)
    VALUES (${tenant}, ${run.id}, ${run.cluster}, ${run.source}, ${BigInt(run.startedAtSeconds)}, ${BigInt(run.finishedAtSeconds)},
      ${BigInt(run.read)}, ${BigInt(run.accepted)}, ${BigInt(run.replaced)}, ${BigInt(run.known)}, ${BigInt(run.rejected)}, ${run.cursor})`,
  ...(run.cursor === null
    ? []
    : [
        sql`INSERT INTO ingest_cursor (tenant, cluster, next_cursor) VALUES (${tenant}, ${run.cluster}, ${run.cursor})
          ON CONFLICT (tenant, cluster) DO UPDATE SET next_cursor = excluded.next_cursor`,
      ]),
]

export const insertFile = (sql: SqlClient.SqlClient, tenant: string, file: CommitBatch["files"][number]) =>
  sql`INSERT INTO file (tenant, subject, name, media_type, byte_count, sha256, bytes)
    VALUES (${tenant}, ${file.subject}, ${file.name}, ${file.mediaType}, ${BigInt(file.bytes.length)}, ${file.sha256}, ${file.bytes})`

const entryWriters = (sql: SqlClient.SqlClient, tenant: string, batch: CommitBatch) => {
  const transfers = batch.entries.flatMap((row) => row.entry.transfers.map((transfer, leg) => ({ row, transfer, leg })))
  return [
    ...chunks(batch.entries).map((rows) =>
      sql.unsafe(
        `INSERT INTO entry (tenant, id, position, month, effective_date, currency, receipt_id, sha256, commit_sequence, posted_at_microseconds, body)
        SELECT $1, i, p, m, d, c, r, h, s, a, b
        FROM unnest($2::text[], $3::int8[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bytea[], $9::int8[], $10::int8[], $11::text[])
          AS n (i, p, m, d, c, r, h, s, a, b)`,
        [
          tenant,
          texts(rows.map((row) => row.entry.id)),
          bigints(rows.map((row) => row.position)),
          texts(rows.map((row) => row.entry.month)),
          texts(rows.map((row) => row.entry.effectiveDate)),
          texts(rows.map((row) => row.entry.currency)),
          texts(rows.map((row) => row.entry.source.receiptId)),
          byteas(rows.map((row) => row.sha256)),
          bigints(rows.map((row) => row.commitSequence)),
          bigints(rows.map((row) => row.atMicroseconds)),
          texts(rows.map((row) => row.body)),
        ],
      ),
    ),
    ...chunks(transfers).map((rows) =>
      sql.unsafe(
        `INSERT INTO transfer (tenant, entry_position, leg, entry_id, month, effective_date, currency, debit_account, credit_account, amount_minor,
          payer_id, memo)
        SELECT $1, p, l, i, m, d, c, da, ca, a, y, t
        FROM unnest($2::int8[], $3::int4[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::int8[], $11::text[], $12::text[])
          AS n (p, l, i, m, d, c, da, ca, a, y, t)`,
        [
          tenant,
          bigints(rows.map(({ row }) => row.position)),
          integers(rows.map(({ leg }) => leg)),
          texts(rows.map(({ row }) => row.entry.id)),
          texts(rows.map(({ row }) => row.entry.month)),
          texts(rows.map(({ row }) => row.entry.effectiveDate)),
          texts(rows.map(({ row }) => row.entry.currency)),
          texts(rows.map(({ transfer }) => transfer.debitAccount)),
          texts(rows.map(({ transfer }) => transfer.creditAccount)),
          bigints(rows.map(({ transfer }) => transfer.amountMinor)),
          texts(rows.map(({ transfer }) => transfer.payerId)),
          texts(rows.map(({ transfer }) => transfer.memo)),
        ],
      ),
    ),
    ...balanceWriters(sql, tenant, batch),
  ]
}

interface BalanceChange {
  readonly account: string
  readonly currency: string
  readonly month: string
  debitMinor: bigint
  creditMinor: bigint
}

const balanceWriters = (sql: SqlClient.SqlClient, tenant: string, batch: CommitBatch) => {
  if (batch.entries.length === 0) return []
  const changes = new Map<string, BalanceChange>()
  const change = (account: string, currency: string, month: string): BalanceChange => {
    // no text of a stored row holds U+0000
    const key = `${account}\u0000${currency}\u0000${month}`
    const made = changes.get(key) ?? { account, currency, month, debitMinor: 0n, creditMinor: 0n }
    changes.set(key, made)
    return made
  }
  for (const { entry } of batch.entries) {
    for (const transfer of entry.transfers) {
      change(transfer.debitAccount, entry.currency, entry.month).debitMinor += transfer.amountMinor
      change(transfer.creditAccount, entry.currency, entry.month).creditMinor += transfer.amountMinor
    }
  }
  const rows = [...changes.values()]
  return [
    sql.unsafe(
      `INSERT INTO account_balance AS b (tenant, account, currency, month, debit_minor, credit_minor)
      SELECT $1, a, c, m, d, k FROM unnest($2::text[], $3::text[], $4::text[], $5::int8[], $6::int8[]) AS n (a, c, m, d, k)
      ON CONFLICT (tenant, account, currency, month)
      DO UPDATE SET debit_minor = b.debit_minor + excluded.debit_minor, credit_minor = b.credit_minor + excluded.credit_minor`,
      [
        tenant,
        texts(rows.map((row) => row.account)),
        texts(rows.map((row) => row.currency)),
        texts(rows.map((row) => row.month)),
        bigints(rows.map((row) => row.debitMinor)),
        bigints(rows.map((row) => row.creditMinor)),
      ],
    ),
  ]
}

const receiptWriters = (sql: SqlClient.SqlClient, tenant: string, batch: CommitBatch) => {
  const lines = batch.receipts.flatMap(({ receipt }) => receipt.lines.map((line, position) => ({ receipt, line, position })))
  const drafts = batch.replacedDrafts
  return [
    ...(drafts.length === 0
      ? []
      : [
          sql`DELETE FROM receipt_line WHERE tenant = ${tenant} AND receipt_id = ANY(${texts(drafts)})`,
          sql`DELETE FROM receipt WHERE tenant = ${tenant} AND id = ANY(${texts(drafts)}) AND status_kind = 'draft'`,
        ]),
    ...chunks(batch.receipts).map((rows) =>
      sql.unsafe(
        `INSERT INTO receipt (tenant, id, month, payer_id, status_kind, number, line_count, header, status, issued_bytes, issued_sha256)
        SELECT $1, i, m, p, k, n, l, h, s, b, x
        FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::int8[], $8::text[], $9::text[], $10::bytea[], $11::text[])
          AS r (i, m, p, k, n, l, h, s, b, x)`,
        [
          tenant,
          texts(rows.map(({ receipt }) => receipt.id)),
          texts(rows.map(({ receipt }) => receipt.month)),
          texts(rows.map(({ receipt }) => receipt.payer.id)),
          texts(rows.map(({ receipt }) => receipt.status.kind)),
          texts(rows.map(({ receipt }) => numberOf(receipt.status))),
          bigints(rows.map(({ receipt }) => BigInt(receipt.lines.length))),
          texts(rows.map(({ receipt }) => encodeParticulars(receipt))),
          texts(rows.map(({ receipt }) => encodeStatus(receipt.status))),
          byteas(rows.map(({ issuedBytes }) => issuedBytes)),
          texts(rows.map(({ issuedBytes }) => (issuedBytes === null ? null : hash("sha256", issuedBytes, "hex")))),
        ],
      ),
    ),
    ...chunks(lines).map((rows) =>
      sql.unsafe(
        `INSERT INTO receipt_line (tenant, receipt_id, position, month, usage_id, cluster, account, user_name, job_id, corrects_month, body)
        SELECT $1, r, p, m, u, c, a, n, j, o, b
        FROM unnest($2::text[], $3::int8[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[])
          AS l (r, p, m, u, c, a, n, j, o, b)`,
        [
          tenant,
          texts(rows.map(({ receipt }) => receipt.id)),
          bigints(rows.map(({ position }) => BigInt(position))),
          texts(rows.map(({ receipt }) => receipt.month)),
          texts(rows.map(({ line }) => line.usageId)),
          texts(rows.map(({ line }) => line.cluster)),
          texts(rows.map(({ line }) => line.account)),
          texts(rows.map(({ line }) => line.user)),
          texts(rows.map(({ line }) => line.jobId)),
          texts(rows.map(({ line }) => line.corrects?.month ?? null)),
          texts(rows.map(({ line }) => encodeLine(line))),
        ],
      ),
    ),
    ...chunks(batch.receiptChanges).map((changes) =>
      sql.unsafe(
        `UPDATE receipt AS r SET status_kind = n.k, number = n.n, status = n.s, issued_bytes = coalesce(r.issued_bytes, n.b),
          issued_sha256 = coalesce(r.issued_sha256, n.x)
        FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::bytea[], $7::text[]) AS n (i, k, n, s, b, x)
        WHERE r.tenant = $1 AND r.id = n.i`,
        [
          tenant,
          texts(changes.map((change) => change.receiptId)),
          texts(changes.map((change) => change.to.kind)),
          texts(changes.map((change) => numberOf(change.to))),
          texts(changes.map((change) => encodeStatus(change.to))),
          byteas(changes.map((change) => change.issuedBytes ?? null)),
          texts(changes.map((change) => (change.issuedBytes === undefined ? null : hash("sha256", change.issuedBytes, "hex")))),
        ],
      ),
    ),
  ]
}

const writePeriods = (sql: SqlClient.SqlClient, tenant: string, batch: CommitBatch) => {
  const periods = [...batch.periods.values()]
  return sql.unsafe(
    `INSERT INTO period AS p (tenant, month, zone, start_seconds, end_seconds, status)
    SELECT $1, m, z, s, e, t FROM unnest($2::text[], $3::text[], $4::int8[], $5::int8[], $6::text[]) AS n (m, z, s, e, t)
    ON CONFLICT (tenant, month) DO UPDATE
    SET zone = excluded.zone, start_seconds = excluded.start_seconds, end_seconds = excluded.end_seconds, status = excluded.status`,
    [
      tenant,
      texts(periods.map((period) => period.month)),
      texts(periods.map((period) => period.zone)),
      bigints(periods.map((period) => BigInt(period.window.startSeconds))),
      bigints(periods.map((period) => BigInt(period.window.endSeconds))),
      texts(periods.map((period) => encodePeriodStatus(period.status))),
    ],
  )
}

const writeNumbers = (sql: SqlClient.SqlClient, tenant: string, to: HeadState, batch: CommitBatch) => {
  const taken = [...batch.numbers]
  return sql.unsafe(
    `INSERT INTO document_number (tenant, series, year, next_number)
    SELECT $1, s, y, n FROM unnest($2::text[], $3::int4[], $4::int8[]) AS t (s, y, n)
    ON CONFLICT (tenant, series, year) DO UPDATE SET next_number = excluded.next_number`,
    [
      tenant,
      texts(taken.map(([, { series }]) => series)),
      integers(taken.map(([, { year }]) => year)),
      bigints(taken.map(([key]) => to.numbers.get(key) ?? 1n)),
    ],
  )
}
