import { randomBytes } from "node:crypto"
import { join } from "node:path"
import { generatedSite } from "@hpc-billing/example-month-end/sources"
import {
  auditChain,
  BillingStore,
  billMonth,
  closeMonth,
  createTenantKeys,
  ingestSource,
  nodeCryptography,
  openStore,
  originOf,
  postMonthJournal,
  publishBooks,
  readRateBook,
  readSite,
  readTenantKeys,
} from "@hpc-billing/service"
import { Effect } from "effect"

export interface PreparedBooks {
  readonly dataFolder: string
  readonly keysFolder: string
  /** On issued receipts. */
  readonly lines: number
}

/** Books with thirteen months of usage, in a data folder and a folder of keys: the first months billed, posted and closed. */
export const prepareBooks = (folder: string, jobs = 3_000, closedMonths = 0): Promise<PreparedBooks> => {
  const demo = generatedSite(jobs)
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
      let lines = 0
      for (const month of demo.months.slice(0, closedMonths)) {
        const { receipts } = yield* billMonth(site.tenant, month, actor)
        lines += receipts.reduce((sum, receipt) => sum + receipt.lines.length, 0)
        yield* postMonthJournal(site.tenant, month, actor)
        yield* closeMonth(site.tenant, month, actor)
      }
      return lines
    })
    const lines = yield* Effect.provideService(fill, BillingStore, store)
    return { dataFolder, keysFolder, lines } satisfies PreparedBooks
  })
  return Effect.runPromise(Effect.scoped(prepare))
}
