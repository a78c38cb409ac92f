import { hash } from "node:crypto"
import { canonicalEntry } from "@hpc-billing/ledger"
import { Stream } from "effect"
import type { SqlClient, SqlError } from "effect/sql"
import type { Contradiction } from "../BillingStore.ts"
import { storableText } from "./columns.ts"
import { compareColumns, readingBody } from "./compareColumns.ts"
import { decodeEntry, type PeriodRow, periodOf } from "./entryBody.ts"
import { periodRows } from "./HeadState.ts"
import { decodeLine, decodeParticulars, decodeStatus } from "./receiptBody.ts"
import { streamPages } from "./streamPages.ts"
import { streamSized } from "./streamSized.ts"

const rowsAPage = 2_000

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
  readingBody(`entry ${row.id}`, () => {
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
      ...compareColumns(`entry ${row.id}`, {
        id: [row.id, entry.id],
        month: [row.month, entry.month],
        effective_date: [row.date, entry.effectiveDate],
        currency: [row.currency, entry.currency],
        receipt_id: [row.receipt, entry.source.receiptId],
        sha256: [Buffer.from(row.sha256).toString("hex"), hash("sha256", row.body, "hex")],
        body: [row.body, canonicalEntry(entry)],
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
  readingBody(`receipt ${row.id}`, () => {
    const particulars = decodeParticulars(row.header)
    const status = decodeStatus(row.status)
    return compareColumns(`receipt ${row.id}`, {
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
  readingBody(`receipt line ${row.receipt} ${row.position}`, () => {
    const line = decodeLine(row.body)
    return compareColumns(`receipt line ${row.receipt} ${row.position}`, {
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

const checkPeriod = (tenant: string, row: PeriodRow): readonly Contradiction[] =>
  readingBody(`period ${row.month}`, () => {
    periodOf(tenant, row)
    return []
  })

/** Of entries, their transfers, balances, periods, receipts and lines. */
export const bookContradictions = (sql: SqlClient.SqlClient, tenant: string): Stream.Stream<Contradiction, SqlError.SqlError> => {
  const entries = streamPages<EntryRow, bigint, SqlError.SqlError>(
    0n,
    rowsAPage,
    (after, limit) => sql`SELECT e.id, e.position, e.month, e.effective_date AS date, e.currency, e.receipt_id AS receipt, e.sha256, e.body,
        (SELECT coalesce(json_agg(f.v ORDER BY t.leg, f.n)::text, '[]') FROM transfer AS t,
          unnest(ARRAY[t.leg::text, t.entry_id, t.month, t.effective_date, t.currency, t.debit_account, t.credit_account, t.amount_minor::text,
            t.payer_id, t.memo]) WITH ORDINALITY AS f (v, n)
          WHERE t.tenant = e.tenant AND t.entry_position = e.position) AS legs
      FROM entry AS e WHERE e.tenant = ${tenant} AND e.position > ${after} ORDER BY e.position LIMIT ${limit}`,
    (row) => row.position,
  )
  const strays = Stream.fromIterableEffect(
    sql<Contradiction>`SELECT 'transfer ' || t.leg || ' of entry ' || t.entry_id AS row,
        'it stands at position ' || t.entry_position || ', where no entry stands' AS finding
      FROM transfer AS t LEFT JOIN entry AS e ON e.tenant = t.tenant AND e.position = t.entry_position
      WHERE t.tenant = ${tenant} AND e.id IS NULL ORDER BY t.entry_position, t.leg`,
  )
  const receipts = streamSized<ReceiptRow, Pick<ReceiptRow, "id">, SqlError.SqlError>(
    { id: "" },
    (after, limit) => sql`SELECT id, coalesce(octet_length(issued_bytes), 0) AS size FROM receipt
      WHERE tenant = ${tenant} AND id > ${after.id} ORDER BY id LIMIT ${limit}`,
    (after, last) => sql`SELECT r.id, r.month, r.payer_id AS payer, r.status_kind AS kind, r.number, r.line_count AS lines,
        (SELECT count(*) FROM receipt_line AS l WHERE l.tenant = r.tenant AND l.receipt_id = r.id) AS counted,
        r.header, r.status, r.issued_bytes AS bytes, r.issued_sha256 AS sha256
      FROM receipt AS r WHERE r.tenant = ${tenant} AND r.id > ${after.id} AND r.id <= ${last.id} ORDER BY r.id`,
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
  const balances = Stream.fromIterableEffect(
    sql<Contradiction>`SELECT 'balance ' || account || ' ' || currency || ' ' || month AS row,
        'it differs from the transfers by ' || (-sum(d))::text || ' debit and ' || (-sum(c))::text || ' credit minor units' AS finding
      FROM (SELECT account, currency, month, -debit_minor AS d, -credit_minor AS c FROM account_balance WHERE tenant = ${tenant}
        UNION ALL SELECT debit_account, currency, month, amount_minor, 0 FROM transfer WHERE tenant = ${tenant}
        UNION ALL SELECT credit_account, currency, month, 0, amount_minor FROM transfer WHERE tenant = ${tenant}) AS moved
      GROUP BY account, currency, month HAVING sum(d) <> 0 OR sum(c) <> 0 ORDER BY 1`,
  )
  const periods = Stream.fromIterableEffect(periodRows(sql, tenant))
  return Stream.flattenIterable(Stream.map(entries, checkEntry)).pipe(
    Stream.concat(strays),
    Stream.concat(Stream.flattenIterable(Stream.map(receipts, checkReceipt))),
    Stream.concat(Stream.flattenIterable(Stream.map(lines, checkLine))),
    Stream.concat(balances),
    Stream.concat(Stream.flattenIterable(Stream.map(periods, (row) => checkPeriod(tenant, row)))),
  )
}
