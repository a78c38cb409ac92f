import { Stream } from "effect"
import type { SqlClient } from "effect/sql"
import type { StoreFunctions } from "../BillingStore.ts"
import { bookContradictions } from "./bookContradictions.ts"
import { byteContradictions } from "./byteContradictions.ts"
import { ingestContradictions } from "./ingestContradictions.ts"
import { toStoreError } from "./toStoreError.ts"

export const contradictionFunctions = (sql: SqlClient.SqlClient): Pick<StoreFunctions, "contradictions"> => ({
  contradictions: (tenant) =>
    bookContradictions(sql, tenant).pipe(
      Stream.concat(ingestContradictions(sql, tenant)),
      Stream.concat(byteContradictions(sql, tenant)),
      Stream.mapError(toStoreError),
    ),
})
