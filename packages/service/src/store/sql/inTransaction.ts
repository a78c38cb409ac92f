import { Effect } from "effect"
import { type SqlClient, SqlError } from "effect/sql"

/**
 * All or nothing. When the connection breaks on the way, the rollback fails as well, and the client makes a defect of that
 * failure: here it is a failure again, so that a server that restarts is an answer to the caller and not the end of the process.
 */
export const inTransaction =
  (sql: SqlClient.SqlClient) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E | SqlError.SqlError, R> =>
    sql
      .withTransaction(effect)
      .pipe(Effect.catchDefect((defect) => (SqlError.isSqlError(defect) ? Effect.fail(defect) : Effect.die(defect))))
