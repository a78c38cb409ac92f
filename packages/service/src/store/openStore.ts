import { Effect, Layer, type Redacted, type Scope } from "effect"
import { Reactivity } from "effect/reactivity"
import type { AuditChain } from "./AuditChain.ts"
import { BillingStore, type StoreFunctions } from "./BillingStore.ts"
import type { ChainWitness } from "./fileWitness.ts"
import { openPglite, type PgliteStorage } from "./pglite/openPglite.ts"
import { openPostgres } from "./postgres/openPostgres.ts"
import type { StoreError } from "./StoreError.ts"
import { makeSqlStore } from "./sql/makeSqlStore.ts"

export type StoreLocation =
  | PgliteStorage
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
    const sql = location.kind === "postgres" ? yield* openPostgres(location) : (yield* openPglite(location)).sql
    return yield* makeSqlStore(sql, chain, witness)
  }).pipe(Effect.provide(Reactivity.layer))

export const billingStoreLayer = (config: StoreConfig): Layer.Layer<BillingStore, StoreError> =>
  Layer.effect(BillingStore)(openStore(config))
