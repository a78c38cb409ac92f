import { fingerprintOf } from "@hpc-billing/ledger"
import { Effect, Scope } from "effect"
import { Reactivity } from "effect/reactivity"
import type { SqlClient } from "effect/sql"
import { nodeCryptography } from "../crypto/nodeCryptography.ts"
import type { AuditorKeys } from "../keys/TenantKeys.ts"
import { type StoreReport, verifyStore } from "../run/verifyStore.ts"
import { type AuditChain, BillingStore, type StoreFunctions } from "../store/index.ts"
import { openPglite, type PgliteStorage } from "../store/pglite/openPglite.ts"
import { makeSqlStore } from "../store/sql/makeSqlStore.ts"
import { fullBooksKeys, writeFullBooks } from "./fullBooks.ts"
import { testingChain } from "./testingChain.ts"
import { testingStorage } from "./testingStorage.ts"

/** Of books that are sealed and signed with the keys for tests. */
export const auditorOfTesting = (tenant: string): AuditorKeys => ({
  origin: `testing/${tenant}`,
  auditFingerprint: fingerprintOf(nodeCryptography, fullBooksKeys.auditGenesisPublicKey),
  exportFingerprint: fingerprintOf(nodeCryptography, nodeCryptography.ed25519PublicKey(fullBooksKeys.export.signingSeed)),
  auditPublicKey: fullBooksKeys.auditGenesisPublicKey,
  auditMacKey: fullBooksKeys.audit.macKey,
  exportHmacKey: fullBooksKeys.export.hmacKey,
})

interface Edited {
  readonly tenant: string
  readonly auditor: AuditorKeys
}

/** Books that a test edits behind the service's back. */
export interface EditedBooks extends Edited {
  readonly sql: SqlClient.SqlClient
  readonly store: StoreFunctions
}

/** Books in a store of PGlite, closed with the scope. */
export const openEditedBooks = (scope: Scope.Scope, storage: PgliteStorage, chain: AuditChain, of: Edited): Promise<EditedBooks> => {
  const opening = Effect.gen(function* () {
    const { sql } = yield* openPglite(storage)
    return { ...of, sql, store: yield* makeSqlStore(sql, chain) }
  })
  return Effect.runPromise(opening.pipe(Effect.provideService(Scope.Scope, scope), Effect.provide(Reactivity.layer)))
}

/** Books with rows in every table. */
export const openFullBooks = async (scope: Scope.Scope): Promise<EditedBooks> => {
  const of = { tenant: "reef", auditor: auditorOfTesting("reef") }
  const books = await openEditedBooks(scope, await testingStorage(), testingChain, of)
  await Effect.runPromise(Effect.provideService(writeFullBooks(of.tenant), BillingStore, books.store))
  return books
}

export const verified = ({ store, tenant, auditor }: Omit<EditedBooks, "sql">): Promise<StoreReport> =>
  Effect.runPromise(Effect.provideService(verifyStore(tenant, auditor), BillingStore, store))

export interface Told {
  /** How many rows the statements changed. */
  readonly rows: number
  readonly findings: string
  readonly unproven: string
}

/** What verification says after statements, which are taken back again. */
export const toldAfter = async ({ sql, store, tenant, auditor }: EditedBooks, ...statements: readonly string[]): Promise<Told> => {
  const tampered = Effect.gen(function* () {
    let rows = 0
    for (const statement of statements) rows += (yield* sql.unsafe(`${statement} RETURNING 1`)).length
    const report = yield* verifyStore(tenant, auditor)
    const findings = report.findings.map(({ row, finding }) => `${row}: ${finding}`).join("\n")
    return yield* Effect.fail({ rows, findings, unproven: report.unproven.join("\n") } satisfies Told)
  })
  const outcome = sql.withTransaction(tampered).pipe(Effect.provideService(BillingStore, store), Effect.flip)
  return Effect.runPromise(outcome as Effect.Effect<Told>)
}
