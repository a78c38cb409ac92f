import { execFile } from "node:child_process"
import { appendFile, cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest"
import { type CommandLine, openCommandLine } from "../testing/commandLine.ts"

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const inProject = (path: string): string => fileURLToPath(new URL(`../../../../${path}`, import.meta.url))

let folder: string
let line: CommandLine

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hpc-billing-safely-"))
  await cp(inProject("examples/month-end/sites/ci"), join(folder, "site"), { recursive: true })
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

const ingest = async (text: string, ...words: readonly string[]) => {
  await writeFile(join(folder, "jobs.psv"), text)
  return line.run(["ingest", join(folder, "jobs.psv"), ...words])
}

const header = "Cluster|JobIDRaw|User|Account|State|Submit|Start|End|ElapsedRaw|AllocTRES|ConsumedEnergyRaw"
const row = (
  jobId: number,
  start: number | string,
  end: number | string,
  over: { readonly cores?: number; readonly joules?: string } = {},
) => `ci|${jobId}|ann|physics|COMPLETED|${start}|${start}|${end}|3600|cpu=${over.cores ?? 2},mem=4096M,node=1|${over.joules ?? ""}`
const text = (...rows: readonly string[]): string => [header, ...rows, ""].join("\n")

describe("the line that exports job records", () => {
  it("is printed alone, and stands in the README, the docs and the help", async () => {
    const { code, stdout } = await line.run(["ingest", "--print-sacct"])
    expect(code).toBe(0)
    const printed = stdout.trimEnd()
    expect(printed).toMatch(/^SLURM_TIME_FORMAT=%s sacct -a -D -P --noconvert -S \S+ -o [A-Za-z,]+$/)
    const columns = printed.split(" -o ")[1]?.split(",") ?? []
    const written =
      "JobName Comment AdminComment SystemComment SubmitLine WorkDir Extra StdIn StdOut StdErr Container Constraints WCKey ALL"
    expect(columns.filter((name) => written.split(" ").includes(name))).toEqual([])
    expect(columns).toEqual(expect.arrayContaining(["JobIDRaw", "Submit", "AllocTRES", "MaxRSS"]))
    for (const page of ["README.md", "docs/cli.md", "packages/slurm-adapter/README.md"])
      expect(await readFile(inProject(page), "utf8"), page).toContain(printed)
    expect((await line.run(["ingest", "--help"])).stdout).toContain(printed)
  })

  it("needs neither a site nor a file, without which there is nothing to read", async () => {
    const elsewhere = await openCommandLine(join(folder, "nowhere"))
    expect(await elsewhere.run(["ingest", "--print-sacct"])).toMatchObject({ code: 0, stderr: "" })
    await elsewhere.close()
    expect(await line.run(["ingest"])).toMatchObject({ code: 2, stderr: expect.stringContaining("--print-sacct") })
  })

  it("makes a file that is read without a warning, run by a shell", async () => {
    const script = join(folder, "sacct")
    const values = row(70_001, 1_791_590_400, 1_791_594_000).split("|")
    const answers = { JobID: values[1], ...Object.fromEntries(header.split("|").map((name, index) => [name, values[index]])) }
    // answers as sacct does: the columns that it is asked for
    await writeFile(
      script,
      `#!${process.execPath}
const words = process.argv.slice(2)
if (process.env.SLURM_TIME_FORMAT !== "%s" || !["-a", "-D", "-P", "--noconvert"].every((word) => words.includes(word))) process.exit(1)
const columns = words[words.indexOf("-o") + 1].split(",")
const answers = ${JSON.stringify(answers)}
console.log(columns.join("|"))
console.log(columns.map((column) => answers[column] ?? "").join("|"))
`,
      { mode: 0o755 },
    )
    const command = (await line.run(["ingest", "--print-sacct"])).stdout.trim()
    const printed = await new Promise<string>((resolve, reject) => {
      const env = { ...process.env, PATH: `${folder}:${process.env.PATH}` }
      execFile("/bin/sh", ["-c", command], { env }, (error, stdout) => (error === null ? resolve(stdout) : reject(error)))
    })
    const outcome = await ingest(printed, "--strict", "--json")
    expect(JSON.parse(outcome.stdout)).toMatchObject({ accepted: 1, rejected: 0, warnings: [] })
  })
})

describe("text that users write", () => {
  const named = text(row(70_010, 1_791_590_400, 1_791_594_000))
    .replace("ConsumedEnergyRaw\n", "ConsumedEnergyRaw|WorkDir\n")
    .replace("|\n", "||/home/ann\n")

  it("is read with a warning", async () => {
    const outcome = await ingest(named, "--json")
    expect(outcome.code).toBe(0)
    expect(outcome.stderr).toMatch(/Warning: .*jobs\.psv: column WorkDir: users write this text, .* "hpc-billing ingest --print-sacct"/)
    expect(JSON.parse(outcome.stdout)).toMatchObject({ accepted: 1, warnings: [expect.stringContaining("column WorkDir")] })
  })

  it("is refused by --strict, which stores nothing", async () => {
    const outcome = await ingest(named.replaceAll("70010", "70011"), "--strict")
    expect(outcome).toMatchObject({ code: 1, stderr: expect.stringContaining("column WorkDir: users write this text") })
    expect(JSON.parse((await ingest(named.replaceAll("70010", "70011"), "--json")).stdout)).toMatchObject({ accepted: 1 })
  })

  it("is no risk between the random characters of an export, which are found out", async () => {
    const outcome = await ingest(named.replaceAll("70010", "70012").replaceAll("|", "~7Gq0fLz2~x"), "--strict", "--json")
    expect(JSON.parse(outcome.stdout)).toMatchObject({ accepted: 1, warnings: [] })
  })
})

it("refuses local times without a zone, whole, and reads them with one", async () => {
  const local = text(row(70_020, 1_791_590_400, 1_791_594_000), row(70_021, "2026-10-10T07:00:00", "2026-10-10T08:00:00"))
  const refused = await ingest(local)
  expect(refused.code).toBe(1)
  expect(refused.stderr).toContain(
    "its times, such as 2026-10-10T07:00:00, say no zone; name theirs by the time-zone option, such as Asia/Bangkok or UTC, or export with SLURM_TIME_FORMAT=%s",
  )
  const read = await ingest(local, "--time-zone", "Asia/Bangkok", "--json")
  expect(JSON.parse(read.stdout)).toMatchObject({ accepted: 2, known: 0 })
})

it("holds two different rows of one job, and bills neither", async () => {
  const outcome = await ingest(
    text(row(70_030, 1_791_590_400, 1_791_594_000), row(70_030, 1_791_590_400, 1_791_594_000, { cores: 9_999 })),
    "--json",
  )
  const summary = JSON.parse(outcome.stdout)
  expect(summary).toMatchObject({ accepted: 0, rejected: 2 })
  expect(summary.rejections[0].first).toMatchObject({ lineNumber: 2, reason: expect.stringContaining('"cpu":9999') })
  expect((await line.run(["explain", "70030"])).code).toBe(1)
})

describe("energy", () => {
  const joules = (watts: number): string => text(row(70_040, 1_791_590_400, 1_791_594_000, { joules: String(watts * 3_600) }))

  it("of more than a node draws is held, by what site.yaml says a node draws", async () => {
    const held = JSON.parse((await ingest(joules(10_001), "--json")).stdout)
    expect(held).toMatchObject({ accepted: 0, rejected: 1 })
    expect(held.rejections[0].first).toMatchObject({
      lineNumber: 2,
      field: "ConsumedEnergyRaw",
      reason: expect.stringMatching(/^36003600 J in 3600 s on 1 node is more than 10000 W a node.*maximumWattsPerNode in site\.yaml/),
    })
    const site = join(folder, "site/site.yaml")
    const before = await readFile(site, "utf8")
    await appendFile(site, "maximumWattsPerNode: 0\n")
    expect(await ingest(joules(10_001))).toMatchObject({ code: 2, stderr: expect.stringContaining("maximumWattsPerNode") })
    await writeFile(site, `${before}maximumWattsPerNode: 12000\n`)
    expect(JSON.parse((await ingest(joules(10_001), "--json")).stdout)).toMatchObject({ accepted: 1, rejected: 0 })
    await writeFile(site, `${before}maximumWattsPerNode: 500\n`)
    expect(JSON.parse((await ingest(joules(501), "--json")).stdout)).toMatchObject({ rejected: 1 })
    await writeFile(site, before)
  })
})

it("verify names a job that was read in two zones", async () => {
  expect(await line.run(["verify"])).toMatchObject({ code: 0, stdout: expect.stringContaining("verified") })
  await ingest(text(row(70_050, 1_791_590_400, 1_791_594_000)))
  await ingest(text(row(70_050, "2026-10-10T07:00:00", "2026-10-10T08:00:00")), "--time-zone", "UTC")
  const verified = await line.run(["verify"])
  expect(verified.code).toBe(3)
  expect(verified.stdout).toMatch(/^job 70050 of cluster ci: has two usages, .* differ by the same 7 h/)
  expect(verified.stderr).toContain("1 job may be billed twice. Compare with sacct before the next bill.")
  expect(JSON.parse((await line.run(["verify", "--json"])).stdout)).toMatchObject({
    findings: [],
    readTwice: [{ row: "job 70050 of cluster ci" }],
  })
})
