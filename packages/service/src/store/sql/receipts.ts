import { Effect, Stream } from "effect"
import type { SqlClient, Statement } from "effect/sql"
import type { LineFilter, ReceiptFilter, ReceiptHeader, StoredLine, StoredReceipt, StoreFunctions } from "../BillingStore.ts"
import { texts } from "./columns.ts"
import { cursorInteger, invalidCursor, readPage } from "./page.ts"
import { decodeLine, decodeParticulars, decodeStatus } from "./receiptBody.ts"
import { streamPages } from "./streamPages.ts"
import { toStoreError } from "./toStoreError.ts"

const rowsAPage = 5_000

interface HeaderRow {
  readonly id: string
  readonly month: string
  readonly lines: bigint
  readonly header: string
  readonly status: string
  readonly sha256: string | null
}

const headerOf = (row: HeaderRow): ReceiptHeader => ({
  ...decodeParticulars(row.header),
  status: decodeStatus(row.status),
  lineCount: Number(row.lines),
  issuedSha256: row.sha256,
})

interface LineRow {
  readonly receipt: string
  readonly position: bigint
  readonly body: string
}

const storedLine = (row: LineRow): StoredLine => ({ receiptId: row.receipt, position: Number(row.position), line: decodeLine(row.body) })

export const receiptFunctions = (
  sql: SqlClient.SqlClient,
): Pick<StoreFunctions, "receipt" | "receiptHeader" | "receiptByNumber" | "listReceipts" | "listLines" | "lines"> => {
  const receiptConditions = (tenant: string, filter: ReceiptFilter): Statement.Fragment[] => {
    const where = [sql`tenant = ${tenant}`]
    if (filter.ids !== undefined) where.push(sql`id = ANY(${texts(filter.ids)})`)
    if (filter.month !== undefined) where.push(sql`month = ${filter.month}`)
    if (filter.payerIds !== undefined) where.push(sql`payer_id = ANY(${texts(filter.payerIds)})`)
    if (filter.status !== undefined) where.push(sql`status_kind = ${filter.status}`)
    return where
  }

  const lineConditions = (tenant: string, filter: LineFilter): Statement.Fragment[] => {
    const where = [sql`tenant = ${tenant}`]
    if (filter.receiptId !== undefined) where.push(sql`receipt_id = ${filter.receiptId}`)
    if (filter.month !== undefined) where.push(sql`month = ${filter.month}`)
    if (filter.user !== undefined) where.push(sql`user_name = ${filter.user}`)
    if (filter.accounts !== undefined) where.push(sql`account = ANY(${texts(filter.accounts)})`)
    if (filter.cluster !== undefined) where.push(sql`cluster = ${filter.cluster}`)
    if (filter.jobId !== undefined) where.push(sql`job_id = ${filter.jobId}`)
    if (filter.usageId !== undefined) where.push(filter.usageId === null ? sql`usage_id IS NULL` : sql`usage_id = ${filter.usageId}`)
    if (filter.usageIds !== undefined) where.push(sql`usage_id = ANY(${texts(filter.usageIds)})`)
    if (filter.correctsMonth !== undefined) where.push(sql`corrects_month = ${filter.correctsMonth}`)
    return where
  }

  const lineRows = (where: readonly Statement.Fragment[], after: { readonly receipt: string; readonly position: bigint }, limit: number) =>
    sql<LineRow>`SELECT receipt_id AS receipt, position, body FROM receipt_line
      WHERE ${sql.and([...where, sql`(receipt_id, position) > (${after.receipt}, ${after.position})`])}
      ORDER BY receipt_id, position LIMIT ${limit}`

  const start = { receipt: "", position: -1n }

  const streamLines = (tenant: string, filter: LineFilter) =>
    streamPages(
      start,
      rowsAPage,
      (after, limit) => lineRows(lineConditions(tenant, filter), after, limit),
      (row) => ({ receipt: row.receipt, position: row.position }),
    ).pipe(Stream.map(storedLine), Stream.mapError(toStoreError))

  const storedReceipt = (tenant: string, where: Statement.Fragment) =>
    Effect.gen(function* () {
      const [row] = yield* sql<HeaderRow & { bytes: Uint8Array | null }>`SELECT id, month, line_count AS lines, header, status,
          issued_sha256 AS sha256, issued_bytes AS bytes FROM receipt WHERE tenant = ${tenant} AND ${where}`
      if (row === undefined) return null
      const lines = yield* Stream.runCollect(streamLines(tenant, { receiptId: row.id }))
      return {
        receipt: { ...decodeParticulars(row.header), status: decodeStatus(row.status), lines: lines.map(({ line }) => line) },
        issuedBytes: row.bytes,
        issuedSha256: row.sha256,
      } satisfies StoredReceipt
    }).pipe(Effect.mapError(toStoreError))

  return {
    receipt: (tenant, id) => storedReceipt(tenant, sql`id = ${id}`),
    receiptHeader: (tenant, id) =>
      sql<HeaderRow>`SELECT id, month, line_count AS lines, header, status, issued_sha256 AS sha256 FROM receipt
        WHERE tenant = ${tenant} AND id = ${id}`.pipe(
        Effect.map(([row]) => (row === undefined ? null : headerOf(row))),
        Effect.mapError(toStoreError),
      ),
    receiptByNumber: (tenant, number) => storedReceipt(tenant, sql`number = ${number}`),

    listReceipts: (tenant, filter, page) =>
      readPage(
        page,
        2,
        (after, limit) => {
          const where = receiptConditions(tenant, filter)
          if (after !== null) where.push(sql`(month, id) < (${after[0]}, ${after[1]})`)
          return sql<HeaderRow>`SELECT id, month, line_count AS lines, header, status, issued_sha256 AS sha256 FROM receipt
            WHERE ${sql.and(where)} ORDER BY month DESC, id DESC LIMIT ${limit}`.pipe(Effect.mapError(toStoreError))
        },
        headerOf,
        (row) => [row.month, row.id],
      ),

    listLines: (tenant, filter, page) =>
      readPage(
        page,
        2,
        (after, limit) =>
          Effect.gen(function* () {
            const position = after === null ? -1n : cursorInteger(after[1])
            if (position === null) return yield* invalidCursor
            return yield* lineRows(lineConditions(tenant, filter), { receipt: after?.[0] ?? "", position }, limit)
          }).pipe(Effect.mapError(toStoreError)),
        storedLine,
        (row) => [row.receipt, row.position.toString()],
      ),

    lines: streamLines,
  }
}
