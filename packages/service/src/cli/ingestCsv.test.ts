import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, expect, it, vi } from "vitest"
import { type CommandLine, openCommandLine } from "../testing/commandLine.ts"

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const inProject = (path: string): string => fileURLToPath(new URL(`../../../../${path}`, import.meta.url))
const demo = inProject("packages/slurm-adapter/fixtures/csv/demo.psv")

let folder: string
let line: CommandLine

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hpc-billing-csv-"))
  await cp(inProject("examples/month-end/sites/ci"), join(folder, "site"), { recursive: true })
  for (const name of ["site.yaml", "rates.yaml"]) {
    const file = join(folder, "site", name)
    await writeFile(file, (await readFile(file, "utf8")).replace("zone: UTC", "zone: Asia/Bangkok"))
  }
  line = await openCommandLine(folder)
  for (const words of [
    ["keys", "create"],
    ["rates", "publish"],
  ])
    expect(await line.run(words)).toMatchObject({ code: 0 })
})

afterAll(async () => {
  await line.close()
  await rm(folder, { recursive: true, force: true })
})

const ingest = (...words: readonly string[]) => line.run(["ingest", demo, "--format", "csv", "--cluster", "ci", ...words])

it("names the option that it lacks for times without a zone", async () => {
  const outcome = await ingest("--dry-run")
  expect(outcome.code).toBe(1)
  expect(outcome.stderr).toContain("say no zone; name theirs by the time-zone option")
})

const rated = async (month: string) => JSON.parse((await line.run(["rate", "--month", month, "--json"])).stdout)

it("leaves jobs without an account unmapped, not refused, until they are read with one", async () => {
  const words = ["--time-zone", "Asia/Bangkok", "--json"]
  expect(JSON.parse((await ingest(...words)).stdout)).toMatchObject({ read: 8, accepted: 6, rejected: 2 })
  expect((await rated("2026-10")).counts).toMatchObject({ records: 6, unmappedUsages: 6, chargedUsages: 0 })
  expect(JSON.parse((await ingest(...words, "--account", "physics")).stdout)).toMatchObject({ accepted: 0, replaced: 6, known: 0 })
})

it("reads an export once, however often, and cuts a job at the end of the month", async () => {
  const words = ["--time-zone", "Asia/Bangkok", "--account", "physics", "--json"]
  expect(JSON.parse((await ingest(...words)).stdout)).toMatchObject({ read: 8, accepted: 0, replaced: 0, known: 6 })
  const [october, november] = [await rated("2026-10"), await rated("2026-11")]
  expect([october.counts.records, october.unmapped]).toEqual([6, 0])
  expect([november.counts.records, november.unmapped]).toEqual([1, 0])
  const { stdout } = await line.run(["explain", "500102", "--json"])
  // eight cores for two hours on either side of midnight in Bangkok
  expect([...stdout.matchAll(/"code": "part",\s*"values": \{\s*"start": "([^"]*)"/g)].map(([, start]) => start)).toEqual([
    "2026-10-31 22:00:00",
    "2026-11-01 00:00:00",
  ])
  expect([...stdout.matchAll(/"sku": "cpu",\s*"quantity": "([^"]*)"/g)].map(([, hours]) => hours)).toEqual(["16", "16"])
})

it("takes an export of unknown age for news once, and one of a known time for what was so then", async () => {
  const read = async (day: number, account: string, ...words: readonly string[]) => {
    const all = [
      "ingest",
      demo,
      "--format",
      "csv",
      "--cluster",
      "ci",
      "--time-zone",
      "Asia/Bangkok",
      "--account",
      account,
      "--json",
      ...words,
    ]
    const { accepted, replaced, known } = JSON.parse((await line.run(all, day)).stdout)
    return { accepted, replaced, known }
  }
  const [news, noNews] = [
    { accepted: 0, replaced: 6, known: 0 },
    { accepted: 0, replaced: 0, known: 6 },
  ]
  expect(await read(12, "geology")).toEqual(news)
  expect(await read(13, "physics")).toEqual(noNews)
  expect(await read(14, "physics", "--exported-at", "2026-11-12T22:30:00+07:00")).toEqual(noNews)
  expect(await read(14, "physics", "--exported-at", "2026-11-13T22:30:00+07:00")).toEqual(news)
  expect(await read(15, "geology")).toEqual(noNews)
  expect(await read(15, "botany", "--exported-at", "2026-11-13T00:00Z")).toEqual(noNews)
  expect((await rated("2026-10")).counts).toMatchObject({ unmappedUsages: 0, chargedUsages: 5 })
})

it.each([
  ["2026-11-09", "must be a time with its zone"],
  ["2026-11-09T08:30:00", "must be a time with its zone"],
  ["2026-09-31T08:30:00Z", "must be a time with its zone"],
  ["2026-11-09T25:30:00Z", "must be a time with its zone"],
  ["yesterday", "must be a time with its zone"],
  ["2026-11-11T07:00:01+07:00", "is in the future"],
])("refuses %s as the time of an export", async (time, sentence) => {
  const outcome = await ingest("--time-zone", "Asia/Bangkok", "--exported-at", time)
  expect(outcome).toMatchObject({ code: 1, stdout: "" })
  expect(outcome.stderr).toContain(`--exported-at "${time}" ${sentence}`)
})
