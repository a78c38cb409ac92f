import { Effect, type Scope } from "effect"
import type { SqlClient } from "effect/sql"
import type { AuditChain } from "../AuditChain.ts"
import type { StoreFunctions } from "../BillingStore.ts"
import type { ChainWitness } from "../fileWitness.ts"
import type { StoreError } from "../StoreError.ts"
import { bookFunctions } from "./books.ts"
import { contradictionFunctions } from "./contradictions.ts"
import { documentFunctions } from "./documents.ts"
import { ingestRunFunctions } from "./ingestRuns.ts"
import { jobRecordFunctions } from "./jobRecords.ts"
import { makeSequencer } from "./makeSequencer.ts"
import { migrate } from "./migrate.ts"
import { receiptFunctions } from "./receipts.ts"
import { storableTexts } from "./storableTexts.ts"
import { unrecordedFunctions } from "./unrecorded.ts"
import { verificationFunctions } from "./verification.ts"

/** The store over any client that speaks PostgreSQL, its schema brought to this release first. */
export const makeSqlStore = Effect.fnUntraced(function* (
  client: SqlClient.SqlClient,
  chain: AuditChain,
  witness?: ChainWitness,
): Effect.fn.Return<StoreFunctions, StoreError, Scope.Scope> {
  const sql = storableTexts(client)
  yield* migrate(sql)
  const scope = yield* Effect.scope
  return {
    ...jobRecordFunctions(sql),
    ...ingestRunFunctions(sql),
    ...makeSequencer(sql, chain, scope, witness),
    ...bookFunctions(sql),
    ...receiptFunctions(sql),
    ...documentFunctions(sql),
    ...contradictionFunctions(sql),
    ...unrecordedFunctions(sql),
    ...verificationFunctions(sql),
  }
})
