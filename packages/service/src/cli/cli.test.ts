import { execFile } from "node:child_process"
import { existsSync } from "node:fs"
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest"
import { type CommandLine, type Outcome, openCommandLine } from "../testing/commandLine.ts"

// some cases are processes that may open a database, on a machine that may have other work
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const inProject = (path: string): string => fileURLToPath(new URL(`../../../../${path}`, import.meta.url))
const program = inProject("packages/service/src/cli/bin.ts")
const exported = inProject("packages/slurm-adapter/fixtures/22.05-debian/settled/sacct/all.epoch.noconvert.us.txt")

let folder: string
let line: CommandLine

const hpcBilling = (...words: readonly string[]): Promise<Outcome> => line.run(words)

/** A process of its own, as a shell starts it. */
const inProcess = (...words: readonly string[]): Promise<Outcome> =>
  new Promise((resolve) => {
    const { DATABASE_URL: _, ...env } = process.env
    execFile(process.execPath, ["--conditions=@hpc-billing/source", program, ...words], { cwd: folder, env }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : (error.code as unknown as number), stdout, stderr })
    })
  })

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hpc-billing-cli-"))
  await cp(inProject("examples/month-end/sites/ci"), join(folder, "site"), { recursive: true })
  line = await openCommandLine(folder)
})

afterAll(async () => {
  await line.close()
  await rm(folder, { recursive: true, force: true })
})

const place = async (name: string, text: string): Promise<string> => {
  await writeFile(join(folder, name), text)
  return join(folder, name)
}

const editedRates = async (edit: (text: string) => string): Promise<string> => {
  const text = await readFile(join(folder, "site/rates.yaml"), "utf8")
  const edited = edit(text)
  expect(edited).not.toBe(text)
  return place("edited.yaml", edited)
}

describe("as a process", () => {
  it("helps, refuses what it does not know, starts nothing without keys, and finds what another process stored", async () => {
    const [help, unknown, keyless] = await Promise.all([inProcess("--help"), inProcess("bil"), inProcess("rate", "--month", "2026-10")])
    expect(help).toMatchObject({ code: 0, stdout: expect.stringContaining("USAGE") })
    expect(unknown).toMatchObject({ code: 2 })
    expect(keyless).toMatchObject({ code: 2, stderr: expect.stringContaining("hpc-billing keys create") })
    expect(existsSync(join(folder, "data"))).toBe(false)

    const places = ["--keys", "own-keys"]
    expect(JSON.parse((await inProcess("keys", "create", "--json", ...places)).stdout)).toMatchObject({ tenant: "ci", made: true })
    const first = await inProcess("ingest", exported, "--json", ...places)
    expect(JSON.parse(first.stdout)).toMatchObject({ read: 102, accepted: 102, known: 0, rejected: 0 })
    expect(first.stderr).toContain("Set DATABASE_URL to use PostgreSQL")
    expect(JSON.parse((await inProcess("ingest", exported, "--json", ...places)).stdout)).toMatchObject({ accepted: 0, known: 102 })
  })
})

describe("rates check", () => {
  it("passes the sample", async () => {
    expect(await hpcBilling("rates", "check", join(folder, "site/rates.yaml"))).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("good (4 cards"),
    })
  })

  it.each<readonly [string, (text: string) => string, RegExp]>([
    [
      "a misspelt field",
      (text) => text.replace("effectiveUntil: null", "effectiveUntill: null"),
      /edited\.yaml:\d+:\d+: .*effectiveUntill.*effectiveUntil/,
    ],
    [
      "overlapping dates",
      (text) => text.replace('effectiveUntil: "2026-10-16"', 'effectiveUntil: "2026-10-20"'),
      /edited\.yaml:\d+:\d+: .*(overlap|same days|both|in force)/i,
    ],
    ["a negative price", (text) => text.replace('price: "9.25"', 'price: "-9.25"'), /edited\.yaml:\d+:\d+: .*-9\.25/],
    ["a tab in the indent", (text) => text.replace("    version: 1", "\tversion: 1"), /edited\.yaml:\d+:\d+: /],
  ])("names the place of %s", async (_, edit, expected) => {
    const outcome = await hpcBilling("rates", "check", await editedRates(edit))
    expect(outcome.code).toBe(2)
    expect(outcome.stderr).toMatch(expected)
  })

  it("names a file that is not there", async () => {
    expect(await hpcBilling("rates", "check", join(folder, "none.yaml"))).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("none.yaml: no such file"),
    })
  })
})

describe("command line", () => {
  it.each(["--help", "bill --help", "journal preview --help", "verify --help"])("%s helps", async (line) => {
    expect(await hpcBilling(...line.split(" "))).toMatchObject({ code: 0, stdout: expect.stringContaining("USAGE") })
  })

  it.each(["bil", "bill", "rate --moth 2026-10"])("%s is refused with exit code 2", async (line) => {
    expect(await hpcBilling(...line.split(" "))).toMatchObject({ code: 2 })
  })
})

describe("a month from the command line", () => {
  beforeAll(async () => {
    expect(await hpcBilling("keys", "create", "--dry-run")).toMatchObject({ code: 0, stdout: expect.stringContaining("would be made") })
    expect(existsSync(join(folder, "keys"))).toBe(false)
    expect(await hpcBilling("keys", "create")).toMatchObject({ code: 0 })
    expect(await hpcBilling("rates", "publish")).toMatchObject({ code: 0 })
  })

  it.each<readonly [string, (text: string) => string, RegExp]>([
    ["an empty file", () => "", /odd\.psv: it is empty/],
    ["a changed header", (text) => text.replace("JobIDRaw", "JobIdentity"), /odd\.psv: line 1 lacks the column JobIDRaw/],
    ["no header", (text) => text.slice(text.indexOf("\n") + 1), /odd\.psv: line 1 names no columns/],
  ])("refuses %s", async (_, edit, expected) => {
    const outcome = await hpcBilling("ingest", await place("odd.psv", edit(await readFile(exported, "utf8"))))
    expect(outcome.code).toBe(1)
    expect(outcome.stderr).toMatch(expected)
  })

  it("reads a truncated file up to where it was cut, and keeps the rest as a rejection with its line", async () => {
    const text = await readFile(exported, "utf8")
    const outcome = await hpcBilling("ingest", await place("cut.psv", text.slice(0, text.length - 400)), "--dry-run", "--json")
    const summary = JSON.parse(outcome.stdout)
    expect(summary).toMatchObject({ accepted: 0, rejected: 1 })
    expect(summary.rejections[0].first).toMatchObject({ source: join(folder, "cut.psv"), lineNumber: expect.any(Number) })
  })

  it("stored nothing of these; walks the month, Thai names and | included, and says what is done already", async () => {
    const first = await hpcBilling("ingest", exported, "--json")
    expect(JSON.parse(first.stdout)).toMatchObject({ read: 102, accepted: 102, known: 0, rejected: 0 })
    expect(JSON.parse((await hpcBilling("ingest", exported, "--json")).stdout)).toMatchObject({ read: 102, accepted: 0, known: 102 })

    expect(await hpcBilling("close", "--month", "2026-10")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('run "hpc-billing bill --month 2026-10" first'),
    })
    expect(await hpcBilling("export", "--month", "2026-10")).toMatchObject({ code: 1, stderr: expect.stringContaining("is not closed") })
    const draft = JSON.parse((await hpcBilling("bill", "--month", "2026-10", "--dry-run", "--json")).stdout)
    expect(draft.receipts.map(({ status }: { status: { kind: string } }) => status.kind)).toEqual(["draft", "draft", "draft"])
    const billed = JSON.parse((await hpcBilling("bill", "--month", "2026-10", "--json")).stdout)
    expect(billed.receipts.map(({ grossMinor }: { grossMinor: string }) => grossMinor)).toEqual(
      draft.receipts.map(({ grossMinor }: { grossMinor: string }) => grossMinor),
    )
    expect(await hpcBilling("bill", "--month", "2026-10")).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("Nothing left to bill"),
    })
    const preview = JSON.parse((await hpcBilling("journal", "preview", "--month", "2026-10", "--json")).stdout)
    const posted = JSON.parse((await hpcBilling("journal", "post", "--month", "2026-10", "--json")).stdout)
    expect(posted).toEqual({ postedCount: preview.entries.length, journalSha256: preview.journalSha256 })
    expect(await hpcBilling("close", "--month", "2026-10")).toMatchObject({ code: 0 })
    expect(await hpcBilling("bill", "--month", "2026-10")).toMatchObject({ code: 1, stderr: expect.stringContaining("2026-10 is closed") })

    expect(await hpcBilling("export", "--month", "2026-10", "--out", join(folder, "site/site.yaml"))).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/site\/site\.yaml\/ci-2026-10-1: the export cannot be written there .* Nothing was written/),
    })
    expect(await hpcBilling("export", "--month", "2026-10", "--out", join(folder, "out"))).toMatchObject({ code: 0 })
    expect(await hpcBilling("verify", join(folder, "out/ci-2026-10-1"))).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("verified"),
    })
    expect(await hpcBilling("verify", join(folder, "out/ci-2026-10-1"), "--no-keys")).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("not proven"),
    })
    const { number } = billed.receipts[0].status
    const verifiesReceipt = (...more: readonly string[]) =>
      hpcBilling("verify", join(folder, "out/ci-2026-10-1"), "--receipt", number, ...more)
    expect(await verifiesReceipt()).toMatchObject({ code: 0, stdout: expect.stringMatching(/: same, \d+ lines computed again/) })
    const receiptFile = join(folder, `out/ci-2026-10-1/receipts/${number}.json`)
    const receiptText = await readFile(receiptFile, "utf8")
    await writeFile(receiptFile, receiptText.replace(/"user":"(?=[^"])/, '"user":"x'))
    expect(await verifiesReceipt()).toMatchObject({
      code: 3,
      stdout: expect.stringMatching(/: line \S+ differs in user: "x\w+" stands, "\w+" comes out\./),
    })
    await writeFile(receiptFile, receiptText)
    expect(await hpcBilling("verify")).toMatchObject({ code: 0, stdout: expect.stringContaining("The books of ci: verified") })
    await writeFile(join(folder, "out/ci-2026-10-1/pub.pem"), "")
    expect(await hpcBilling("verify", join(folder, "out/ci-2026-10-1"))).toMatchObject({
      code: 3,
      stdout: expect.stringContaining("pub.pem"),
    })
    expect((await readdir(join(folder, "out"))).filter((name) => name.includes("writing"))).toEqual([])

    expect(await hpcBilling("explain", "500005")).toMatchObject({ code: 0, stdout: expect.stringContaining("Total: 10 THB") })
    expect(await hpcBilling("explain", "500005", "--language", "th")).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("บัญชี chem"),
    })
    expect(await hpcBilling("explain", "77")).toMatchObject({ code: 1, stderr: expect.stringContaining("No job 77 on ci") })
  })

  it.each([["2026-13"], ["October"], ["2026-1"]])("refuses the month %s", async (month) => {
    expect(await hpcBilling("rate", "--month", month)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`"${month}" is not a month`),
    })
  })
})
