import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Effect, Exit, Redacted, Scope } from "effect"
import pg from "pg"
import { afterAll, beforeAll, describe, it } from "vitest"
import { postgresBinaries, type TestingPostgres, testingPostgres } from "../testing/postgres.ts"
import { storeConformance } from "../testing/storeConformance.ts"
import { testingChain } from "../testing/testingChain.ts"
import type { StoreFunctions } from "./BillingStore.ts"
import { openStore, type StoreLocation } from "./openStore.ts"

const conforms = (name: string, location: Effect.Effect<StoreLocation, never, Scope.Scope>) =>
  describe(name, () => {
    const scope = Effect.runSync(Scope.make())
    let store: StoreFunctions
    beforeAll(async () => {
      const opened = Effect.flatMap(location, (at) => openStore({ location: at, chain: testingChain }))
      store = await Effect.runPromise(Scope.provide(opened, scope))
    })
    afterAll(() => Effect.runPromise(Scope.close(scope, Exit.void)))
    for (const [index, { name: title, run }] of storeConformance.entries()) {
      it(title, () => Effect.runPromise(run(store, `tenant-${index}`)))
    }
  })

const temporaryFolder = Effect.acquireRelease(
  Effect.promise(() => mkdtemp(join(tmpdir(), "hpc-billing-store-"))),
  (folder) => Effect.promise(() => rm(folder, { recursive: true, force: true })),
)

conforms("PGlite in memory", Effect.succeed({ kind: "memory" }))

conforms(
  "PGlite in a folder",
  Effect.map(temporaryFolder, (folder) => ({ kind: "folder", folder: join(folder, "new", "data") })),
)

/** As a host has it: a login with a password that owns one schema, node-postgres clients. */
const hostPool = (server: TestingPostgres): Effect.Effect<StoreLocation, never, Scope.Scope> =>
  Effect.gen(function* () {
    yield* Effect.promise(() =>
      server.execute(
        "postgres",
        "CREATE ROLE host LOGIN PASSWORD 'host'",
        "CREATE SCHEMA plugin AUTHORIZATION host",
        "ALTER ROLE host SET search_path = plugin",
      ),
    )
    const pool = yield* Effect.acquireRelease(
      Effect.sync(() => new pg.Pool({ connectionString: server.urlOf("postgres", "host", "host"), max: 5 })),
      (opened) => Effect.promise(() => opened.end()),
    )
    return {
      kind: "pool",
      pool: { acquire: () => pool.connect(), release: (client, broken) => (client as pg.PoolClient).release(broken) },
    } satisfies StoreLocation
  })

const servers = postgresBinaries()
if (servers.length === 0) {
  describe.skip("PostgreSQL: neither Debian's (apt-get install postgresql) nor npm's is here; its part of the suite did not run", () => {
    it("conforms", () => {})
  })
}
for (const [index, binaries] of servers.entries()) {
  conforms(
    `PostgreSQL of ${binaries}`,
    Effect.map(testingPostgres(binaries), (server) => ({ kind: "postgres", url: Redacted.make(server.url) })),
  )
  if (index > 0) continue
  conforms(`PostgreSQL of ${binaries}, in a pool and schema of the host`, Effect.flatMap(testingPostgres(binaries), hostPool))
}
