import type { SqlError } from "effect/sql"
import { StoreError } from "../StoreError.ts"

/** The server's own words, from the innermost cause that has any. */
const wordsOf = (error: SqlError.SqlError): string => {
  let words = error.reason.message ?? ""
  let cause: unknown = error.reason.cause
  for (let depth = 0; depth < 5 && cause instanceof Error; depth++) {
    if (cause.message !== "") words = cause.message
    cause = cause.cause
  }
  return words
}

/**
 * Driver errors in the store's sentences; the database's words go along for the operator. What the use case could have foreseen is
 * checked before and never gets here.
 */
export const toStoreError = (error: SqlError.SqlError | StoreError): StoreError => {
  if (error._tag === "StoreError") return error
  const words = wordsOf(error)
  const unavailable = (sentence: string) => new StoreError({ reason: { _tag: "Unavailable", sentence, words, cause: error } })
  switch (error.reason._tag) {
    case "AuthenticationError":
      return unavailable("The database refused the login: check user and password in DATABASE_URL.")
    case "AuthorizationError":
      return unavailable("The database role may not do this: grant it as in docs/databases.md, or use the owner's role.")
    case "ConnectionError":
      return unavailable("No connection to the database: check that the server runs and that DATABASE_URL names its host and port.")
    case "DeadlockError":
    case "SerializationError":
    case "LockTimeoutError":
      return new StoreError({ reason: { _tag: "Contention", sentence: "Other writers were faster: try again.", words } })
    case "StatementTimeoutError":
      return unavailable("The database cancelled a statement: raise statement_timeout or try again when it is less busy.")
    case "UniqueViolation":
    case "ConstraintError":
      return new StoreError({
        reason: {
          _tag: "Conflict",
          sentence: "The database refused a row that contradicts what is stored: read again what is stored and repeat.",
          subject: "row",
          words,
        },
      })
    default:
      return unavailable("The database failed: look into its log.")
  }
}
