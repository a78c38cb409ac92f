import { Clock, Effect } from "effect"
import type { SqlClient } from "effect/sql"
import { type Migration, migrations } from "../migrations/migrations.ts"
import { StoreError } from "../StoreError.ts"
import { forServer } from "./forServer.ts"
import { inTransaction } from "./inTransaction.ts"
import { toStoreError } from "./toStoreError.ts"

/**
 * Brings the schema to this release, one transaction per migration. Two processes may start at once: who comes second finds
 * the work done. A schema of a newer release is refused untouched; one that is up to date is only read, which a role without the
 * right to create may do.
 */
export const migrate = Effect.fnUntraced(function* (
  sql: SqlClient.SqlClient,
  steps: readonly Migration[] = migrations,
): Effect.fn.Return<void, StoreError> {
  const supported = steps.length
  const stand = Effect.gen(function* () {
    const [there] = yield* sql`SELECT 1 AS there FROM information_schema.tables
      WHERE table_schema = current_schema() AND table_name = 'schema_migration'`
    if (there === undefined) {
      yield* sql`CREATE TABLE IF NOT EXISTS schema_migration (
        id int4 NOT NULL PRIMARY KEY, name text NOT NULL, applied_at_microseconds bigint NOT NULL)`
    }
    const [row] = yield* sql<{ found: number | null }>`SELECT max(id)::int4 AS found FROM schema_migration`
    return row?.found ?? 0
  }).pipe(Effect.retry({ times: 3 }))
  const apply = (step: Migration) =>
    Effect.gen(function* () {
      const [server] = yield* sql<{ words: string }>`SELECT version() AS words`
      const at = (yield* Clock.currentTimeNanos) / 1000n
      yield* sql`INSERT INTO schema_migration (id, name, applied_at_microseconds) VALUES (${step.id}, ${step.name}, ${at})`
      for (const statement of step.statements) yield* sql.unsafe(forServer(statement, server?.words ?? "")).unprepared
    }).pipe(inTransaction(sql))
  for (let attempt = 0; ; attempt++) {
    const found = yield* stand.pipe(Effect.mapError(toStoreError))
    if (found > supported) {
      return yield* new StoreError({
        reason: {
          _tag: "NewerSchema",
          sentence: `The database has schema version ${found}, this release knows ${supported}: start the newer release of hpc-billing, or restore the backup made before it.`,
          found,
          supported,
        },
      })
    }
    const step = steps[found]
    if (step === undefined) return
    yield* apply(step).pipe(
      Effect.mapError(toStoreError),
      Effect.catch((error) => (attempt < steps.length + 3 ? Effect.void : Effect.fail(error))),
    )
  }
})
