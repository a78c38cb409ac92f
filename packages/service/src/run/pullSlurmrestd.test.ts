import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import type { RestAddress } from "@hpc-billing/slurm-adapter"
import { Clock, Effect, Exit, Scope } from "effect"
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest"
import { BillingStore, openStore, type StoreFunctions } from "../store/index.ts"
import { type CommandLine, openCommandLine } from "../testing/commandLine.ts"
import { testingChain } from "../testing/testingChain.ts"
import { testingClock } from "../testing/testingClock.ts"
import { testingStorage } from "../testing/testingStorage.ts"
import { pullSlurm } from "./pullSlurm.ts"

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const inProject = (path: string): string => fileURLToPath(new URL(`../../../../${path}`, import.meta.url))
const real = (path: string): string => readFileSync(inProject(`packages/slurm-adapter/fixtures/22.05-debian/settled/${path}`), "utf8")
/** The body of a recorded HTTP answer. */
const bodyOf = (path: string): string => real(path).split(/\r?\n\r?\n/)[1] ?? ""
const at = (iso: string): number => Date.parse(iso) / 1_000

interface RestJob {
  readonly job_id: number
  readonly time: { readonly eligible: number; readonly end: number }
}

/** What a real slurmrestd 22.05 said of its jobs, by version of its API. */
const jobsOf: Readonly<Record<string, { readonly meta: unknown; readonly jobs: readonly RestJob[] }>> = {
  "v0.0.36": JSON.parse(real("rest/v0.0.36.jobs.json")),
  "v0.0.37": JSON.parse(real("rest/v0.0.37.jobs.json")),
  "v0.0.38": JSON.parse(real("sacct/all.json")),
}
const nothingFound = real("rest/v0.0.38.slurmdb.job.missing.json")

const scope = Effect.runSync(Scope.make())
let folder: string
let tokenFile: string
let server: Server
let overSocket: Server
let store: StoreFunctions
let asked: string[]
/** Takes the place of the true answer to a question for jobs. */
let instead: ((path: string) => readonly [number, string] | null) | null
let versions: readonly string[]
let nowSeconds: number

/** Answers as slurmrestd 22.05 does, from what a real one answered: the jobs that touch the window, or the one with the id. */
const answerTo = (url: string, token: string | undefined): readonly [number, string] => {
  if (token !== "secret") return [401, bodyOf("rest/auth.noauth.txt")]
  if (url === "/openapi/v3")
    return [200, JSON.stringify({ paths: Object.fromEntries(versions.map((name) => [`/slurmdb/${name}/jobs`, {}])) })]
  const [, version = "", question = ""] = /^\/slurmdb\/(v0\.0\.\d+)\/(.*)$/.exec(url) ?? []
  const known = jobsOf[version]
  if (known === undefined || !versions.includes(version)) return [404, bodyOf("rest/badversion.txt")]
  const other = instead?.(question) ?? null
  if (other !== null) return other
  const [, from, to] = /^jobs\?start_time=uts(\d+)&end_time=uts(\d+)$/.exec(question) ?? []
  const id = /^job\/(\d+)$/.exec(question)?.[1]
  const jobs = known.jobs.filter(({ job_id, time }) =>
    id === undefined ? time.eligible < Number(to) && (time.end === 0 || time.end >= Number(from)) : job_id === Number(id),
  )
  return [200, jobs.length === 0 ? nothingFound : JSON.stringify({ meta: known.meta, errors: [], jobs })]
}

const listen = (where: string | number): Promise<Server> => {
  const made = createServer((request, response) => {
    asked.push(request.url ?? "")
    const [status, body] = answerTo(request.url ?? "", String(request.headers["x-slurm-user-token"]))
    response.writeHead(status).end(body)
  })
  return new Promise((resolve) => {
    if (typeof where === "string") made.listen(where, () => resolve(made))
    else made.listen(where, "127.0.0.1", () => resolve(made))
  })
}

const urlOf = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "hpc-billing-rest-"))
  tokenFile = join(folder, "token")
  server = await listen(0)
  overSocket = await listen(join(folder, "rest.sock"))
  store = await Effect.runPromise(Scope.provide(openStore({ location: await testingStorage(), chain: testingChain }), scope))
})

beforeEach(() => {
  asked = []
  instead = null
  versions = Object.keys(jobsOf)
  nowSeconds = at("2026-11-01T12:00:00Z")
  writeFileSync(tokenFile, "SLURM_JWT=secret\n")
})

afterAll(async () => {
  for (const each of [server, overSocket]) each.close()
  await Effect.runPromise(Scope.close(scope, Exit.void))
  rmSync(folder, { recursive: true, force: true })
})

const clock = testingClock(() => nowSeconds)

const pull = (tenant: string, address: RestAddress = { url: urlOf() }, from = "2026-10-30T12:00:00Z") =>
  Effect.runPromise(
    pullSlurm({
      tenant,
      cluster: "ci",
      source: { kind: "slurmrestd", options: { address, user: "billing", tokenFile, megabytesMaximum: 1 } },
      fromSeconds: at(from),
      actor: { name: "test", requestId: `pull-${nowSeconds}` },
    }).pipe(Effect.provideService(BillingStore, store), Effect.provideService(Clock.Clock, clock)),
  )

describe("pulling from slurmrestd", () => {
  it("reads what is new, again with overlap, and moves its cursor only past what was surely read", async () => {
    const first = await pull("over-http")
    expect(first).toMatchObject({ kept: null, rejected: 0, readUntilSeconds: nowSeconds - 60 })
    expect(first.accepted).toBeGreaterThan(50)
    // the newest of the three versions
    expect(asked.filter((url) => url.startsWith("/slurmdb/")).every((url) => url.startsWith("/slurmdb/v0.0.38/"))).toBe(true)

    nowSeconds += 3_600
    expect(await pull("over-http")).toMatchObject({ kept: null, accepted: 0, replaced: 0, readUntilSeconds: nowSeconds - 60 })

    // HTTP 200, no error, and nothing in it: slurmdbd is away
    nowSeconds += 3_600
    instead = () => [200, JSON.stringify({ meta: jobsOf["v0.0.38"]?.meta, errors: [], jobs: [] })]
    expect(await pull("over-http")).toMatchObject({ kept: "canary-missing", read: 0, readUntilSeconds: nowSeconds - 3_660 })

    instead = null
    expect(await pull("over-http")).toMatchObject({ kept: null, accepted: 0, readUntilSeconds: nowSeconds - 60 })
  })

  it("does not begin on an empty answer", async () => {
    instead = () => [200, nothingFound]
    expect(await pull("empty")).toMatchObject({ kept: "empty", read: 0, readUntilSeconds: at("2026-10-30T12:00:00Z") })
  })

  it("reads a cluster completely whose first weeks are empty", async () => {
    nowSeconds = at("2026-09-30T23:15:00Z")
    const wanted = await pull("busy", { url: urlOf() }, "2026-09-10T00:00:00Z")
    const pulled = await pull("late", { url: urlOf() }, "2026-06-23T00:00:00Z")
    expect(wanted.accepted).toBeGreaterThan(20)
    expect(pulled).toMatchObject({ kept: null, accepted: wanted.accepted, readUntilSeconds: nowSeconds - 60 })
  })

  it("reads the same over a unix socket, from the newest version that both know, and with a token renewed meanwhile", async () => {
    const wanted = await pull("wanted")
    versions = ["v0.0.37", "v0.0.45"]
    asked = []
    expect(await pull("over-socket", { socketPath: join(folder, "rest.sock") })).toEqual(wanted)
    expect(asked.some((url) => url.startsWith("/slurmdb/v0.0.37/"))).toBe(true)
    nowSeconds += 3_600
    writeFileSync(tokenFile, "old\n")
    await expect(pull("over-socket", { socketPath: join(folder, "rest.sock") })).rejects.toThrow("HTTP 401")
    writeFileSync(tokenFile, "secret\n")
    expect(await pull("over-socket", { socketPath: join(folder, "rest.sock") })).toMatchObject({ kept: null, accepted: 0 })
  })

  it("halves a window whose answer is too large", async () => {
    instead = (question) => {
      const [, from = 0, to = 0] = /start_time=uts(\d+)&end_time=uts(\d+)/.exec(question) ?? []
      return Number(to) - Number(from) > 1_800 ? [200, " ".repeat(1_100_000)] : null
    }
    expect(await pull("halved")).toMatchObject({ kept: null, rejected: 0, accepted: (await pull("whole")).accepted })
  })

  it("asks by id for a job without an end that a window no longer brings", async () => {
    const jobs = jobsOf["v0.0.38"]?.jobs ?? []
    const running = jobs.find(({ job_id }) => job_id === 500013) as RestJob
    await pull("open")
    expect(asked.some((url) => url.includes("/job/"))).toBe(false)
    nowSeconds += 3_600
    const ended = {
      ...running,
      time: { ...running.time, end: running.time.eligible + 7_200, elapsed: 7_100 },
      state: { current: "COMPLETED" },
    }
    instead = (question) => {
      if (question === "job/500013") return [200, JSON.stringify({ meta: jobsOf["v0.0.38"]?.meta, errors: [], jobs: [ended] })]
      const [, from, to] = /start_time=uts(\d+)&end_time=uts(\d+)/.exec(question) ?? []
      const touching = jobs.filter(
        ({ job_id, time }) => job_id !== 500013 && time.eligible < Number(to) && (time.end === 0 || time.end >= Number(from)),
      )
      return [200, touching.length === 0 ? nothingFound : JSON.stringify({ meta: jobsOf["v0.0.38"]?.meta, errors: [], jobs: touching })]
    }
    expect(await pull("open")).toMatchObject({ kept: null, replaced: 1 })
    expect(asked.filter((url) => url.endsWith("/job/500013"))).toHaveLength(1)
    asked = []
    nowSeconds += 3_600
    expect(await pull("open")).toMatchObject({ kept: null, replaced: 0 })
    expect(asked.some((url) => url.includes("/job/"))).toBe(false)
  })
})

describe("what slurmrestd refuses, said by the command line", () => {
  let line: CommandLine
  beforeAll(async () => {
    cpSync(inProject("examples/month-end/sites/ci"), join(folder, "site"), { recursive: true })
    line = await openCommandLine(folder)
    await line.run(["keys", "create"])
  })
  afterAll(() => line.close())

  it.each([
    ["Asia/Bangkok", "2026-10-30", "2026-10-29T17:00:00Z"],
    ["Pacific/Kiritimati", "2026-10-01", "2026-09-30T10:00:00Z"],
    ["America/St_Johns", "2026-11-01", "2026-11-01T02:30:00Z"],
  ])("begins at the first moment of the day in %s", async (zone, from, begins) => {
    const file = join(folder, "site", "site.yaml")
    const site = readFileSync(file, "utf8")
    writeFileSync(file, site.replace("zone: UTC", `zone: ${zone}`))
    instead = () => [200, nothingFound]
    await line.run(["pull", "slurmrestd", "--url", urlOf(), "--token-file", tokenFile, "--from", from, "--dry-run"])
    writeFileSync(file, site)
    expect(asked.find((url) => url.includes("start_time"))).toContain(`start_time=uts${at(begins) - 6 * 3_600}&`)
  })

  it("refuses a first day that no calendar has", async () => {
    const outcome = await line.run(["pull", "slurmrestd", "--url", urlOf(), "--from", "2026-06-31"])
    expect(outcome).toMatchObject({ code: 1, stdout: "" })
    expect(outcome.stderr).toContain('--from "2026-06-31" must be a date')
  })

  it.each<[string, readonly [number, string] | null, string]>([
    ["a token that is not good", null, 'HTTP 401 ("Authentication failure"); check user name and token, which may have expired'],
    ["no such page", [404, bodyOf("rest/badversion.txt")], 'HTTP 404 ("Unable find requested URL.'],
    [
      "an error under HTTP 500",
      [500, real("rest/v0.0.38.slurmdb.jobs.badparam.json").replace(/^HTTP[\s\S]*?\r?\n\r?\n/, "")],
      "Slurm answers: ",
    ],
    ["an error under HTTP 200", [200, bodyOf("rest/auth.badtoken.txt")], "Slurm answers: Protocol authentication error"],
    ["an answer cut short", [200, '{"jobs": ['], 'the answer is not JSON ("{"jobs": [")'],
    ["a page of a proxy", [200, "<html>Log in</html>"], 'the answer is not JSON ("<html>Log in</html>")'],
  ])("%s", async (_, answer, sentence) => {
    if (answer === null) writeFileSync(tokenFile, "SLURM_JWT=expired\n")
    else instead = () => answer
    const outcome = await line.run(["pull", "slurmrestd", "--url", urlOf(), "--token-file", tokenFile, "--from", "2026-10-30"])
    expect(outcome.code).toBe(1)
    const said = outcome.stderr.trim().split("\n")
    expect(said.at(-1)).toContain(sentence)
    expect(outcome.stderr).not.toMatch(/\n\s+at /)
  })
})
