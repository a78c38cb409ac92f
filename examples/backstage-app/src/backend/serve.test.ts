import { type ChildProcess, spawn } from "node:child_process"
import { randomBytes } from "node:crypto"
import { once } from "node:events"
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { auditChain, BillingStore, createTenantKeys, nodeCryptography, openStore, originOf, readTenantKeys } from "@hpc-billing/service"
import { makeClient, roles } from "@hpc-billing/service/api"
import { contractTenant, seedContract } from "@hpc-billing/service/testing"
import { Effect } from "effect"
import { afterAll, beforeAll, expect, test } from "vitest"
import { samplePeople } from "./sampleSignIn.ts"

const serve = fileURLToPath(new URL("./serve.ts", import.meta.url))
let folder: string
let portal: ChildProcess
let port: number
let url: string
const told = { stdout: "", stderr: "" }

const freePort = async (): Promise<number> => {
  const probe = createServer().listen(0, "127.0.0.1")
  await once(probe, "listening")
  const address = probe.address()
  await new Promise((done) => probe.close(done))
  return typeof address === "object" && address !== null ? address.port : 0
}

const start = (parameters: readonly string[]): ChildProcess =>
  spawn(process.execPath, ["--conditions=@hpc-billing/source", serve, ...parameters], {
    env: { ...process.env, DATABASE_URL: "", NODE_ENV: "" },
  })

const bookFlags = (): readonly string[] => ["--data", join(folder, "data"), "--keys", join(folder, "keys"), "--app", join(folder, "app")]

const seedBooks = Effect.gen(function* () {
  yield* createTenantKeys(join(folder, "keys"), contractTenant, (count) => new Uint8Array(randomBytes(count)))
  const { audit } = yield* readTenantKeys(join(folder, "keys"), contractTenant)
  const chain = auditChain(nodeCryptography, (tenant) => ({ origin: originOf(tenant), keys: audit }))
  const store = yield* openStore({ location: { kind: "folder", folder: join(folder, "data") }, chain })
  yield* Effect.provideService(seedContract, BillingStore, store)
})

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hpc-billing-portal-"))
  await mkdir(join(folder, "app"))
  await writeFile(join(folder, "app/index.html"), "<title>the app</title>")
  await writeFile(join(folder, "app/main.js"), "1")
  await Effect.runPromise(Effect.scoped(seedBooks))
  port = await freePort()
  url = `http://127.0.0.1:${port}`
  portal = start([...bookFlags(), "--port", String(port)])
  portal.stderr?.on("data", (chunk) => {
    told.stderr += chunk
  })
  await new Promise<void>((done, failed) => {
    portal.stdout?.on("data", (chunk) => {
      told.stdout += chunk
      if (told.stdout.includes("Ctrl+C")) done()
    })
    portal.once("exit", () => failed(new Error(told.stdout + told.stderr)))
  })
}, 300_000)

afterAll(async () => {
  if (portal.exitCode === null) {
    portal.kill("SIGTERM")
    await once(portal, "exit")
  }
  await rm(folder, { recursive: true })
}, 60_000)

const signIn = async (role: string): Promise<Response> =>
  fetch(`${url}/api/auth/sample/refresh`, { headers: { "x-hpc-billing-role": role } })

const headersOf = async (role: string): Promise<Record<string, string>> => {
  const session = (await (await signIn(role)).json()) as { readonly backstageIdentity: { readonly token: string } }
  return { authorization: `Bearer ${session.backstageIdentity.token}` }
}

test("says where it is and who to be, and warns once of the embedded database", () => {
  for (const role of roles) expect(told.stdout).toContain(`  ${role.padEnd(14)} ${samplePeople[role].displayName}`)
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
