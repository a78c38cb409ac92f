import { spawn } from "node:child_process"
import { randomBytes } from "node:crypto"
import { cp, mkdtemp, rm } from "node:fs/promises"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { createTenantKeys } from "@hpc-billing/service"
import { postgresBinaries, testingPostgres } from "@hpc-billing/service/testing"
import { Effect, Exit, Scope } from "effect"
import { afterAll, beforeAll, expect, test, vi } from "vitest"

// each start reads all source and opens a database
vi.setConfig({ testTimeout: 300_000 })

const main = fileURLToPath(new URL("./main.ts", import.meta.url))
let folder: string

interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs the host until it ends, or until it says its address and is stopped. */
const run = (parameters: readonly string[], environment: Record<string, string> = {}): Promise<Ended> =>
  new Promise((done) => {
    const child = spawn(
      process.execPath,
      ["--conditions=@hpc-billing/source", main, "--users", join(folder, "users.json"), ...parameters],
      { env: { ...process.env, DATABASE_URL: "", ...environment } },
    )
    let [stdout, stderr] = ["", ""]
    child.stdout.on("data", (chunk) => {
      stdout += chunk
      if (stdout.includes("sign in")) child.kill("SIGTERM")
    })
    child.stderr.on("data", (chunk) => {
      stderr += chunk
    })
    child.on("close", (code) => done({ code, stdout, stderr: stderr.trim() }))
  })

const at = (name: string): string => join(folder, name)
const makeKeys = (name: string): Promise<boolean> =>
  Effect.runPromise(createTenantKeys(at(name), "site", (count) => new Uint8Array(randomBytes(count))))

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hpc-billing-start-"))
  await makeKeys("keys")
  await makeKeys("other-keys")
})

afterAll(() => rm(folder, { recursive: true }))

test("starts on an empty folder, prints its address and a password for each role once", async () => {
  const first = await run(["--keys", at("keys"), "--data", at("data"), "--port", "0"])
  expect(first).toMatchObject({ code: 0 })
  expect(first.stdout).toMatch(/Open http:\/\/127\.0\.0\.1:\d+\//)
  expect(first.stdout.match(/^ {2}(researcher|project-owner|finance|admin|auditor) +\S{16}$/gm)).toHaveLength(5)
  const second = await run(["--keys", at("keys"), "--data", at("data"), "--port", "0"])
  expect(second.stdout).not.toMatch(/password/)
})

test("without keys: one sentence", async () => {
  const ended = await run(["--keys", at("nowhere"), "--data", at("data")])
  expect(ended).toMatchObject({ code: 1, stdout: "" })
  expect(ended.stderr).toBe(
    `${at("nowhere")}: no keys of any tenant. Name the folder with --keys, or make keys with: hpc-billing keys create`,
  )
})

test("with the keys of another chain: one sentence", async () => {
  // the first start of an empty store writes nothing, a sign-in does
  const opened = await import("./startHost.ts")
  const host = await opened.startHost({
    location: { kind: "folder", folder: at("sealed") },
    keysFolder: at("keys"),
    usersFile: at("sealed-users.json"),
    address: "127.0.0.1",
    port: 0,
    isSecure: false,
    print: (line) => lines.push(line),
    log: () => {},
  })
  const [, name, password] = /^ {2}(\S+) +(\S+)$/.exec(lines.find((line) => line.startsWith("  finance")) ?? "") ?? []
  await fetch(`${host.url}/sign-in`, {
    method: "POST",
    body: new URLSearchParams({ name: name ?? "", password: password ?? "" }),
    redirect: "manual",
  })
  await host.close()
  await cp(at("sealed"), at("sealed-copy"), { recursive: true })
  const ended = await run(["--keys", at("other-keys"), "--data", at("sealed-copy"), "--port", "0"])
  expect(ended).toMatchObject({ code: 1, stdout: "" })
  expect(ended.stderr).toMatch(/^The keys of site \(fingerprint \S+\) are not those that its audit chain is sealed with: .+\.$/)
})
const lines: string[] = []

test("on a busy port: one sentence", async () => {
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done))
  const { port } = server.address() as AddressInfo
  const ended = await run(["--keys", at("keys"), "--data", at("data"), "--port", String(port)])
  server.close()
  expect(ended).toMatchObject({ code: 1, stdout: "" })
  expect(ended.stderr).toBe(`Port ${port} of 127.0.0.1 is busy: stop what listens there, or choose another with --port.`)
})

test("without the database: one sentence", async () => {
  const ended = await run(["--keys", at("keys"), "--port", "0"], { DATABASE_URL: "postgres://nobody:secret@127.0.0.1:9/none" })
  expect(ended).toMatchObject({ code: 1, stdout: "" })
  expect(ended.stderr.split("\n")).toHaveLength(1)
  expect(ended.stderr).toMatch(/127\.0\.0\.1/)
  expect(ended.stderr).not.toMatch(/secret/)
})

const [binaries] = postgresBinaries()

test.runIf(binaries !== undefined)("with a wrong password, or a schema of a newer release: one sentence each", async () => {
  const scope = Scope.makeUnsafe()
  const server = await Effect.runPromise(Effect.provideService(testingPostgres(binaries as string), Scope.Scope, scope))
  try {
    const refused = await run(["--keys", at("keys"), "--port", "0"], { DATABASE_URL: server.urlOf("postgres", "postgres", "not it") })
    expect(refused).toMatchObject({ code: 1, stdout: "" })
    expect(refused.stderr.split("\n")).toHaveLength(1)
    expect(refused.stderr).toMatch(/password/i)
    await server.createDatabase("newer")
    expect(await run(["--keys", at("keys"), "--port", "0"], { DATABASE_URL: server.urlOf("newer") })).toMatchObject({ code: 0 })
    await server.execute("newer", "INSERT INTO schema_migration (id, name, applied_at_microseconds) VALUES (9999, 'later', 0)")
    const newer = await run(["--keys", at("keys"), "--port", "0"], { DATABASE_URL: server.urlOf("newer") })
    expect(newer).toMatchObject({ code: 1, stdout: "" })
    expect(newer.stderr.split("\n")).toHaveLength(1)
    expect(newer.stderr).toMatch(/newer/)
  } finally {
    await Effect.runPromise(Scope.close(scope, Exit.void))
  }
})
