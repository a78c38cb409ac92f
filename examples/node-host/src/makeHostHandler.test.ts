import { mkdtemp, rm, stat } from "node:fs/promises"
import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { NodeHandler, StoreFunctions } from "@hpc-billing/service"
import { type Role, roles } from "@hpc-billing/service/api"
import {
  type ContractHost,
  contractKeys,
  contractPeople,
  contractTenant,
  hostContract,
  openContractStore,
} from "@hpc-billing/service/testing"
import { Effect, Exit, Scope, Stream } from "effect"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { makeHostHandler } from "./makeHostHandler.ts"
import { readUsers, type Users, writeUsers } from "./Users.ts"

const passwordOf = (role: Role): string => `the password of ${role}`

const scope = Scope.makeUnsafe()
let folder: string
let users: Users
let store: StoreFunctions
let opened: { readonly server: Server; readonly handler: NodeHandler; readonly url: string }[] = []

const serve = async (options: { readonly isSecure?: boolean; readonly requestsPerMinuteMaximum?: number } = {}): Promise<string> => {
  const handler = await makeHostHandler({
    store,
    tenants: contractKeys,
    users,
    log: () => {},
    isSecure: false,
    ...options,
  })
  const server = createServer(handler.handle)
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  opened.push({ server, handler, url })
  return url
}

const signIn = (url: string, name: string, password: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${url}/sign-in`, { method: "POST", body: new URLSearchParams({ name, password }), redirect: "manual", headers })

const cookieOf = (response: Response): string => (response.headers.getSetCookie()[0] ?? "").split(";")[0] ?? ""

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hpc-billing-host-"))
  store = await openContractStore(scope)
  users = await writeUsers(
    join(folder, "users.json"),
    roles.map((role) => ({ ...contractPeople[role], password: passwordOf(role) })),
  )
})

afterAll(async () => {
  for (const { server, handler } of opened) {
    server.closeAllConnections()
    await new Promise((done) => server.close(done))
    await handler.close()
  }
  opened = []
  await Effect.runPromise(Scope.close(scope, Exit.void))
  await rm(folder, { recursive: true })
})

describe("the host contract", () => {
  let host: ContractHost
  beforeAll(async () => {
    const baseUrl = await serve()
    host = {
      baseUrl,
      authenticate: async (role) => ({ cookie: cookieOf(await signIn(baseUrl, contractPeople[role].name, passwordOf(role))) }),
    }
  })
  for (const { name, run } of hostContract) test(name, () => run(host))
})

test("a sign-in gives a cookie that scripts cannot read and other sites do not send", async () => {
  const url = await serve()
  const response = await signIn(url, "fin", passwordOf("finance"))
  expect(response.status).toBe(303)
  expect(response.headers.getSetCookie()[0]).toMatch(/^hpc-billing-session=[^;]+; Max-Age=28800; Path=\/; HttpOnly; SameSite=Strict$/)
  const secure = await signIn(await serve({ isSecure: true }), "fin", passwordOf("finance"))
  expect(secure.headers.getSetCookie()[0]).toMatch(/; Secure/)
})

test("an altered, ended or foreign cookie signs nobody in", async () => {
  const url = await serve()
  const cookie = cookieOf(await signIn(url, "fin", passwordOf("finance")))
  const me = (value: string): Promise<number> => fetch(`${url}/v1/me`, { headers: { cookie: value } }).then(({ status }) => status)
  expect(await me(cookie)).toBe(200)
  expect(await me(cookie.replace("fin.", "adm."))).toBe(401)
  expect(await me(`${cookie}x`)).toBe(401)
  expect(await me("hpc-billing-session=")).toBe(401)
  const ended = await fetch(`${url}/sign-out`, { method: "POST", headers: { cookie }, redirect: "manual" })
  expect(ended.headers.getSetCookie()[0]).toMatch(/^hpc-billing-session=; Max-Age=0/)
})

test("what another site sends is not carried out, with or without a cookie", async () => {
  const url = await serve()
  const cookie = cookieOf(await signIn(url, "fin", passwordOf("finance")))
  const close = (headers: Record<string, string>): Promise<Response> =>
    fetch(`${url}/v1/tenants/${contractTenant}/periods/2026-10/close`, {
      method: "POST",
      headers: { cookie, "idempotency-key": "k", ...headers },
    })
  expect((await close({ origin: "https://elsewhere.example" })).status).toBe(403)
  expect((await close({ "sec-fetch-site": "cross-site" })).status).toBe(403)
  expect((await close({ "sec-fetch-site": "same-site" })).status).toBe(403)
  expect((await close({ origin: url })).status).not.toBe(403)
  expect((await signIn(url, "fin", passwordOf("finance"), { origin: "https://elsewhere.example" })).status).toBe(403)
})

test("after five failures the name is locked at the address, even for the right password, and the chain keeps it", async () => {
  const url = await serve()
  for (let failure = 0; failure < 5; failure += 1) expect((await signIn(url, "aud", "wrong")).status).toBe(401)
  const locked = await signIn(url, "aud", passwordOf("auditor"))
  expect(locked.status).toBe(429)
  expect(Number(locked.headers.get("retry-after"))).toBeGreaterThan(800)
  expect((await signIn(url, "adm", passwordOf("admin"))).status).toBe(303)
  const { rows } = await Effect.runPromise(store.listAudit(contractTenant, { action: "access.locked" }, { cursor: null, limit: 10 }))
  expect(rows).toHaveLength(1)
})

test("an unknown name is refused with the words and about the time of a wrong password", async () => {
  const url = await serve()
  const timed = async (name: string): Promise<{ readonly text: string; readonly milliseconds: number }> => {
    const startedAt = performance.now()
    const text = await (await signIn(url, name, "wrong")).text()
    return { text, milliseconds: performance.now() - startedAt }
  }
  await timed("warm-up")
  const [known, unknown] = [await timed("fin"), await timed("nobody")]
  expect(unknown.text).toBe(known.text)
  expect(unknown.milliseconds).toBeGreaterThan(known.milliseconds / 4)
})

test("requests beyond the limit of an address are turned away with a problem", async () => {
  const url = await serve({ requestsPerMinuteMaximum: 3 })
  for (let request = 0; request < 3; request += 1) expect((await fetch(`${url}/health`)).status).toBe(200)
  const refused = await fetch(`${url}/health`)
  expect(refused.status).toBe(429)
  expect(refused.headers.get("content-type")).toBe("application/problem+json")
})

test("signing in and out stands in the audit log with who it was", async () => {
  const url = await serve()
  const cookie = cookieOf(await signIn(url, "owner", passwordOf("project-owner")))
  await fetch(`${url}/sign-out`, { method: "POST", headers: { cookie }, redirect: "manual" })
  const records = await Effect.runPromise(Stream.runCollect(store.auditRecords(contractTenant, 1n)))
  const actions = Array.from(records, ({ projection }) => (projection?.actor === "owner" ? projection.action : "")).filter(
    (action) => action !== "",
  )
  expect(actions.slice(-2)).toEqual(["access.sign-in", "access.sign-out"])
})

test("the users file is its owner's alone and holds no password", async () => {
  const file = join(folder, "users.json")
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  expect(JSON.stringify(await readUsers(file))).not.toContain("the password of")
})

test("pages load nothing and escape names", async () => {
  const url = await serve()
  const page = await fetch(`${url}/sign-in`)
  expect(page.headers.get("content-security-policy")).toContain("default-src 'none'")
  expect(await page.text()).not.toMatch(/<script|https?:\/\//)
})
