import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type JobRecord, jobKey, type Rejection } from "@hpc-billing/core"
import { decodeRestAnswer } from "@hpc-billing/slurm-adapter"
import { Clock, Effect, Exit, Result, Scope, Stream } from "effect"
import fc from "fast-check"
import { afterAll, beforeAll, expect, it, vi } from "vitest"
import { BillingStore, openStore, type StoreFunctions } from "../store/index.ts"
import { testingChain } from "../testing/testingChain.ts"
import { testingStorage } from "../testing/testingStorage.ts"
import { ingestSource } from "./ingestSource.ts"
import { pullSlurm, type SlurmSource } from "./pullSlurm.ts"

vi.setConfig({ testTimeout: 300_000, hookTimeout: 120_000 })

/** A job as Slurm's database holds it; every text of it but the partition, the QOS and the state is one that users write. */
interface Job {
  readonly id: number
  readonly submit: number
  readonly cores: number
  readonly user: string
  readonly name: string
  readonly wckey: string
  readonly account: string
  readonly comment: string
}

const nowSeconds = 1_793_534_400
const [start, end] = [nowSeconds - 7_200, nowSeconds - 3_600]
const columns = [
  "JobIDRaw JobID Cluster User Account WCKey JobName Comment Partition QOS State",
  "Submit Eligible Start End ElapsedRaw AllocTRES NodeList Reservation",
].flatMap((names) => names.split(" "))

/** Prints as sacct does, by its command line: the columns of --format, between --delimiter, nothing escaped. */
const sacct = (jobsFile: string): string => `#!${process.execPath}
import { readFileSync } from "node:fs"
const words = process.argv.slice(2)
const option = (name) => words.find((word) => word.startsWith("--" + name + "="))?.slice(name.length + 3)
if (words.includes("--helpformat")) console.log(${JSON.stringify(columns.join(" "))})
else {
  if (!words.includes("--parsable2") || !words.includes("--duplicates") || process.env.SLURM_TIME_FORMAT !== "%s") process.exit(1)
  const wanted = option("format").split(",")
  const delimiter = option("delimiter") ?? "|"
  const ids = option("jobs")?.split(",")
  const lines = [wanted.join(delimiter)]
  for (const row of JSON.parse(readFileSync(${JSON.stringify(jobsFile)}, "utf8")))
    if (ids === undefined || ids.includes(row.JobIDRaw)) lines.push(wanted.map((name) => row[name]).join(delimiter))
  process.stdout.write(lines.join("\\n") + "\\n")
}
`

const rowOf = (job: Job): Readonly<Record<string, string>> => ({
  JobIDRaw: String(job.id),
  JobID: String(job.id),
  Cluster: "ci",
  User: job.user,
  Account: job.account,
  WCKey: job.wckey,
  JobName: job.name,
  Comment: job.comment,
  Partition: "cpu",
  QOS: "normal",
  State: "COMPLETED",
  Submit: String(job.submit),
  Eligible: String(job.submit),
  Start: String(start),
  End: String(end),
  ElapsedRaw: "3600",
  AllocTRES: `cpu=${job.cores},mem=1024M,node=1`,
  NodeList: "n1",
  Reservation: "",
})

const restJobOf = (job: Job) => ({
  account: job.account,
  array: { job_id: 0, task: "", task_id: null },
  cluster: "ci",
  comment: { job: job.comment },
  derived_exit_code: null,
  exit_code: null,
  het: { job_id: 0, job_offset: null },
  job_id: job.id,
  name: job.name,
  nodes: "n1",
  partition: "cpu",
  qos: "normal",
  reservation: { name: 0 },
  state: { current: "COMPLETED" },
  steps: [],
  time: {
    elapsed: 3_600,
    eligible: job.submit,
    end,
    limit: null,
    start,
    submission: job.submit,
    suspended: 0,
    total: { seconds: 0, microseconds: 0 },
  },
  tres: {
    allocated: [
      { type: "cpu", name: null, count: job.cores },
      { type: "mem", name: null, count: 1_024 },
      { type: "node", name: null, count: 1 },
    ],
    requested: [],
  },
  user: job.user,
  wckey: { wckey: job.wckey },
})
const answerOf = (jobs: readonly Job[]): string =>
  JSON.stringify({ meta: { plugin: { type: "openapi/dbv0.0.38" } }, errors: [], jobs: jobs.map(restJobOf) })

const scope = Effect.runSync(Scope.make())
let folder: string
let server: Server
let store: StoreFunctions
let answer = answerOf([])
let tenants = 0

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "hpc-billing-forged-"))
  writeFileSync(join(folder, "sacct"), sacct(join(folder, "jobs.json")), { mode: 0o755 })
  server = createServer((request, response) => {
    const isDescription = request.url?.startsWith("/openapi") === true
    response.end(isDescription ? JSON.stringify({ paths: { "/slurmdb/v0.0.38/jobs": {} } }) : answer)
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  store = await Effect.runPromise(Scope.provide(openStore({ location: await testingStorage(), chain: testingChain }), scope))
})

afterAll(async () => {
  await new Promise((resolve) => server.close(resolve))
  await Effect.runPromise(Scope.close(scope, Exit.void))
  rmSync(folder, { recursive: true, force: true })
})

const clock: Clock.Clock = Object.assign(Object.create(Effect.runSync(Clock.Clock)), {
  currentTimeMillis: Effect.sync(() => nowSeconds * 1_000),
})
const run = <A, E>(effect: Effect.Effect<A, E, BillingStore>): Promise<A> =>
  Effect.runPromise(effect.pipe(Effect.provideService(BillingStore, store), Effect.provideService(Clock.Clock, clock)))

const actor = { name: "test", requestId: "forged" }
const pull = (tenant: string, source: SlurmSource) =>
  run(pullSlurm({ tenant, cluster: "ci", source, fromSeconds: nowSeconds - 43_200, actor }))

/** The three ways in which records come: each leaves what it read in the books of a tenant of its own. */
const ways: Readonly<Record<string, (tenant: string, jobs: readonly Job[]) => Promise<unknown>>> = {
  "pull sacct": (tenant, jobs) => {
    writeFileSync(join(folder, "jobs.json"), JSON.stringify(jobs.map(rowOf)))
    const wrapper = { command: ["env", `PATH=${folder}:${process.env.PATH}`], quoteForShell: false }
    return pull(tenant, { kind: "sacct", wrapper, filter: {} })
  },
  "sacct --json": (tenant, jobs) => {
    const decoded = Result.getOrThrow(decodeRestAnswer(answerOf(jobs), { source: "jobs.json" }))
    return run(ingestSource(Stream.make(decoded), { tenant, clusters: ["ci"], source: "jobs.json", actor }))
  },
  slurmrestd: (tenant, jobs) => {
    answer = answerOf(jobs)
    const { port } = server.address() as AddressInfo
    return pull(tenant, { kind: "slurmrestd", options: { address: { url: `http://127.0.0.1:${port}` }, user: "root" } })
  },
}

const forgedRow = (of: string, between: string): string =>
  Object.values(rowOf({ id: 2, submit: start - 60, cores: 9_999, user: of, name: "x", wckey: "", account: "kelp", comment: "" })).join(
    between,
  )

/** What a user writes who means harm, and what one writes who does not. */
const written = fc
  .array(
    fc.oneof(
      fc.constantFrom("\n", "\r\n", "|", "\u001F", ",", '"', "\\", "งาน", "", columns.join("|"), "18446744073709551614"),
      fc.constantFrom("|", "\u001F", "\n", "\u001F\u001F").map((between) => `\n${forgedRow("eve", between)}\n`),
      fc.string({ unit: "grapheme", maxLength: 4 }),
    ),
    { maxLength: 4 },
  )
  .map((pieces) => pieces.join("").replaceAll("\u0000", ""))
  .filter((text) => text.isWellFormed() && !text.startsWith("*"))

const someJobs = fc.array(
  fc.record({
    id: fc.integer({ min: 1, max: 9 }),
    attempt: fc.integer({ min: 0, max: 2 }),
    cores: fc.integer({ min: 1, max: 64 }),
    user: fc.constantFrom("ann", "bob", "eve"),
    name: written,
    wckey: written,
    account: fc.oneof({ weight: 3, arbitrary: fc.constantFrom("kelp", "coral") }, written),
    comment: written,
    isTwice: fc.boolean(),
  }),
  { minLength: 1, maxLength: 20 },
)

const sentKey = ({ id, submit }: Job): string => `ci/${id}/${submit}`
const sentText = (job: Job): string => JSON.stringify([job.cores, job.user, job.name, job.wckey, job.account])
const readText = ({ allocated, user, name, wckey, account }: JobRecord): string =>
  JSON.stringify([allocated.cpu, user, name, wckey, account])

it.each(Object.keys(ways))("%s: each record is what was sent or is held, and none is changed by another", async (way) => {
  let heldCount = 0
  await fc.assert(
    fc.asyncProperty(someJobs, async (drawn) => {
      const jobs = drawn.flatMap(({ attempt, isTwice, ...job }): Job[] => {
        const sent = { ...job, submit: start - 600 + attempt * 60 }
        return isTwice ? [sent, sent] : [sent]
      })
      const tenant = `forged-${tenants++}`
      await ways[way]?.(tenant, jobs)
      const window = { startSeconds: 0, endSeconds: nowSeconds * 2 }
      const records = await Effect.runPromise(Stream.runCollect(store.records(tenant, { window })))
      const { rows } = await Effect.runPromise(store.listRejections(tenant, { cursor: null, limit: 1_000 }))
      const texts = new Map<string, Set<string>>()
      for (const job of jobs) {
        const known = texts.get(sentKey(job)) ?? new Set()
        texts.set(sentKey(job), isWhole(way, job) ? known.add(sentText(job)) : known)
      }
      const read = new Map(records.map((record) => [jobKey(record), readText(record)]))
      for (const [key, sent] of texts) {
        // a job is held for what it is, never for what another wrote
        const [only] = sent
        expect(read.get(key)).toBe(sent.size === 1 ? only : undefined)
        if (sent.size === 1) continue
        heldCount++
        const id = key.split("/")[1] as string
        expect(rows.filter((rejection) => isOf(rejection, id)).length).toBeGreaterThan(0)
      }
      expect([...read.keys()].filter((key) => !texts.has(key))).toEqual([])
    }),
    { numRuns: way === "pull sacct" ? 25 : 100 },
  )
  // the drawn jobs did try
  expect(heldCount).toBeGreaterThan(0)
})

/** An account with a line feed breaks its row in a column that is not one of names: the row is held. */
const isWhole = (way: string, job: Job): boolean => way !== "pull sacct" || !job.account.includes("\n")

const isOf = ({ reason, raw }: Rejection, id: string): boolean => reason.startsWith(`job ${id} `) || raw.startsWith(`${id}\u001F`)
