import { type ChildProcess, spawn } from "node:child_process"
import { randomBytes } from "node:crypto"
import { once } from "node:events"
import { existsSync } from "node:fs"
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import {
  auditChain,
  BillingStore,
  createTenantKeys,
  nodeCryptography,
  openStore,
  originOf,
  readTenantKeys,
  type StoreLocation,
} from "@hpc-billing/service"
import { makeClient, roles } from "@hpc-billing/service/api"
import { contractTenant, postgresBinaries, seedContract, testingPostgres } from "@hpc-billing/service/testing"
import { Effect, Exit, Redacted, Scope } from "effect"
import { afterAll, beforeAll, expect, test } from "vitest"
import { people, samplePeople } from "./sampleSignIn.ts"

const serve = fileURLToPath(new URL("./serve.ts", import.meta.url))
let folder: string
let portal: ChildProcess
let port: number
let url: string
let told: Awaited<ReturnType<typeof opened>>

const freePort = async (): Promise<number> => {
  const probe = createServer().listen(0, "127.0.0.1")
  await once(probe, "listening")
  const address = probe.address()
  await new Promise((done) => probe.close(done))
  return typeof address === "object" && address !== null ? address.port : 0
}

const start = (parameters: readonly string[], databaseUrl = ""): ChildProcess =>
  spawn(process.execPath, ["--conditions=@hpc-billing/source", serve, ...parameters], {
    env: { ...process.env, DATABASE_URL: databaseUrl, NODE_ENV: "" },
  })

/** What it printed until it is open. */
const opened = async (child: ChildProcess): Promise<{ readonly stdout: string; readonly stderr: string }> => {
  const told = { stdout: "", stderr: "" }
  child.stderr?.on("data", (chunk) => {
    told.stderr += chunk
  })
  await new Promise<void>((done, failed) => {
    child.stdout?.on("data", (chunk) => {
      told.stdout += chunk
      if (told.stdout.includes("Ctrl+C")) done()
    })
    child.once("exit", () => failed(new Error(told.stdout + told.stderr)))
  })
  return told
}

const stop = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null) return
  child.kill("SIGTERM")
  await once(child, "exit")
}

const bookFlags = (): readonly string[] => ["--data", join(folder, "data"), "--keys", join(folder, "keys"), "--app", join(folder, "app")]

const seedBooks = (location: StoreLocation) =>
  Effect.gen(function* () {
    const { audit } = yield* readTenantKeys(join(folder, "keys"), contractTenant)
    const chain = auditChain(nodeCryptography, (tenant) => ({ origin: originOf(tenant), keys: audit }))
    const store = yield* openStore({ location, chain })
    yield* Effect.provideService(seedContract, BillingStore, store)
  }).pipe(Effect.scoped, Effect.runPromise)

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hpc-billing-portal-"))
  await mkdir(join(folder, "app"))
  await writeFile(join(folder, "app/index.html"), "<title>the app</title>")
  await writeFile(join(folder, "app/main.js"), "1")
  await Effect.runPromise(createTenantKeys(join(folder, "keys"), contractTenant, (count) => new Uint8Array(randomBytes(count))))
  await seedBooks({ kind: "folder", folder: join(folder, "data") })
  port = await freePort()
  url = `http://127.0.0.1:${port}`
  portal = start([...bookFlags(), "--port", String(port)])
  told = await opened(portal)
}, 300_000)

afterAll(async () => {
  await stop(portal)
  await rm(folder, { recursive: true })
}, 60_000)

const signIn = async (person: string, at = url): Promise<Response> =>
  fetch(`${at}/api/auth/sample/refresh`, { headers: { "x-hpc-billing-person": person } })

const headersOf = async (person: string, at = url): Promise<Record<string, string>> => {
  const session = (await (await signIn(person, at)).json()) as { readonly backstageIdentity: { readonly token: string } }
  return { authorization: `Bearer ${session.backstageIdentity.token}` }
}

test("says where it is and who to be, and warns once of the embedded database", () => {
  for (const person of people) expect(told.stdout).toContain(`  ${person.padEnd(14)} ${samplePeople[person].displayName}`)
  expect(told.stdout).toContain(`The portal is open at ${url} `)
  expect(told.stdout.match(/embedded database in .*, for one process on one machine/g)).toHaveLength(1)
})

test.each(roles)("signs in as %s, who has this role alone in the books", async (role) => {
  const session = makeClient(`${url}/api/hpc-billing`, fetch, await headersOf(role)).session
  expect(await session.me()).toMatchObject({
    name: samplePeople[role].entityRef,
    displayName: samplePeople[role].displayName,
    roles: [role],
  })
  expect((await session.tenants()).tenants.map(({ tenant }) => tenant)).toEqual([contractTenant])
})

test("signs in two people of finance, since one alone does not reopen a month", async () => {
  const names = await Promise.all(
    (["finance", "second-finance"] as const).map(async (person) => {
      const me = await makeClient(`${url}/api/hpc-billing`, fetch, await headersOf(person)).session.me()
      expect(me.roles).toEqual(["finance"])
      return me.name
    }),
  )
  expect(new Set(names).size).toBe(2)
})

test("signs in nobody else", async () => {
  expect((await signIn("root")).status).toBe(401)
  expect((await fetch(`${url}/api/hpc-billing/v1/me`)).status).toBe(401)
})

test("its catalog has a component with a Slurm account and one without", async () => {
  const response = await fetch(`${url}/api/catalog/entities?filter=kind=component`, { headers: await headersOf("researcher") })
  const entities = (await response.json()) as readonly { readonly metadata: { readonly annotations?: Record<string, string> } }[]
  const annotated = entities.filter(({ metadata }) => metadata.annotations?.["hpc-billing.io/slurm-account"] !== undefined)
  expect(annotated.length).toBeGreaterThan(0)
  expect(annotated.length).toBeLessThan(entities.length)
})

test("serves the browser app on the same port, each of its pages, and no page for an unknown API", async () => {
  for (const path of ["/", "/hpc-billing/usage"]) {
    const page = await fetch(`${url}${path}`)
    expect(await page.text()).toBe("<title>the app</title>")
    expect(page.headers.get("content-security-policy")).toContain("script-src 'self'")
  }
  expect(await (await fetch(`${url}/main.js`)).text()).toBe("1")
  expect((await fetch(`${url}/api/nothing`)).status).toBe(404)
})

test("on a busy port: one sentence", async () => {
  const second = start([...bookFlags(), "--port", String(port)])
  let words = ""
  second.stderr?.on("data", (chunk) => {
    words += chunk
  })
  const [code] = await once(second, "exit")
  expect([code, words.trim()]).toEqual([1, `Port ${port} of 127.0.0.1 is busy: stop what listens there, or choose another with --port.`])
}, 120_000)

const [binaries] = postgresBinaries()

test.runIf(binaries !== undefined)(
  "with DATABASE_URL the books are on that server, and no folder is opened",
  async () => {
    const scope = Scope.makeUnsafe()
    const server = await Effect.runPromise(Scope.provide(testingPostgres(binaries as string), scope))
    await server.createDatabase("books")
    const databaseUrl = server.urlOf("books")
    await seedBooks({ kind: "postgres", url: Redacted.make(databaseUrl) })
    const own = await freePort()
    const flags = ["--data", join(folder, "nothing"), "--keys", join(folder, "keys"), "--app", join(folder, "app"), "--port", String(own)]
    const child = start(flags, databaseUrl)
    try {
      const { stdout } = await opened(child)
      expect(stdout).not.toContain("embedded database")
      const at = `http://127.0.0.1:${own}`
      const { usage } = makeClient(`${at}/api/hpc-billing`, fetch, await headersOf("auditor", at))
      expect((await usage.jobs({ params: { tenant: contractTenant }, query: {} })).rows.length).toBeGreaterThan(5)
      expect(existsSync(join(folder, "nothing"))).toBe(false)
    } finally {
      await stop(child)
      await Effect.runPromise(Scope.close(scope, Exit.void))
    }
  },
  300_000,
)
