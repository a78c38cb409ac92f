import type { AuditKind } from "@hpc-billing/ledger"
import { Effect, Stream } from "effect"
import type { SqlClient } from "effect/sql"
import type { AccountBalance, EntryFilter, PostedEntry, PostedTransfer, StoredAuditRecord, StoreFunctions } from "../BillingStore.ts"
import { texts } from "./columns.ts"
import { decodeEntry, periodOf } from "./entryBody.ts"
import { periodRows } from "./HeadState.ts"
import { cursorInteger, invalidCursor, readPage } from "./page.ts"
import { streamPages } from "./streamPages.ts"
import { toStoreError } from "./toStoreError.ts"

const rowsAPage = 5_000

interface EntryRow {
  readonly position: bigint
  readonly commit: bigint
  readonly at: bigint
  readonly body: string
}

const postedEntry = (row: EntryRow): PostedEntry => ({
  entry: decodeEntry(row.body),
  position: row.position,
  postedAtMicroseconds: row.at,
  commitSequence: row.commit,
})

interface TransferRow {
  readonly position: bigint
  readonly leg: number
  readonly entry: string
  readonly month: string
  readonly date: string
  readonly currency: string
  readonly debit: string
  readonly credit: string
  readonly amount: bigint
  readonly payer: string
  readonly memo: string
}

const postedTransfer = (row: TransferRow): PostedTransfer => ({
  entryId: row.entry,
  position: row.position,
  month: row.month,
  effectiveDate: row.date,
  currency: row.currency,
  transfer: { debitAccount: row.debit, creditAccount: row.credit, amountMinor: row.amount, payerId: row.payer, memo: row.memo },
})

interface AuditRow {
  readonly sequence: bigint
  readonly chain: bigint
  readonly epoch: number
  readonly at: bigint
  readonly kind: string
  readonly payload: Uint8Array
  readonly link: Uint8Array
  readonly tag: Uint8Array
  readonly action: string | null
  readonly actor: string | null
  readonly request: string | null
  readonly subject: string | null
}

const auditRecord = (row: AuditRow): StoredAuditRecord => ({
  chain: Number(row.chain),
  sequence: row.sequence,
  epoch: row.epoch,
  atMicroseconds: row.at,
  kind: row.kind as AuditKind,
  payload: row.payload,
  link: row.link,
  tag: row.tag,
  projection: [row.action, row.actor, row.request, row.subject].every((text) => text === null)
    ? null
    : { action: row.action ?? "", actor: row.actor ?? "", requestId: row.request ?? "", subject: row.subject ?? "" },
})

interface BalanceRow {
  readonly account: string
  readonly currency: string
  readonly month: string
  readonly debit: bigint
  readonly credit: bigint
}

const accountBalance = (row: BalanceRow): AccountBalance => ({
  account: row.account,
  currency: row.currency,
  month: row.month,
  debitMinor: row.debit,
  creditMinor: row.credit,
})

export const bookFunctions = (
  sql: SqlClient.SqlClient,
): Pick<
  StoreFunctions,
  | "periods"
  | "entries"
  | "openEntries"
  | "listEntries"
  | "postedEntryIds"
  | "listTransfers"
  | "balances"
  | "auditRecords"
  | "listAudit"
  | "eventsOf"
> => {
  const entryRows = (tenant: string, filter: EntryFilter, after: bigint, limit: number) => {
    const where = [sql`tenant = ${tenant}`, sql`position > ${after}`]
    if (filter.month !== undefined) where.push(sql`month = ${filter.month}`)
    if (filter.receiptId !== undefined) where.push(sql`receipt_id = ${filter.receiptId}`)
    return sql<EntryRow>`SELECT position, commit_sequence AS commit, posted_at_microseconds AS at, body FROM entry
      WHERE ${sql.and(where)} ORDER BY position LIMIT ${limit}`
  }
  const auditColumns = sql.literal(
    "sequence, chain, epoch, at_microseconds AS at, kind, payload, link, tag, action, actor, request_id AS request, subject",
  )

  return {
    periods: (tenant) =>
      periodRows(sql, tenant).pipe(
        Effect.map((rows) => rows.map((row) => periodOf(tenant, row))),
        Effect.mapError(toStoreError),
      ),

    entries: (tenant, filter) =>
      streamPages(
        filter.afterPosition ?? 0n,
        rowsAPage,
        (after, limit) => entryRows(tenant, filter, after, limit),
        (row) => row.position,
      ).pipe(Stream.map(postedEntry), Stream.mapError(toStoreError)),

    openEntries: (tenant, account, asOfDate) =>
      sql<{ body: string }>`WITH moved AS (
          SELECT t.entry_position AS position, t.month, t.amount_minor AS signed FROM transfer AS t
            WHERE t.tenant = ${tenant} AND t.debit_account = ${account}
          UNION ALL SELECT t.entry_position, t.month, -t.amount_minor FROM transfer AS t
            WHERE t.tenant = ${tenant} AND t.credit_account = ${account}),
        touching AS (SELECT coalesce(e.receipt_id, '') AS receipt, m.position, m.month, m.signed
          FROM moved AS m JOIN entry AS e ON e.tenant = ${tenant} AND e.position = m.position),
        open AS (SELECT receipt FROM touching GROUP BY receipt
          HAVING receipt = '' OR sum(signed) <> 0 OR max(month) >= ${asOfDate.slice(0, 7)})
        SELECT e.body FROM entry AS e WHERE e.tenant = ${tenant}
          AND e.position IN (SELECT touching.position FROM touching JOIN open ON open.receipt = touching.receipt)
        ORDER BY e.position`.pipe(
        Effect.map((rows) => rows.map(({ body }) => decodeEntry(body))),
        Effect.mapError(toStoreError),
      ),

    listEntries: (tenant, filter, page) =>
      readPage(
        page,
        1,
        (after, limit) =>
          Effect.gen(function* () {
            const position = after === null ? (filter.afterPosition ?? 0n) : cursorInteger(after[0])
            if (position === null) return yield* invalidCursor
            return yield* entryRows(tenant, filter, position, limit)
          }).pipe(Effect.mapError(toStoreError)),
        postedEntry,
        (row) => [row.position.toString()],
      ),

    postedEntryIds: (tenant, ids) =>
      sql<{ id: string }>`SELECT id FROM entry WHERE tenant = ${tenant} AND id = ANY(${texts(ids)})`.pipe(
        Effect.map((rows) => new Set(rows.map((row) => row.id))),
        Effect.mapError(toStoreError),
      ),

    listTransfers: (tenant, { account, month }, page) =>
      readPage(
        page,
        2,
        (after, limit) =>
          Effect.gen(function* () {
            const position = after === null ? 0n : cursorInteger(after[0])
            const leg = after === null ? -1n : cursorInteger(after[1])
            if (position === null || leg === null) return yield* invalidCursor
            const side = (
              column: "debit_account" | "credit_account",
            ) => sql`(SELECT entry_position AS position, leg, entry_id AS entry, month,
                effective_date AS date, currency, debit_account AS debit, credit_account AS credit, amount_minor AS amount, payer_id AS payer, memo
              FROM transfer WHERE tenant = ${tenant} AND ${sql.literal(column)} = ${account} AND (entry_position, leg) > (${position}, ${leg})
                ${month === undefined ? sql.literal("") : sql`AND month = ${month}`}
              ORDER BY entry_position, leg LIMIT ${limit})`
            return yield* sql<TransferRow>`${side("debit_account")} UNION ALL ${side("credit_account")} ORDER BY position, leg LIMIT ${limit}`
          }).pipe(Effect.mapError(toStoreError)),
        postedTransfer,
        (row) => [row.position.toString(), String(row.leg)],
      ),

    balances: (tenant, untilMonth) =>
      sql<BalanceRow>`SELECT account, currency, month, debit_minor AS debit, credit_minor AS credit FROM account_balance
        WHERE tenant = ${tenant} ${untilMonth === null ? sql.literal("") : sql`AND month <= ${untilMonth}`}
        ORDER BY account, currency, month`.pipe(
        Effect.map((rows) => rows.map(accountBalance)),
        Effect.mapError(toStoreError),
      ),

    auditRecords: (tenant, fromSequence) =>
      streamPages(
        fromSequence,
        rowsAPage,
        (from, limit) => sql<AuditRow>`SELECT ${auditColumns} FROM audit_record WHERE tenant = ${tenant} AND sequence >= ${from}
          ORDER BY sequence LIMIT ${limit}`,
        (row) => row.sequence + 1n,
      ).pipe(Stream.map(auditRecord), Stream.mapError(toStoreError)),

    eventsOf: (tenant, subjects) =>
      sql<AuditRow>`SELECT ${auditColumns} FROM audit_record WHERE tenant = ${tenant} AND subject = ANY(${texts(subjects)})
        ORDER BY sequence`.pipe(
        Effect.map((rows) => rows.map(auditRecord)),
        Effect.mapError(toStoreError),
      ),

    listAudit: (tenant, filter, page) =>
      readPage(
        page,
        1,
        (after, limit) =>
          Effect.gen(function* () {
            const where = [sql`tenant = ${tenant}`]
            if (filter.action !== undefined) where.push(sql`action = ${filter.action}`)
            if (filter.actor !== undefined) where.push(sql`actor = ${filter.actor}`)
            if (filter.subject !== undefined) where.push(sql`subject = ${filter.subject}`)
            if (after !== null) {
              const sequence = cursorInteger(after[0])
              if (sequence === null) return yield* invalidCursor
              where.push(sql`sequence < ${sequence}`)
            }
            return yield* sql<AuditRow>`SELECT ${auditColumns} FROM audit_record WHERE ${sql.and(where)} ORDER BY sequence DESC LIMIT ${limit}`
          }).pipe(Effect.mapError(toStoreError)),
        auditRecord,
        (row) => [row.sequence.toString()],
      ),
  }
}
