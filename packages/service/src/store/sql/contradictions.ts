import { hash } from "node:crypto"
import { Stream } from "effect"
import type { SqlClient, SqlError } from "effect/sql"
import type { Contradiction, StoreFunctions } from "../BillingStore.ts"
import { storableText } from "./columns.ts"
import { decodeEntry } from "./entryBody.ts"
import { decodeLine, decodeParticulars, decodeStatus } from "./receiptBody.ts"
import { decodeRecordBody, versionSha256 } from "./recordBody.ts"
import { recordSpan } from "./recordSpan.ts"
import { streamPages } from "./streamPages.ts"
import { toStoreError } from "./toStoreError.ts"

const rowsAPage = 2_000

type Pairs = Readonly<Record<string, readonly [stored: unknown, said: unknown]>>

const same = (stored: unknown, said: unknown): boolean =>
  stored === said || (typeof said === "string" && stored === storableText(said)) || (stored === null && said === undefined)

/** The columns that do not say what the body says. */
const compare = (row: string, pairs: Pairs): readonly Contradiction[] => {
  const wrong = Object.entries(pairs).filter(([, [stored, said]]) => !same(stored, said))
  return wrong.length === 0
    ? []
    : [{ row, finding: wrong.map(([column, [stored, said]]) => `column ${column} holds ${stored}, its body says ${said}`).join("; ") }]
}

/** A body that cannot be read is a contradiction too. */
const reading = (row: string, read: () => readonly Contradiction[]): readonly Contradiction[] => {
  try {
    return read()
  } catch (error) {
    return [{ row, finding: `its body cannot be read (${error instanceof Error ? error.message : error})` }]
  }
}

interface EntryRow {
  readonly id: string
  readonly position: bigint
  readonly month: string
  readonly date: string
  readonly currency: string
  readonly receipt: string | null
  readonly sha256: Uint8Array
  readonly body: string
  /** JSON of the legs in order, one field after the other. */
  readonly legs: string
}

const checkEntry = (row: EntryRow): readonly Contradiction[] =>
  reading(`entry ${row.id}`, () => {
    const entry = decodeEntry(row.body)
    const legs = entry.transfers.flatMap((transfer, leg) =>
      [
        String(leg),
        entry.id,
        entry.month,
        entry.effectiveDate,
        entry.currency,
        transfer.debitAccount,
        transfer.creditAccount,
        transfer.amountMinor.toString(),
        transfer.payerId,
        transfer.memo,
      ].map(storableText),
    )
    return [
      ...compare(`entry ${row.id}`, {
        id: [row.id, entry.id],
        month: [row.month, entry.month],
        effective_date: [row.date, entry.effectiveDate],
        currency: [row.currency, entry.currency],
        receipt_id: [row.receipt, entry.source.receiptId],
        sha256: [Buffer.from(row.sha256).toString("hex"), hash("sha256", row.body, "hex")],
      }),
      ...(JSON.stringify(JSON.parse(row.legs)) === JSON.stringify(legs)
        ? []
        : [{ row: `transfers of entry ${row.id}`, finding: "they are not the transfers that the entry's body says" }]),
    ]
  })

interface ReceiptRow {
  readonly id: string
  readonly month: string
  readonly payer: string
  readonly kind: string
  readonly number: string | null
  readonly lines: bigint
  readonly counted: bigint
  readonly header: string
  readonly status: string
  readonly bytes: Uint8Array | null
  readonly sha256: string | null
}

const checkReceipt = (row: ReceiptRow): readonly Contradiction[] =>
  reading(`receipt ${row.id}`, () => {
    const particulars = decodeParticulars(row.header)
    const status = decodeStatus(row.status)
    return compare(`receipt ${row.id}`, {
      id: [row.id, particulars.id],
      month: [row.month, particulars.month],
      payer_id: [row.payer, particulars.payer.id],
      status_kind: [row.kind, status.kind],
      number: [row.number, status.kind === "draft" ? null : status.number],
      line_count: [row.lines, row.counted],
      issued_sha256: [row.sha256, row.bytes === null ? null : hash("sha256", row.bytes, "hex")],
    })
  })

interface LineRow {
  readonly receipt: string
  readonly position: bigint
  readonly usage: string | null
  readonly cluster: string
  readonly account: string
  readonly user: string
  readonly job: string
  readonly corrects: string | null
  readonly month: string
  readonly receiptMonth: string | null
  readonly body: string
}

const checkLine = (row: LineRow): readonly Contradiction[] =>
  reading(`receipt line ${row.receipt} ${row.position}`, () => {
    const line = decodeLine(row.body)
    return compare(`receipt line ${row.receipt} ${row.position}`, {
      receipt_id: [row.receiptMonth === null ? "a receipt that is not stored" : row.receipt, row.receipt],
      month: [row.month, row.receiptMonth],
      usage_id: [row.usage, line.usageId],
      cluster: [row.cluster, line.cluster],
      account: [row.account, line.account],
      user_name: [row.user, line.user],
      job_id: [row.job, line.jobId],
      corrects_month: [row.corrects, line.corrects?.month],
    })
  })

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
  return reading(name, () => {
    const record = decodeRecordBody(row.body)
    const span = recordSpan(record)
    const version = Buffer.from(row.version).toString("hex")
    const returned = versionSha256(row.body, row.sequence).toString("hex")
    return compare(name, {
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

interface BytesRow {
  readonly key: string
  readonly sha256: string
  readonly bytes: Uint8Array
}

const checkBytes = (row: BytesRow): readonly Contradiction[] => compare(row.key, { sha256: [row.sha256, hash("sha256", row.bytes, "hex")] })

export const contradictionFunctions = (sql: SqlClient.SqlClient): Pick<StoreFunctions, "contradictions"> => ({
  contradictions: (tenant) => {
    const entries = streamPages<EntryRow, bigint, SqlError.SqlError>(
      0n,
      rowsAPage,
      (
        after,
        limit,
      ) => sql`SELECT e.id, e.position, e.month, e.effective_date AS date, e.currency, e.receipt_id AS receipt, e.sha256, e.body,
          (SELECT coalesce(json_agg(f.v ORDER BY t.leg, f.n)::text, '[]') FROM transfer AS t,
            unnest(ARRAY[t.leg::text, t.entry_id, t.month, t.effective_date, t.currency, t.debit_account, t.credit_account, t.amount_minor::text,
              t.payer_id, t.memo]) WITH ORDINALITY AS f (v, n)
            WHERE t.tenant = e.tenant AND t.entry_position = e.position) AS legs
        FROM entry AS e WHERE e.tenant = ${tenant} AND e.position > ${after} ORDER BY e.position LIMIT ${limit}`,
      (row) => row.position,
    )
    const receipts = streamPages<ReceiptRow, string, SqlError.SqlError>(
      "",
      rowsAPage,
      (after, limit) => sql`SELECT r.id, r.month, r.payer_id AS payer, r.status_kind AS kind, r.number, r.line_count AS lines,
          (SELECT count(*) FROM receipt_line AS l WHERE l.tenant = r.tenant AND l.receipt_id = r.id) AS counted,
          r.header, r.status, r.issued_bytes AS bytes, r.issued_sha256 AS sha256
        FROM receipt AS r WHERE r.tenant = ${tenant} AND r.id > ${after} ORDER BY r.id LIMIT ${limit}`,
      (row) => row.id,
    )
    const lines = streamPages<LineRow, { readonly receipt: string; readonly position: bigint }, SqlError.SqlError>(
      { receipt: "", position: -1n },
      rowsAPage,
      (
        after,
        limit,
      ) => sql`SELECT l.receipt_id AS receipt, l.position, l.usage_id AS usage, l.cluster, l.account, l.user_name AS user, l.job_id AS job,
          l.corrects_month AS corrects, l.month, r.month AS "receiptMonth", l.body
        FROM receipt_line AS l LEFT JOIN receipt AS r ON r.tenant = l.tenant AND r.id = l.receipt_id
        WHERE l.tenant = ${tenant} AND (l.receipt_id, l.position) > (${after.receipt}, ${after.position})
        ORDER BY l.receipt_id, l.position LIMIT ${limit}`,
      (row) => ({ receipt: row.receipt, position: row.position }),
    )
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
    const documents = Stream.fromIterableEffect(
      sql<BytesRow>`SELECT 'document ' || kind || ' ' || version AS key, sha256, bytes FROM document WHERE tenant = ${tenant} ORDER BY kind, version`,
    )
    const files = streamPages<
      BytesRow & { subject: string; name: string },
      { readonly subject: string; readonly name: string },
      SqlError.SqlError
    >(
      { subject: "", name: "" },
      50,
      (after, limit) => sql`SELECT 'file ' || subject || ' ' || name AS key, subject, name, sha256, bytes FROM file
        WHERE tenant = ${tenant} AND (subject, name) > (${after.subject}, ${after.name}) ORDER BY subject, name LIMIT ${limit}`,
      (row) => row,
    )
    const balances = Stream.fromIterableEffect(
      sql<Contradiction>`SELECT 'balance ' || account || ' ' || currency || ' ' || month AS row,
          'it differs from the transfers by ' || (-sum(d))::text || ' debit and ' || (-sum(c))::text || ' credit minor units' AS finding
        FROM (SELECT account, currency, month, -debit_minor AS d, -credit_minor AS c FROM account_balance WHERE tenant = ${tenant}
          UNION ALL SELECT debit_account, currency, month, amount_minor, 0 FROM transfer WHERE tenant = ${tenant}
          UNION ALL SELECT credit_account, currency, month, 0, amount_minor FROM transfer WHERE tenant = ${tenant}) AS moved
        GROUP BY account, currency, month HAVING sum(d) <> 0 OR sum(c) <> 0 ORDER BY 1`,
    )
    return Stream.flattenIterable(Stream.map(entries, checkEntry)).pipe(
      Stream.concat(Stream.flattenIterable(Stream.map(receipts, checkReceipt))),
      Stream.concat(Stream.flattenIterable(Stream.map(lines, checkLine))),
      Stream.concat(Stream.flattenIterable(Stream.map(records, checkRecord))),
      Stream.concat(Stream.flattenIterable(Stream.map(documents, checkBytes))),
      Stream.concat(Stream.flattenIterable(Stream.map(files, checkBytes))),
      Stream.concat(balances),
      Stream.mapError(toStoreError),
    )
  },
})
