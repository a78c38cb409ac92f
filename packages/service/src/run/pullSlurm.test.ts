import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { readSacctFile } from "@hpc-billing/slurm-adapter"
import { Clock, Effect, Exit, Scope } from "effect"
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest"
import { BillingStore, openStore, type StoreFunctions } from "../store/index.ts"
import { testingChain } from "../testing/testingChain.ts"
import { testingClock } from "../testing/testingClock.ts"
import { testingStorage } from "../testing/testingStorage.ts"
import { ingestSource } from "./ingestSource.ts"
import { pullSlurm } from "./pullSlurm.ts"

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const exported = fileURLToPath(
  new URL("../../../slurm-adapter/fixtures/22.05-debian/settled/sacct/all.epoch.noconvert.us.txt", import.meta.url),
)

/** Answers as sacct does, from what a real one printed: the columns, then the rows that touch the window or have the ids. */
const program = `#!${process.execPath}
import { existsSync, readFileSync } from "node:fs"
const option = (name) => process.argv.find((word) => word.startsWith("--" + name + "="))?.slice(name.length + 3)
const [header, ...lines] = readFileSync(process.argv[1] + ".txt", "utf8").trimEnd().split("\\n")
const names = header.split("\\x1f")
if (process.argv.includes("--helpformat")) console.log(names.join(" "))
else {
  const say = (line) => console.log(line.replaceAll("\\x1f", option("delimiter")))
  say(header)
  const at = (row, name) => Number(row[names.indexOf(name)])
  const [from, to] = ["starttime", "endtime"].map((name) => (option(name) === undefined ? null : Date.parse(option(name) + "Z") / 1000))
  const ids = option("jobs")?.split(",")
  const users = option("users")?.split(",")
  let rest = ""
  for (const line of existsSync(process.argv[1] + ".silent") ? [] : lines) {
    rest = rest === "" ? line : rest + "\\n" + line
    const row = rest.split("\\x1f")
    if (row.length < names.length) continue
    const [end, eligible] = [at(row, "End"), at(row, "Eligible")]
    const touches = from === null || (eligible < to && !(end < from))
    const id = row[names.indexOf("JobIDRaw")].split(".")[0]
    if (touches && (ids === undefined || ids.includes(id)) && (users === undefined || users.includes(row[names.indexOf("User")]))) say(rest)
    rest = ""
  }
}
`

const scope = Effect.runSync(Scope.make())
const at = (iso: string): number => Date.parse(iso) / 1_000
let folder: string
let store: StoreFunctions
let nowSeconds: number
/** How long each look at the clock takes. */
let tickSeconds: number

const clock = testingClock(() => {
  nowSeconds += tickSeconds
  return nowSeconds
})

beforeEach(() => {
  nowSeconds = at("2026-11-01T12:00:00Z")
  tickSeconds = 0
  copyFileSync(exported, join(folder, "sacct.txt"))
})

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "hpc-billing-pull-"))
  writeFileSync(join(folder, "sacct"), program)
  chmodSync(join(folder, "sacct"), 0o755)
  store = await Effect.runPromise(Scope.provide(openStore({ location: await testingStorage(), chain: testingChain }), scope))
})

afterAll(async () => {
  await Effect.runPromise(Scope.close(scope, Exit.void))
  rmSync(folder, { recursive: true, force: true })
})

const run = <A, E>(effect: Effect.Effect<A, E, BillingStore>) =>
  Effect.runPromise(effect.pipe(Effect.provideService(BillingStore, store), Effect.provideService(Clock.Clock, clock)))

const pull = (
  tenant: string,
  { from = "2026-10-30T12:00:00Z", ...filter }: { readonly from?: string; readonly users?: readonly string[] } = {},
) =>
  run(
    pullSlurm({
      tenant,
      cluster: "ci",
      source: { kind: "sacct", wrapper: { command: ["env", `PATH=${folder}:${process.env.PATH}`], quoteForShell: false }, filter },
      fromSeconds: at(from),
      actor: { name: "test", requestId: `pull-${nowSeconds}` },
    }),
  )

/** The rows of an export with some of their columns changed. */
const edited = (file: string, edit: (row: Record<string, string>) => Readonly<Record<string, string>>): string => {
  const [header = "", ...lines] = readFileSync(file, "utf8").trimEnd().split("\n")
  const names = header.split("\u001f")
  const rows = lines.map((line) => {
    const cells = line.split("\u001f")
    if (cells.length !== names.length) return line
    const row = Object.fromEntries(names.map((name, index) => [name, cells[index] ?? ""]))
    const changed = { ...row, ...edit(row) }
    return names.map((name) => changed[name as keyof typeof changed]).join("\u001f")
  })
  return `${[header, ...rows].join("\n")}\n`
}

it("reads what is new, again with overlap, and moves its cursor only past what was surely read", async () => {
  const onlyOne = await pull("pulled", { users: ["dave"] })
  expect(onlyOne).toMatchObject({ kept: "filtered", readUntilSeconds: at("2026-10-30T12:00:00Z") })
  expect(onlyOne.accepted).toBeGreaterThan(0)

  const first = await pull("pulled")
  expect(first).toMatchObject({ kept: null, rejected: 0, readUntilSeconds: nowSeconds - 60 })
  expect(first.accepted).toBeGreaterThan(50)

  nowSeconds += 3_600
  const again = await pull("pulled")
  expect(again).toMatchObject({ kept: null, accepted: 0, replaced: 0, windows: 1, readUntilSeconds: nowSeconds - 60 })

  nowSeconds += 3_600
  writeFileSync(join(folder, "sacct.silent"), "")
  expect(await pull("pulled")).toMatchObject({ kept: "canary-missing", read: 0, readUntilSeconds: nowSeconds - 3_660 })

  rmSync(join(folder, "sacct.silent"))
  expect(await pull("pulled")).toMatchObject({ kept: null, accepted: 0, readUntilSeconds: nowSeconds - 60 })
})

describe("a cluster whose first days are empty", () => {
  it("is read completely from a first day far before its first job", async () => {
    nowSeconds = at("2026-09-14T09:00:00Z")
    const wanted = await pull("busy", { from: "2026-09-09T00:00:00Z" })
    const pulled = await pull("late", { from: "2026-07-17T00:00:00Z" })
    expect(wanted.accepted).toBeGreaterThan(20)
    expect(pulled).toMatchObject({ kept: null, rejected: 0, accepted: wanted.accepted, readUntilSeconds: nowSeconds - 60 })
  })

  it("is looked through to today as long as it has no job, and read from the start once it has one", async () => {
    const from = "2026-07-02T00:00:00Z"
    nowSeconds = at("2026-09-04T12:00:00Z")
    expect(await pull("new", { from })).toMatchObject({ kept: "empty", read: 0, readUntilSeconds: at(from) })
    nowSeconds = at("2026-09-11T12:00:00Z")
    const pulled = await pull("new", { from })
    expect(pulled).toMatchObject({ kept: null, readUntilSeconds: nowSeconds - 60 })
    expect(pulled.accepted).toBeGreaterThan(20)
  })
})

it("ends at the time at which it began, however long its questions take", async () => {
  tickSeconds = 7
  const began = nowSeconds
  const pulled = await pull("slow")
  expect(pulled.kept).toBe(null)
  expect(pulled.readUntilSeconds).toBeLessThan(began + 60)
})

it("asks again for every job without an end that no window brings, however many there are", async () => {
  const jobs = 1_203
  const startSeconds = nowSeconds - 30 * 3_600
  const [header = "", ...lines] = readFileSync(exported, "utf8").trimEnd().split("\n")
  const names = header.split("\u001f")
  const sample = lines
    .map((line) => line.split("\u001f"))
    .find((cells) => cells.length === names.length && cells[names.indexOf("State")] === "COMPLETED")
  const rowsWith = (state: string, endSeconds: number) =>
    Array.from({ length: jobs }, (_, index) => {
      const id = String(700_000 + index)
      const [start, end] = [String(startSeconds), endSeconds === 0 ? "Unknown" : String(endSeconds)]
      const changed: Record<string, string> = {
        JobID: id,
        JobIDRaw: id,
        Submit: start,
        Eligible: start,
        Start: start,
        End: end,
        State: state,
      }
      return names.map((name, cell) => changed[name] ?? sample?.[cell] ?? "").join("\u001f")
    })
  const write = (rows: readonly string[]) => writeFileSync(join(folder, "sacct.txt"), `${[header, ...lines, ...rows].join("\n")}\n`)

  write(rowsWith("RUNNING", 0))
  await pull("many")
  // their end is written late: it lies before the overlap of the next window
  nowSeconds += 3_600
  write(rowsWith("COMPLETED", startSeconds + 3_600))
  expect(await pull("many")).toMatchObject({ kept: null, replaced: jobs })
  nowSeconds += 3_600
  expect(await pull("many")).toMatchObject({ kept: null, replaced: 0, windows: 1 })
})

it("follows Slurm's corrections also back to an earlier content, and lets no file read again undo them", async () => {
  const files = ["physics", "chemistry"].map((account) => {
    const file = join(folder, `${account}.txt`)
    writeFileSync(
      file,
      edited(exported, (row) => (row.JobIDRaw?.startsWith("500016") === true ? { Account: account } : {})),
    )
    return file
  })
  const [physics = "", chemistry = ""] = files
  const account = async () => {
    const versions = await run(store.recordVersions("corrected", { cluster: "ci", jobId: "500016" }))
    return versions
      .filter(({ ingestSequence, replacedBy }) => ingestSequence !== null && replacedBy === null)
      .map(({ record }) => record.account)
  }
  const ingest = (file: string) => {
    nowSeconds += 60
    return run(
      ingestSource(readSacctFile(file), {
        tenant: "corrected",
        clusters: ["ci"],
        source: file,
        actor: { name: "test", requestId: `ingest-${nowSeconds}` },
      }),
    )
  }
  for (const [now, rereads] of [
    [physics, [physics]],
    [chemistry, [physics, chemistry]],
    [physics, [chemistry, physics, chemistry]],
    [chemistry, [physics]],
  ] as const) {
    copyFileSync(now, join(folder, "sacct.txt"))
    nowSeconds += 300
    await pull("corrected")
    expect(await account()).toEqual([now === physics ? "physics" : "chemistry"])
    for (const file of rereads) {
      expect(await ingest(file)).toMatchObject({ replaced: 0, rejected: 0 })
      expect(await account()).toEqual([now === physics ? "physics" : "chemistry"])
    }
  }
})
