import { randomBytes } from "node:crypto"
import { join } from "node:path"
import { generatedSite } from "@hpc-billing/example-month-end/sources"
import {
  auditChain,
  BillingStore,
  createTenantKeys,
  ingestSource,
  nodeCryptography,
  openStore,
  originOf,
  publishBooks,
  readRateBook,
  readSite,
  readTenantKeys,
} from "@hpc-billing/service"
import { Effect } from "effect"

/** Books with a year of usage and nothing billed yet, in a data folder and a folder of keys. */
export const prepareBooks = (folder: string): Promise<{ readonly dataFolder: string; readonly keysFolder: string }> => {
  const demo = generatedSite(3_000)
  const dataFolder = join(folder, "data")
  const keysFolder = join(folder, "keys")
  const actor = { name: "e2e", requestId: "e2e-books" }
  const prepare = Effect.gen(function* () {
    const site = yield* readSite(demo.folder)
    yield* createTenantKeys(keysFolder, site.tenant, (count) => new Uint8Array(randomBytes(count)))
    const keys = yield* readTenantKeys(keysFolder, site.tenant)
    const chain = auditChain(nodeCryptography, (tenant) => ({ origin: originOf(tenant), keys: keys.audit }))
    const store = yield* openStore({ location: { kind: "folder", folder: dataFolder }, chain })
    const { payerBook } = demo
    if (payerBook === null) throw new Error("The generated site brings its payers.")
    const fill = Effect.gen(function* () {
      yield* publishBooks(site, yield* readRateBook(join(demo.folder, "rates.yaml")), payerBook, actor)
      yield* ingestSource(demo.records, { tenant: site.tenant, clusters: site.clusters, source: demo.source, actor })
    })
    yield* Effect.provideService(fill, BillingStore, store)
    return { dataFolder, keysFolder }
  })
  return Effect.runPromise(Effect.scoped(prepare))
}
