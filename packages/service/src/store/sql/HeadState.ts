import { type ChainHead, decodeChainHead, encodeChainHead, type Period } from "@hpc-billing/ledger"
import { Effect } from "effect"
import type { SqlClient } from "effect/sql"
import type { AuditChain } from "../AuditChain.ts"
import type { LedgerHead } from "../BillingStore.ts"
import { StoreError } from "../StoreError.ts"
import { type PeriodRow, periodOf } from "./entryBody.ts"

/**
 * Where the books of one tenant stand, as the sequencer carries it from commit to commit. Valid as long as the head row is
 * what it was: every commit changes that row, and is refused when another changed it first.
 */
export interface HeadState {
  commitSequence: bigint
  entryCount: bigint
  chain: ChainHead
  atMicroseconds: bigint
  readonly numbers: Map<string, bigint>
  readonly periods: Map<string, Period>
  readonly documents: Map<string, number>
}

export const copyOf = (state: HeadState): HeadState => ({
  ...state,
  numbers: new Map(state.numbers),
  periods: new Map(state.periods),
  documents: new Map(state.documents),
})

export const numberKey = (series: string, year: number): string => `${year}/${series}`

/** A view of the state at this moment: later changes of the state do not show in it. */
export const ledgerHead = (tenant: string, state: HeadState, atMicroseconds: bigint): LedgerHead => {
  const { numbers, periods, documents } = copyOf(state)
  return {
    tenant,
    commitSequence: state.commitSequence,
    entryCount: state.entryCount,
    chain: state.chain,
    atMicroseconds,
    nextNumber: (series, year) => numbers.get(numberKey(series, year)) ?? 1n,
    periods: new Map([...periods].sort(([left], [right]) => (left < right ? -1 : 1))),
    documentVersion: (kind) => documents.get(kind) ?? 0,
    documentKinds: (prefix) => [...documents.keys()].filter((kind) => kind.startsWith(prefix)).sort(),
  }
}

interface HeadRow {
  readonly commits: bigint
  readonly entries: bigint
  readonly sequence: bigint
  readonly epoch: number
  readonly link: Uint8Array
  readonly carried: string
  readonly at: bigint
}

const chainHeadOf = (tenant: string, row: HeadRow): ChainHead => {
  const head = decodeChainHead(row.carried)
  if (head.sequence !== row.sequence || head.epoch !== row.epoch || Buffer.compare(head.link, row.link) !== 0) {
    throw new TypeError(`the head row of ${tenant} contradicts itself`)
  }
  return head
}

/** The head row is read first: what is read after it is either of that head, or the commit built on it will be refused. */
export const loadHead = Effect.fnUntraced(function* (sql: SqlClient.SqlClient, chain: AuditChain, tenant: string) {
  const read = sql<HeadRow>`SELECT commit_sequence AS commits, entry_count AS entries, chain_sequence AS sequence, chain_epoch AS epoch,
    chain_link AS link, chain_carried AS carried, at_microseconds AS at FROM ledger_head WHERE tenant = ${tenant}`
  let [row] = yield* read
  if (row === undefined) {
    const first = chain.genesis(tenant)
    yield* sql`INSERT INTO ledger_head (tenant, commit_sequence, entry_count, chain_sequence, chain_epoch, chain_link, chain_carried, at_microseconds)
      VALUES (${tenant}, 0, 0, ${first.sequence}, ${first.epoch}, ${first.link}, ${encodeChainHead(first)}, 0) ON CONFLICT (tenant) DO NOTHING`
    ;[row] = yield* read
  }
  const found = row as HeadRow
  const numbers = yield* sql<{ series: string; year: number; next: bigint }>`SELECT series, year, next_number AS next
    FROM document_number WHERE tenant = ${tenant}`
  const periods = yield* periodRows(sql, tenant)
  const documents = yield* sql<{ kind: string; version: bigint }>`SELECT kind, max(version) AS version FROM document
    WHERE tenant = ${tenant} GROUP BY kind`
  const head = yield* Effect.try({
    try: () => chainHeadOf(tenant, found),
    catch: (cause) =>
      new StoreError({
        reason: {
          _tag: "Corrupt",
          sentence: `The stored head of the audit chain of ${tenant} cannot be right (${cause instanceof Error ? cause.message : cause}): run "hpc-billing verify" and restore the last good backup before writing again.`,
          subject: tenant,
        },
      }),
  })
  return {
    commitSequence: found.commits,
    entryCount: found.entries,
    chain: head,
    atMicroseconds: found.at,
    numbers: new Map(numbers.map((number) => [numberKey(number.series, number.year), number.next])),
    periods: new Map(periods.map((period) => [period.month, periodOf(tenant, period)])),
    documents: new Map(documents.map((document) => [document.kind, Number(document.version)])),
  } satisfies HeadState
})

export const periodRows = (sql: SqlClient.SqlClient, tenant: string) =>
  sql<PeriodRow>`SELECT month, zone, start_seconds AS start, end_seconds AS "end", status FROM period WHERE tenant = ${tenant} ORDER BY month`
