/**
 * A month of 100 000 generated jobs from sacct's text to posted and closed books, on the embedded database and on PostgreSQL, each in a
 * process of its own: seconds of each stage with its share, processor seconds, and the peak memory of the process up to there (the server's not counted).
 * PostgreSQL is measured where Debian's server is installed.
 */
import { execFileSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { loadavg, tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { checkRateBook, type RateBook } from "@hpc-billing/core"
import { readSacctFile } from "@hpc-billing/slurm-adapter"
import { Effect, Redacted, Result } from "effect"
import { generatedPayers, generateSacct } from "../../../examples/month-end/src/generate/index.ts"
import { billMonth } from "../src/run/billMonth.ts"
import { closeMonth } from "../src/run/closeMonth.ts"
import { ingestSource } from "../src/run/ingestSource.ts"
import { postMonthJournal } from "../src/run/postMonthJournal.ts"
import { publishBooks } from "../src/run/publishBooks.ts"
import { rateMonth } from "../src/run/rateMonth.ts"
import type { Site } from "../src/site/Site.ts"
import { BillingStore, openStore, type StoreLocation } from "../src/store/index.ts"
import { postgresBinaries, testingChain, testingPostgres } from "../src/testing/index.ts"

const jobs = Number(process.env.BENCH_JOBS ?? 100_000)
const month = "2026-09"
const cluster = "generated-bench"
const actor = { name: "bench", requestId: "bench" }

const site: Site = {
  tenant: "bench",
  zone: "Asia/Bangkok",
  clusters: [cluster],
  issuer: {
    nameThai: "มหาวิทยาลัยตัวอย่าง",
    nameEnglish: "Example University",
    addressThai: "123 ถนนตัวอย่าง",
    addressEnglish: "123 Tua Yang Road",
    taxId: "0990000000011",
    branch: "00000",
  },
  receiptSeries: "R",
  taxPoint: "at-payment",
}

interface Stage {
  readonly name: string
  readonly what: string
  readonly seconds: number
  /** Of all threads: what other work on the machine does not change. */
  readonly cpuSeconds: number
  readonly peakMebibytes: number
}

const rateBook = (): RateBook => {
  const file = new URL("../../core/fixtures/sample-rate-book.json", import.meta.url)
  return Result.getOrThrow(checkRateBook(JSON.parse(readFileSync(file, "utf8"))))
}

const stages = (path: string, location: StoreLocation): Effect.Effect<readonly Stage[], unknown> => {
  const measured: Stage[] = []
  const stage = <A, E, R>(name: string, work: Effect.Effect<A, E, R>, what: (answer: A) => string): Effect.Effect<A, E, R> =>
    Effect.suspend(() => {
      const started = performance.now()
      const before = process.cpuUsage()
      return Effect.tap(work, (answer) =>
        Effect.sync(() => {
          const seconds = (performance.now() - started) / 1000
          const { user, system } = process.cpuUsage(before)
          const cpuSeconds = (user + system) / 1e6
          measured.push({ name, what: what(answer), seconds, cpuSeconds, peakMebibytes: process.resourceUsage().maxRSS / 1024 })
        }),
      )
    })
  const { payers, mappings } = generatedPayers(cluster)
  const run = Effect.gen(function* () {
    const store = yield* stage("open", openStore({ location, chain: testingChain }), () => "schema made")
    const work = Effect.gen(function* () {
      yield* publishBooks(site, rateBook(), { format: 1, payers, mappings }, actor)
      const { tenant, clusters } = site
      yield* stage(
        "ingest",
        ingestSource(readSacctFile(path), { tenant, clusters, source: "bench", actor }),
        ({ read }) => `${read} records`,
      )
      yield* stage("rate", rateMonth(tenant, month), ({ counts }) => `${counts.lines} lines`)
      yield* stage("bill", billMonth(tenant, month, actor), ({ receipts }) => `${receipts.length} receipts; rates again`)
      yield* stage("post", postMonthJournal(tenant, month, actor), ({ postedCount }) => `${postedCount} entries`)
      yield* stage("close", closeMonth(tenant, month, actor), () => "rates again, ties")
    })
    yield* Effect.provideService(work, BillingStore, store)
  })
  return Effect.as(Effect.scoped(run), measured)
}

const print = (title: string, measured: readonly Stage[]): void => {
  const total = measured.reduce((sum, { seconds }) => sum + seconds, 0)
  console.log(`\n${title}: ${jobs} jobs of ${month}, ${total.toFixed(1)} s in all; load ${(loadavg()[0] as number).toFixed(1)}`)
  for (const { name, what, seconds, cpuSeconds, peakMebibytes } of measured) {
    const share = `${Math.round((100 * seconds) / total)} %`
    console.log(
      `  ${name.padEnd(7)}${seconds.toFixed(2).padStart(7)} s ${share.padStart(5)}  processor ${cpuSeconds.toFixed(2).padStart(6)} s  peak ${peakMebibytes.toFixed(0).padStart(5)} MiB  ${what}`,
    )
  }
}

const measureIn = (path: string, place: string): readonly Stage[] => {
  const args = ["--conditions=@hpc-billing/source", fileURLToPath(import.meta.url), "stages", path, place]
  return JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"], timeout: 900_000 }))
}

const compare = Effect.gen(function* () {
  const folder = mkdtempSync(join(tmpdir(), "hpc-billing-bench-"))
  yield* Effect.addFinalizer(() => Effect.sync(() => rmSync(folder, { recursive: true })))
  const path = join(folder, "sacct.txt")
  writeFileSync(path, [...generateSacct({ seed: 1, months: [month], zone: site.zone, jobs, cluster })].join(""))
  print("Embedded database (PGlite, folder)", measureIn(path, join(folder, "data")))
  const [binaries] = postgresBinaries()
  if (binaries === undefined) return console.log("\nPostgreSQL: no server of Debian's is installed; not measured")
  const server = yield* testingPostgres(binaries)
  print("PostgreSQL", measureIn(path, server.url))
})

if (process.argv[2] === "stages") {
  const [path = "", place = ""] = process.argv.slice(3)
  const location: StoreLocation = place.startsWith("postgres://")
    ? { kind: "postgres", url: Redacted.make(place) }
    : { kind: "folder", folder: place }
  console.log(JSON.stringify(await Effect.runPromise(stages(path, location))))
} else await Effect.runPromise(Effect.scoped(compare))
