import { Effect } from "effect"
import type { SqlClient } from "effect/sql"

/** Locks the tenant's ingest head until the transaction ends, and answers its sequence: batches of one tenant come one after another. */
export const lockIngestHead = Effect.fnUntraced(function* (sql: SqlClient.SqlClient, tenant: string) {
  yield* sql`INSERT INTO ingest_head (tenant, sequence) VALUES (${tenant}, 0) ON CONFLICT (tenant) DO NOTHING`
  const [head] = yield* sql<{ sequence: bigint }>`SELECT sequence FROM ingest_head WHERE tenant = ${tenant} FOR UPDATE`
  return head?.sequence ?? 0n
})
