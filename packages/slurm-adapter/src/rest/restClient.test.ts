import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import type { Decoded } from "../Decoded.ts"
import { SlurmReadError } from "../SlurmReadError.ts"
import { jobsQuery } from "./jobsQuery.ts"
import { type RestClientOptions, readRestJobs, readRestJobsById } from "./restClient.ts"

const jobs = readFileSync(new URL("../../fixtures/25.11/live/sacct/all.v0.0.44.json", import.meta.url), "utf8")
const openapi = (...versions: readonly number[]): string =>
  JSON.stringify({
    paths: Object.fromEntries(
      versions.map((version) => [
        `/slurmdb/v0.0.${version}/jobs/`,
        { get: { parameters: [{ name: "start_time" }, { name: "show_duplicates" }, { name: "disable_truncate_usage_time" }] } },
      ]),
    ),
  })

// real answers of slurmrestd, served over real HTTP
describe("slurmrestd", () => {
  let server: Server
  let folder = ""
  let asked: string[] = []
  let reply: (request: IncomingMessage, response: ServerResponse) => void
  const waits: number[] = []

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "rest-"))
    writeFileSync(join(folder, "token"), "SLURM_JWT=secret\n")
    asked = []
    waits.length = 0
    server = createServer((request, response) => {
      asked.push(`${request.headers["x-slurm-user-name"]} ${request.headers["x-slurm-user-token"]} ${request.url}`)
      reply(request, response)
    })
  })
  afterEach(async () => {
    await new Promise((resolve) => server.close(resolve))
    rmSync(folder, { recursive: true })
  })

  const window = { startSeconds: 1_795_365_900, endSeconds: 1_795_366_000 }
  const read = async (over: Partial<RestClientOptions> = {}, of = window): Promise<readonly Decoded[]> => {
    if (!server.listening) await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
    const { port } = server.address() as AddressInfo
    const options: RestClientOptions = {
      address: { url: `http://127.0.0.1:${port}` },
      user: "billing",
      tokenFile: join(folder, "token"),
      timeoutSeconds: 5,
      sleep: async (milliseconds) => {
        waits.push(milliseconds)
      },
      ...over,
    }
    const decoded: Decoded[] = []
    for await (const batch of readRestJobs(options, of)) decoded.push(...batch)
    return decoded
  }
  const reasonOf = async (promise: Promise<unknown>): Promise<string> => {
    const error = await promise.then(
      () => null,
      (thrown: unknown) => thrown,
    )
    return error instanceof SlurmReadError ? error.message.slice(error.source.length + 2) : String(error)
  }
  const answers = (of: (request: IncomingMessage) => readonly [number, string]) => {
    reply = (request, response) => {
      const [status, body] = request.url?.startsWith("/openapi") === true ? [200, openapi(40, 44, 45)] : of(request)
      response.writeHead(status).end(body)
    }
  }

  it("takes the newest version that both know, and asks for every attempt and whole run times", async () => {
    answers(() => [200, jobs])
    expect((await read()).length).toBe(62)
    expect(asked).toEqual([
      "billing secret /openapi/v3",
      "billing secret /slurmdb/v0.0.44/jobs?start_time=1795365900&end_time=1795366000&show_duplicates=true&disable_truncate_usage_time=true",
    ])
  })

  it("reads over a unix socket", async () => {
    answers(() => [200, jobs])
    const socketPath = join(folder, "rest.sock")
    await new Promise<void>((resolve) => server.listen(socketPath, resolve))
    expect((await read({ address: { socketPath } })).length).toBe(62)
  })

  it("asks for jobs by id, of which slurmrestd may know none", async () => {
    const missing = readFileSync(
      new URL("../../fixtures/22.05-debian/settled/rest/v0.0.38.slurmdb.job.missing.json", import.meta.url),
      "utf8",
    )
    answers((request) => [200, request.url?.endsWith("/job/7") === true ? jobs : missing])
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
    const { port } = server.address() as AddressInfo
    const counts: number[] = []
    for await (const batch of readRestJobsById({ address: { url: `http://127.0.0.1:${port}` }, user: "billing" }, ["7", "8"]))
      counts.push(batch.length)
    expect(counts).toEqual([62, 0])
    expect(asked.slice(1)).toEqual(["billing undefined /slurmdb/v0.0.44/job/7", "billing undefined /slurmdb/v0.0.44/job/8"])
  })

  it("tries again after transient failures, waiting longer each time", async () => {
    let failures = 3
    answers(() => (failures-- > 0 ? [503, "busy"] : [200, jobs]))
    expect((await read()).length).toBe(62)
    expect(waits).toEqual([500, 1_000, 2_000])
  })

  it("halves the window when an answer is too large, and widens it again", async () => {
    answers((request) => {
      const [, from, to] = /start_time=(\d+)&end_time=(\d+)/.exec(request.url ?? "") ?? []
      return Number(to) - Number(from) > 1_000 ? [200, " ".repeat(2_000_000)] : [200, jobs]
    })
    await read({ megabytesMaximum: 1 }, { startSeconds: 0, endSeconds: 1_800 })
    expect(asked.slice(1).map((line) => /start_time=\d+&end_time=\d+/.exec(line)?.[0])).toEqual([
      "start_time=0&end_time=1800",
      "start_time=0&end_time=900",
      "start_time=900&end_time=1800",
    ])
  })

  it.each<[string, readonly [number, string], string]>([
    ["no token", [401, "Authentication failure"], 'HTTP 401 ("Authentication failure"); check user name and token, which may have expired'],
    ["no such page", [404, "Unable find requested URL."], 'HTTP 404 ("Unable find requested URL."); check the address and the API version'],
    ["no JSON", [200, "<html>"], 'the answer is not JSON ("<html>"); check that this is slurmrestd, or the output of sacct --json'],
    [
      "an error under HTTP 500",
      [500, '{"errors":[{"description":"Access denied"}]}'],
      "Slurm answers: Access denied; check the token and that slurmdbd runs",
    ],
    [
      "an error under HTTP 200",
      [200, '{"errors":[{"error":"Protocol authentication error"}],"jobs":[]}'],
      "Slurm answers: Protocol authentication error; check the token and that slurmdbd runs",
    ],
    ["a gateway that stays down", [502, "bad gateway"], 'HTTP 502 ("bad gateway"); look into slurmrestd\'s log'],
  ])("says what is wrong: %s", async (_, answer, sentence) => {
    answers(() => answer)
    expect(await reasonOf(read())).toBe(sentence)
  })

  it("says so when it knows no version, is not there, or does not answer", async () => {
    reply = (_, response) => response.end(openapi(45))
    expect(await reasonOf(read())).toBe("it speaks v0.0.45; v0.0.36 to v0.0.44 can be read")
    expect(await reasonOf(read({ address: { socketPath: join(folder, "none.sock") } }))).toBe(
      "cannot be reached (ENOENT); check that slurmrestd runs there",
    )
    reply = () => undefined
    expect(await reasonOf(read({ timeoutSeconds: 0.1 }))).toContain("no end of the answer within 0.1 s")
    server.closeAllConnections()
    expect(await reasonOf(read({ tokenFile: join(folder, "no-token") }))).toContain("cannot be read (ENOENT)")
  })
})

it("writes times as each version reads them", () => {
  const window = { startSeconds: 1, endSeconds: 2 }
  expect(jobsQuery(38, new Set(), window)).toBe("start_time=uts1&end_time=uts2")
  expect(jobsQuery(42, new Set(["show_duplicates"]), window)).toBe("start_time=1&end_time=2&show_duplicates=true")
})
