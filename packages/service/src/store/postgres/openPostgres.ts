import * as PgClient from "@effect/sql-pg/PgClient"
import { Effect, Redacted, type Scope } from "effect"
import type { Reactivity } from "effect/reactivity"
import type { SqlClient, SqlError } from "effect/sql"
import { StoreError } from "../StoreError.ts"
import { type ServerFacts, whyUnfit } from "../sql/forServer.ts"
import { toStoreError } from "../sql/toStoreError.ts"

export interface PostgresLocation {
  /** `postgres://user:password@host:port/database`. */
  readonly url: Redacted.Redacted
  readonly connectionsMaximum?: number
}

/** A pool on a PostgreSQL server, which is asked at once for its version and encoding. */
export const openPostgres = Effect.fnUntraced(function* (
  location: PostgresLocation,
): Effect.fn.Return<PgClient.PgClient, StoreError, Scope.Scope | Reactivity.Reactivity> {
  const text = Redacted.value(location.url)
  if (!URL.canParse(text) || !/^postgres(ql)?:$/.test(new URL(text).protocol)) {
    return yield* new StoreError({
      reason: {
        _tag: "Unavailable",
        sentence: "DATABASE_URL is not the address of a PostgreSQL database: write it as postgres://user:password@host:5432/database.",
      },
    })
  }
  return yield* Effect.gen(function* () {
    const sql = yield* PgClient.make({
      url: location.url,
      maxConnections: location.connectionsMaximum ?? 8,
      connectTimeout: "10 seconds",
      applicationName: "hpc-billing",
      maxMessageSize: 1_000_000_000,
    })
    yield* checkServer(sql)
    return sql
  }).pipe(Effect.mapError(toStoreError))
})

/** Refuses a server that the schema does not fit. */
export const checkServer = Effect.fnUntraced(function* (sql: SqlClient.SqlClient): Effect.fn.Return<void, StoreError | SqlError.SqlError> {
  const [server] =
    yield* sql<ServerFacts>`SELECT version() AS words, (current_setting('server_version_num')::int4 / 10000)::int4 AS version,
    current_setting('server_encoding') AS encoding`
  const unfit = whyUnfit(server ?? { words: "", version: 0, encoding: "" })
  if (unfit !== null) return yield* new StoreError({ reason: { _tag: "Unsupported", sentence: unfit } })
})
