import { rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { DefaultAuditorService } from "@backstage/backend-defaults/auditor"
import { schedulerServiceFactory } from "@backstage/backend-defaults/scheduler"
import { coreServices, createServiceFactory } from "@backstage/backend-plugin-api"
import { AuthorizeResult, type DefinitivePolicyDecision, type PolicyDecision } from "@backstage/plugin-permission-common"
import type { Role } from "@hpc-billing/service/api"
import { hostContract, postgresBinaries, type TestingPostgres, testingPostgres } from "@hpc-billing/service/testing"
import { Effect, Exit, Scope } from "effect"
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest"
import { type ContractBackend, contractBackend, makeContractFolder } from "../test/contractBackend.ts"
import { createHpcBillingConditionalDecision, hpcBillingConditions, hpcBillingPermissions } from "./index.ts"

vi.setConfig({ hookTimeout: 300_000 })

const scope = Scope.makeUnsafe()
let server: TestingPostgres

/** The connection as a host configures it, by parts and with a password. */
const connection = (database?: string) => {
  const { hostname, port, username, password } = new URL(server.url)
  return { host: hostname, port: Number(port), user: username, password: decodeURIComponent(password), ...(database ? { database } : {}) }
}

const [binaries] = postgresBinaries()

describe.runIf(binaries !== undefined)("on a host with PostgreSQL", () => {
  beforeAll(async () => {
    server = await Effect.runPromise(Scope.provide(testingPostgres(binaries as string), scope))
  })
  afterAll(() => Effect.runPromise(Scope.close(scope, Exit.void)))

  describe("that divides by schema: the host contract", () => {
    let host: ContractBackend
    beforeAll(async () => {
      await server.createDatabase("by_schema")
      host = await contractBackend({ database: { client: "pg", connection: connection("by_schema"), pluginDivisionMode: "schema" } })
    })
    afterAll(() => host.close())
    for (const { name, run } of hostContract) test(name, () => run(host))

    test("its tables lie in the plugin's schema alone", async () => {
      const tables = await server.execute("by_schema", "SELECT DISTINCT schemaname FROM pg_tables WHERE tablename = 'audit_record'")
      expect(tables).toEqual([{ schemaname: "hpc-billing" }])
    })

    test("says so while its server is away, and goes on when it is back", async () => {
      const url = `${host.baseUrl}/v1/tenants/contract/jobs`
      const headers = await host.authenticate("auditor")
      const status = async (): Promise<number> => (await fetch(url, { headers })).status
      expect(await status()).toBe(200)
      await server.stopImmediately()
      expect(await status()).toBe(503)
      await server.start()
      await vi.waitFor(async () => expect(await status()).toBe(200), { timeout: 20_000, interval: 250 })
    })
  })

  describe("that divides by database", () => {
    const fixture = fileURLToPath(new URL("../../slurm-adapter/fixtures/22.05-debian/settled/sacct/", import.meta.url))
    const events: unknown[] = []
    let host: ContractBackend
    let folder: string
    let policy: (permission: string) => PolicyDecision

    const auditor = createServiceFactory({
      service: coreServices.auditor,
      deps: { auth: coreServices.auth, httpAuth: coreServices.httpAuth, plugin: coreServices.pluginMetadata },
      factory: (deps) =>
        DefaultAuditorService.create(({ eventId, status, actor }) => void events.push([eventId, status, actor.actorId]), deps),
    })
    const permissions = createServiceFactory({
      service: coreServices.permissions,
      deps: {},
      factory: () => ({
        authorize: async (asked) => asked.map(({ permission }) => policy(permission.name) as DefinitivePolicyDecision),
        authorizeConditional: async (asked) => asked.map(({ permission }) => policy(permission.name)),
      }),
    })
    const ask = async (role: Role, path: string, init: RequestInit = {}) =>
      fetch(`${host.baseUrl}${path}`, { ...init, headers: { ...(await host.authenticate(role)), ...init.headers } })
    const inTenant = (path: string): string => `/v1/tenants/contract${path}`

    beforeAll(async () => {
      folder = await makeContractFolder()
      // what Slurm's sacct printed, from a script in the place of a wrapper such as sudo
      const script = join(folder, "sacct")
      const delimiter = `for word; do case "$word" in --delimiter=*) delimiter="\${word#--delimiter=}" ;; esac; done`
      const records = `sed "s/$(printf '\\037')/$delimiter/g" '${fixture}all.epoch.noconvert.us.txt'`
      const answers = `*--helpformat*) cat '${fixture}fields.txt' | tr ',' ' ' ;; *) ${records} ;;`
      await writeFile(script, `#!/bin/sh\n${delimiter}\ncase "$*" in ${answers} esac\n`, { mode: 0o755 })
      const schedule = { frequency: { trigger: "manual" }, timeout: { minutes: 5 } }
      host = await contractBackend({
        folder,
        database: { client: "pg", connection: connection() },
        features: [auditor, permissions, schedulerServiceFactory],
        hpcBilling: {
          tenants: [{ name: "contract", ingestion: [{ cluster: "ci", from: "2026-10-31", schedule, sacct: { command: [script] } }] }],
        },
      })
    })
    afterAll(async () => {
      await host.close()
      await rm(folder, { recursive: true })
    })
    beforeEach(() => {
      policy = () => ({ result: AuthorizeResult.ALLOW })
    })

    test("its tables lie in a database of its own", async () => {
      const tables = await server.execute(
        "backstage_plugin_hpc-billing",
        "SELECT schemaname FROM pg_tables WHERE tablename = 'audit_record'",
      )
      expect(tables).toEqual([{ schemaname: "public" }])
    })

    test("what the policy denies no role gives", async () => {
      expect((await ask("finance", inTenant("/receipts"))).status).toBe(200)
      policy = (name) => ({ result: name === "hpc-billing.receipt.read" ? AuthorizeResult.DENY : AuthorizeResult.ALLOW })
      expect((await ask("finance", inTenant("/receipts"))).status).toBe(403)
      expect((await ask("finance", inTenant("/jobs"))).status).toBe(200)
      const me = (await (await ask("finance", "/v1/me")).json()) as Record<string, readonly string[]>
      expect(me.permissions).not.toContain("hpc-billing.receipt.read")
      expect(me).not.toHaveProperty("limits")
    })

    test("what the policy allows by condition is a filter of rows", async () => {
      const { isInAccount, isOfUser } = hpcBillingConditions
      policy = (name) =>
        name === "hpc-billing.usage.read"
          ? createHpcBillingConditionalDecision(hpcBillingPermissions.usageRead, {
              anyOf: [isInAccount({ accounts: ["chem"] }), isOfUser({ users: ["alice"] })],
            })
          : { result: AuthorizeResult.ALLOW }
      const { rows } = (await (await ask("auditor", inTenant("/jobs?limit=200"))).json()) as {
        readonly rows: readonly { readonly account: string; readonly user: string }[]
      }
      expect(rows.length).toBeGreaterThan(3)
      expect(rows.filter(({ account, user }) => account !== "chem" && user !== "alice")).toEqual([])
      expect(((await (await ask("researcher", inTenant("/jobs"))).json()) as { readonly rows: readonly unknown[] }).rows).toEqual([])
    })

    test("tells the auditor of writes and how they ended, of no read", async () => {
      const post = (role: Role) =>
        ask(role, inTenant("/journal/entries"), {
          method: "POST",
          body: '{"month":"2026-10"}',
          headers: { "content-type": "application/json", "idempotency-key": "k" },
        })
      expect((await post("auditor")).status).toBe(403)
      expect((await post("finance")).status).toBe(200)
      await fetch(`${host.baseUrl}${inTenant("/journal/entries")}`, { method: "POST" })
      await ask("auditor", inTenant("/jobs"))
      expect(events).toEqual([
        ["journal-post", "initiated", "user:default/aud"],
        ["journal-post", "failed", "user:default/aud"],
        ["journal-post", "initiated", "user:default/fin"],
        ["journal-post", "succeeded", "user:default/fin"],
        ["journal-post", "initiated", undefined],
        ["journal-post", "failed", undefined],
      ])
    })

    test("any signed-in user may trigger the pull of records, which changes nothing that is there; nobody else may", async () => {
      const trigger = "/.backstage/scheduler/v1/tasks/hpc-billing-ingest-contract-ci/trigger"
      expect((await fetch(`${host.baseUrl}${trigger}`, { method: "POST" })).status).toBe(401)
      // what a running job costs grows with the clock; a list of a month waits for its prices
      const jobs = async () =>
        (
          (await (await ask("auditor", inTenant("/jobs?month=2026-10&limit=200"))).json()) as {
            readonly rows: readonly { readonly usageId: string; readonly endedAt: string | null }[]
          }
        ).rows.map((job) => (job.endedAt === null ? job.usageId : job))
      const runs = async () =>
        (
          (await (await ask("admin", inTenant("/ingest/runs"))).json()) as {
            readonly rows: readonly { readonly source: string; readonly accepted: number; readonly known: number }[]
          }
        ).rows.filter(({ source }) => source.endsWith("sacct"))
      const before = await jobs()
      expect((await ask("researcher", trigger, { method: "POST" })).status).toBe(200)
      await vi.waitFor(async () => expect(await runs()).not.toEqual([]), { timeout: 60_000, interval: 500 })
      expect((await runs()).map(({ accepted }) => accepted)).toEqual((await runs()).map(() => 0))
      expect(await jobs()).toEqual(before)
    })

    test("nothing but health and description is open to who is not signed in", async () => {
      for (const path of ["/", "/v2", "/.backstage/permissions/metadata", "/metrics", "/v1/me"]) {
        expect((await fetch(`${host.baseUrl}${path}`)).status, path).toBe(401)
      }
      for (const path of ["/health", "/ready", "/openapi.json", "/docs"])
        expect((await fetch(`${host.baseUrl}${path}`)).status, path).toBe(200)
      const docs = await fetch(`${host.baseUrl}/docs`)
      expect(docs.headers.get("content-security-policy")).toMatch(/^default-src 'none'; script-src 'unsafe-inline';/)
      const scrape = await fetch(`${host.baseUrl}/metrics`, { headers: { authorization: "Bearer of the scraper" } })
      expect(await scrape.text()).toContain("hpc_billing_http_requests_total")
    })
  })

  describe("that has something wrong starts not at all, with one sentence", () => {
    const start = (database: object, folder?: string) =>
      contractBackend({ database, isSeeded: false, ...(folder === undefined ? {} : { folder }) }).then(
        async (host) => {
          await host.close()
          return "started"
        },
        (error: Error) => error.message,
      )

    test("no server", async () => {
      const words = await start({ client: "pg", connection: { ...connection("by_schema"), port: 9 }, pluginDivisionMode: "schema" })
      expect(words).toMatch(/database cannot be opened \(.*ECONNREFUSED.*\): check backend\.database/)
    })

    test("a wrong password", async () => {
      const words = await start({
        client: "pg",
        connection: { ...connection("by_schema"), password: "not it" },
        pluginDivisionMode: "schema",
      })
      expect(words).toMatch(/password authentication failed/)
      expect(words).not.toContain("not it")
    })

    test("keys of another chain, and a schema of a newer release", async () => {
      await server.createDatabase("wrong")
      const database = { client: "pg", connection: connection("wrong"), pluginDivisionMode: "schema" }
      const first = await contractBackend({ database })
      const headers = { ...(await first.authenticate("finance")), "content-type": "application/json", "idempotency-key": "k" }
      await fetch(`${first.baseUrl}/v1/tenants/contract/journal/entries`, { method: "POST", headers, body: '{"month":"2026-10"}' })
      await first.close()
      expect(await start(database)).toMatch(/The keys of contract \(fingerprint \S+\) are not those that its audit chain is sealed with: /)
      await server.execute(
        "wrong",
        `INSERT INTO "hpc-billing".schema_migration (id, name, applied_at_microseconds) VALUES (9999, 'later', 0)`,
      )
      expect(await start(database)).toMatch(/newer/)
    })
  })
})
