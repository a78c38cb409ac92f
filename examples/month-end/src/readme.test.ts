import { mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { auditChain, BillingStore, explainJobInBooks, nodeCryptography, openStore, originOf, readTenantKeys } from "@hpc-billing/service"
import { Effect } from "effect"
import { expect, it } from "vitest"
import { runMonthEnd } from "./runMonthEnd.ts"
import { ciSite } from "./sources.ts"

it("the README's explanation of a job is what the books say", async () => {
  const readme = await readFile(new URL("../../../README.md", import.meta.url), "utf8")
  const shown = /```text\n([\s\S]*?)\n```/.exec(readme)?.[1]
  const folder = await mkdtemp(join(tmpdir(), "hpc-billing-readme-"))
  try {
    const location = { kind: "folder" as const, folder: join(folder, "data") }
    const keysFolder = join(folder, "keys")
    await Effect.runPromise(runMonthEnd({ location, keysFolder, outFolder: join(folder, "out"), sites: [ciSite], print: () => {} }))
    const explained = Effect.gen(function* () {
      const keys = yield* readTenantKeys(keysFolder, "ci")
      const store = yield* openStore({
        location,
        chain: auditChain(nodeCryptography, (tenant) => ({ origin: originOf(tenant), keys: keys.audit })),
      })
      return yield* Effect.provideService(explainJobInBooks("ci", "500008"), BillingStore, store)
    })
    const [usage] = await Effect.runPromise(Effect.scoped(explained))
    expect(shown).toBe(usage?.text.en)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}, 120_000)
