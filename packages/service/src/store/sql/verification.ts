import { Effect, Option } from "effect"
import type { SqlClient } from "effect/sql"
import type { DocumentNumber, StoredHead, StoreFunctions } from "../BillingStore.ts"
import type { StoreError } from "../StoreError.ts"
import { digestIngested } from "./digestIngested.ts"
import { inTransaction } from "./inTransaction.ts"
import { toStoreError } from "./toStoreError.ts"

/** What verification reads beside what the service itself reads. */
export const verificationFunctions = (
  sql: SqlClient.SqlClient,
): Pick<StoreFunctions, "snapshot" | "storedHead" | "documentNumbers" | "digestIngested"> => ({
  digestIngested: digestIngested(sql),

  snapshot: <A, E, R>(work: Effect.Effect<A, E, R>) =>
    Effect.gen(function* () {
      // within a transaction nothing moves already
      const isWithin = Option.isSome(yield* Effect.serviceOption(sql.transactionService))
      if (isWithin) return yield* Effect.result(work)
      const begun = Effect.andThen(sql`SET TRANSACTION ISOLATION LEVEL REPEATABLE READ`, Effect.result(work))
      return yield* begun.pipe(inTransaction(sql), Effect.mapError(toStoreError))
    }).pipe(Effect.flatMap((outcome): Effect.Effect<A, E | StoreError> => Effect.fromResult(outcome))),

  storedHead: (tenant) =>
    sql<StoredHead>`SELECT commit_sequence AS "commitSequence", entry_count AS "entryCount", chain_sequence AS "chainSequence",
        chain_epoch AS "chainEpoch", chain_link AS "chainLink", chain_carried AS "chainCarried", at_microseconds AS "atMicroseconds"
      FROM ledger_head WHERE tenant = ${tenant}`.pipe(
      Effect.map(([row]) => row ?? null),
      Effect.mapError(toStoreError),
    ),

  documentNumbers: (tenant) =>
    sql<DocumentNumber>`SELECT series, year, next_number AS "nextNumber" FROM document_number WHERE tenant = ${tenant}
      ORDER BY series, year`.pipe(Effect.mapError(toStoreError)),
})
