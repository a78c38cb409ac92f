import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join, relative } from "node:path"
import { type Receipt, receiptFromJson } from "@hpc-billing/core"
import { readAuditorKeys, verifyFolder } from "@hpc-billing/service"
import { Effect, Result } from "effect"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { runMonthEnd, type SiteResult } from "./runMonthEnd.ts"
import type { DemoSite } from "./sources.ts"

interface Run {
  readonly results: readonly SiteResult[]
  readonly printed: readonly string[]
}

/** The promises of a month end, held against any sites: run by each test that has records of its own. */
export const monthEndHolds = (name: string, sitesOf: (folder: string) => Promise<readonly DemoSite[]>): void => {
  describe(`month end of ${name}`, () => {
    let folder: string
    let sites: readonly DemoSite[]
    let first: Run

    const run = async (place: string): Promise<Run> => {
      const printed: string[] = []
      const results = await Effect.runPromise(
        runMonthEnd({
          location: { kind: "folder", folder: join(folder, place, "data") },
          keysFolder: join(folder, "keys"),
          outFolder: join(folder, place, "out"),
          sites,
          print: (line) => printed.push(line),
        }),
      )
      return { results, printed }
    }

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), "hpc-billing-month-end-"))
      sites = await sitesOf(folder)
      first = await run("first")
    }, 300_000)

    afterAll(() => rm(folder, { recursive: true, force: true }))

    const exportsOf = (place: string): Promise<ReadonlyMap<string, Buffer>> => filesBelow(join(folder, place, "out"))

    it("says how every record ended, that the books balance, and that all is verified", () => {
      const text = first.printed.join("\n")
      expect(text).toMatch(/\d+ records read = \d+ accepted \+ 0 replaced \+ 0 already known \+ \d+ rejected/)
      expect(text).toMatch(/debit = credit/)
      expect(text).toMatch(/Receivables .* = receipts /)
      expect(text.match(/files and database verified/g)).toHaveLength(sites.length)
    })

    it("I4: receipts, journal and general ledger say the same amounts, to the minor unit", async () => {
      const files = await exportsOf("first")
      for (const { month, tenant } of months(first)) {
        const receipts = [...files]
          .filter(([path]) => path.startsWith(`${tenant}-${month}-1/receipts/`) && path.endsWith(".json"))
          .map(([, bytes]) => receiptOf(bytes))
        const grossMinor = receipts.reduce((sum, receipt) => sum + receipt.grossMinor, 0n)
        const rows = csvRows(files.get(`${tenant}-${month}-1/general-ledger.csv`) as Buffer)
        const receivable = rows.filter(({ account }) => account === "1100")
        const minor = (text: string): bigint => BigInt(text.replace(".", ""))
        expect(receivable.reduce((sum, row) => sum + minor(row.debit as string) - minor(row.credit as string), 0n)).toBe(grossMinor)
        const sum = (side: string): bigint => rows.reduce((total, row) => total + minor(row[side] as string), 0n)
        expect(sum("debit")).toBe(sum("credit"))
      }
    })

    it("charges nothing twice when it runs again, and says so", async () => {
      const before = await exportsOf("first")
      const again = await run("first")
      expect(again.printed.join("\n").match(/Nothing new: no job was charged twice, no entry was posted twice/g)).toHaveLength(sites.length)
      expect(months(again).every(({ newReceipts, postedEntries }) => newReceipts === 0 && postedEntries === 0)).toBe(true)
      expect(await exportsOf("first")).toEqual(before)
    }, 300_000)

    it("gives identical bytes from identical input", async () => {
      await run("second")
      const [one, two] = [await exportsOf("first"), await exportsOf("second")]
      expect([...two.keys()]).toEqual([...one.keys()])
      for (const [path, bytes] of one) expect(bytes.equals(two.get(path) as Buffer), path).toBe(true)
    }, 300_000)

    it("names the file when one byte of any exported file is flipped, or the last line of a CSV is gone", async () => {
      const { tenant, folder: exported } = months(first)[0] as { tenant: string; folder: string }
      const auditor = await Effect.runPromise(readAuditorKeys(join(folder, "keys", tenant, "auditor.json"), tenant))
      const copy = join(folder, "tampered")
      await cp(exported, copy, { recursive: true })
      const findings = async (): Promise<string> =>
        (await Effect.runPromise(verifyFolder(copy, auditor))).findings.map(({ file, finding }) => `${file}: ${finding}`).join("\n")
      expect(await findings()).toBe("")
      for (const [path, bytes] of await filesBelow(copy)) {
        const flipped = Buffer.from(bytes)
        flipped[Math.floor(flipped.length / 2)] = (flipped[Math.floor(flipped.length / 2)] as number) ^ 1
        await writeFile(join(copy, path), flipped)
        expect(await findings(), path).toContain(path)
        if (path.endsWith(".csv")) {
          await writeFile(join(copy, path), bytes.subarray(0, bytes.lastIndexOf("\n", bytes.length - 2) + 1))
          expect(await findings()).toMatch(new RegExp(`^${path}: has \\d+ rows, the manifest says \\d+`, "m"))
        }
        await rm(join(copy, path))
        expect(await findings(), path).toContain(path)
        await writeFile(join(copy, path), bytes)
      }
    }, 300_000)
  })
}

const months = (run: Run) => run.results.flatMap(({ tenant, months: own }) => own.map((month) => ({ tenant, ...month })))

const filesBelow = async (folder: string): Promise<ReadonlyMap<string, Buffer>> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => relative(folder, join(entry.parentPath, entry.name)))
  return new Map(await Promise.all(paths.sort().map(async (path) => [path, await readFile(join(folder, path))] as const)))
}

const receiptOf = (bytes: Buffer): Receipt => Result.getOrThrow(receiptFromJson(JSON.parse(bytes.toString("utf8"))))

/** The general ledger's columns up to the amounts hold no commas. */
const csvRows = (bytes: Buffer): readonly Readonly<Record<string, string>>[] => {
  const [header = "", ...lines] = bytes.toString("utf8").trimEnd().split("\r\n")
  const names = header.split(",")
  return lines.map((line) => Object.fromEntries(line.split(",").map((cell, index) => [names[index] ?? index, cell])))
}
