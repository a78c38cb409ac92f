import * as PgClient from "@effect/sql-pg/PgClient"
import * as PgTypes from "@effect/sql-pg/PgTypes"
import { Effect, type Scope, Stream } from "effect"
import type { Reactivity } from "effect/reactivity"
import { SqlClient, type SqlConnection, SqlError } from "effect/sql"

/** A query as node-postgres takes it, with the parsers of its answer. */
export interface HostQuery {
  readonly text: string
  readonly values: unknown[]
  readonly types: { readonly getTypeParser: (oid: number) => (text: string) => unknown }
}

export interface HostConnection {
  readonly query: (query: HostQuery) => Promise<{ readonly rows: readonly object[] }>
}

/**
 * A pool of node-postgres clients that a host owns (Backstage's knex, say): its schema, login and short-lived credentials
 * stay the host's business. `broken`: the connection failed and is not to be given to another.
 */
export interface HostPool {
  readonly acquire: () => Promise<HostConnection>
  readonly release: (connection: HostConnection, broken: boolean) => void | Promise<void>
}

/** The same values as the own driver gives: int8 as bigint, bytea as bytes, numbers of int4 and int2, all else text. */
const parsers: ReadonlyMap<number, (text: string) => unknown> = new Map<number, (text: string) => unknown>([
  [PgTypes.OID.int8, BigInt],
  [PgTypes.OID.int4, Number],
  [PgTypes.OID.int2, Number],
  [PgTypes.OID.bool, (text) => text === "t"],
  [PgTypes.OID.bytea, (text) => new Uint8Array(Buffer.from(text.slice(2), "hex"))],
  [PgTypes.OID.json, JSON.parse],
])

const types: HostQuery["types"] = { getTypeParser: (oid) => parsers.get(oid) ?? ((text) => text) }

const hostValue = (value: unknown): unknown => {
  if (PgTypes.isParameter(value)) return hostValue(value.value)
  if (Array.isArray(value)) return value.map(hostValue)
  if (typeof value === "bigint") return value.toString()
  return value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : value
}

const reasonOf = (cause: unknown): SqlError.SqlErrorReason => {
  const { code = "", constraint, message } = cause as { code?: string; constraint?: string; message?: string }
  const about = { cause, message: message ?? "the query failed", operation: "query" }
  if (code === "23505") return new SqlError.UniqueViolation({ ...about, constraint: constraint ?? "unknown" })
  if (code === "42501") return new SqlError.AuthorizationError(about)
  if (code === "40001") return new SqlError.SerializationError(about)
  if (code === "40P01") return new SqlError.DeadlockError(about)
  if (code === "55P03") return new SqlError.LockTimeoutError(about)
  if (code === "57014") return new SqlError.StatementTimeoutError(about)
  if (code.startsWith("28")) return new SqlError.AuthenticationError(about)
  if (code.startsWith("23")) return new SqlError.ConstraintError(about)
  if (code.startsWith("42")) return new SqlError.SqlSyntaxError(about)
  // no SQLSTATE (five characters, a digit among them): the connection itself failed
  return /^(?=.*\d)[0-9A-Z]{5}$/.test(code) && !/^(08|57P)/.test(code)
    ? new SqlError.UnknownError(about)
    : new SqlError.ConnectionError(about)
}

const sqlError = (cause: unknown): SqlError.SqlError => new SqlError.SqlError({ reason: reasonOf(cause) })

interface Lease {
  readonly connection: HostConnection
  broken: boolean
}

const connectionOf = (lease: Lease): SqlConnection.Connection => {
  const run = (text: string, values: readonly unknown[]) =>
    Effect.tryPromise({
      try: async () => (await lease.connection.query({ text, values: values.map(hostValue), types })).rows,
      catch: (cause) => {
        const error = sqlError(cause)
        lease.broken ||= error.reason._tag === "ConnectionError"
        return error
      },
    })
  const execute: SqlConnection.Connection["execute"] = (text, values, transform) =>
    Effect.map(run(text, values), (rows) => (transform === undefined ? rows : transform(rows)))
  const executeValues: SqlConnection.Connection["executeValues"] = (text, values) =>
    Effect.map(run(text, values), (rows) => rows.map((row) => Object.values(row)))
  return {
    execute,
    executeUnprepared: execute,
    executeRaw: run,
    executeValues,
    executeValuesUnprepared: executeValues,
    executeStream: () => Stream.die(new Error("the store reads in pages, it opens no cursor")),
  }
}

/** The client of the store over the host's pool. The pool is not closed with it. */
export const hostPoolClient = (pool: HostPool): Effect.Effect<SqlClient.SqlClient, never, Scope.Scope | Reactivity.Reactivity> =>
  SqlClient.make({
    acquirer: Effect.map(
      Effect.acquireRelease(
        Effect.map(
          Effect.tryPromise({ try: () => pool.acquire(), catch: sqlError }),
          (connection): Lease => ({ connection, broken: false }),
        ),
        ({ connection, broken }) => Effect.promise(async () => pool.release(connection, broken)),
      ),
      connectionOf,
    ),
    compiler: PgClient.makeCompiler(),
    driver: "pg",
    releaseSavepoint: (name) => `RELEASE SAVEPOINT ${name}`,
    spanAttributes: [["db.system.name", "postgresql"]],
  })
