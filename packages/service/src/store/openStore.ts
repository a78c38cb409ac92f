import { Effect, Layer, type Redacted, type Scope } from "effect"
import { Reactivity } from "effect/reactivity"
import type { SqlClient } from "effect/sql"
import type { AuditChain } from "./AuditChain.ts"
import { BillingStore, type StoreFunctions } from "./BillingStore.ts"
import type { ChainWitness } from "./fileWitness.ts"
import { openPglite, type PgliteStorage } from "./pglite/openPglite.ts"
import { type HostPool, hostPoolClient } from "./postgres/hostPoolClient.ts"
import { checkServer, openPostgres } from "./postgres/openPostgres.ts"
import type { StoreError } from "./StoreError.ts"
import { makeSqlStore } from "./sql/makeSqlStore.ts"
import { toStoreError } from "./sql/toStoreError.ts"

export type StoreLocation =
  | PgliteStorage
  /** A pool that the host owns; tables lie where its login's search path leads. */
  | { readonly kind: "pool"; readonly pool: HostPool }
  | { readonly kind: "postgres"; readonly url: Redacted.Redacted; readonly connectionsMaximum?: number }

export interface StoreConfig {
  readonly location: StoreLocation
  readonly chain: AuditChain
  /** Without one, a cut end of the audit chain shows only up to the last checkpoint that was copied elsewhere. */
  readonly witness?: ChainWitness
}

/** Opens the store and brings its schema to this release; closed with the scope. */
export const openStore = ({ location, chain, witness }: StoreConfig): Effect.Effect<StoreFunctions, StoreError, Scope.Scope> =>
  Effect.gen(function* () {
    return yield* makeSqlStore(yield* openClient(location), chain, witness)
  }).pipe(Effect.provide(Reactivity.layer))

const openClient = Effect.fnUntraced(function* (
  location: StoreLocation,
): Effect.fn.Return<SqlClient.SqlClient, StoreError, Scope.Scope | Reactivity.Reactivity> {
  switch (location.kind) {
    case "postgres":
      return yield* openPostgres(location)
    case "pool": {
      const sql = yield* hostPoolClient(location.pool)
      yield* checkServer(sql).pipe(Effect.mapError(toStoreError))
      return sql
    }
    default:
      return (yield* openPglite(location)).sql
  }
})

export const billingStoreLayer = (config: StoreConfig): Layer.Layer<BillingStore, StoreError> =>
  Layer.effect(BillingStore)(openStore(config))
