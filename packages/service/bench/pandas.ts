/**
 * The whole way from sacct's text to amounts, ours beside pandas': 100 000 generated jobs with their batch steps, each side in a process
 * of its own, in the same run. Needs python3 with pandas (Debian's python3-pandas). Prints seconds and peak memory with their ratios.
 */
import { execFileSync } from "node:child_process"
import { createHash } from "node:crypto"
import { createReadStream, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { loadavg, tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import {
  addMonths,
  checkRateBook,
  type JobRecord,
  monthWindow,
  normalise,
  type Payers,
  preparePayers,
  prepareRates,
  type RateBook,
  type RatedLine,
  rateUsage,
} from "@hpc-billing/core"
import { decodeSacctChunks } from "@hpc-billing/slurm-adapter"
import { Result } from "effect"
import { generatedPayers, generateSacct } from "../../../examples/month-end/src/generate/index.ts"

const jobs = 100_000
const rounds = 3
const cluster = "generated-bench"
const zone = "Asia/Bangkok"
const firstMonth = "2026-06"
const months = Array.from({ length: 3 }, (_, index) => addMonths(firstMonth, index))
const windows = Array.from({ length: 12 }, (_, index) => monthWindow(addMonths(firstMonth, index), zone))
const asOfSeconds = monthWindow("2027-01", zone).startSeconds
const python = "/usr/bin/python3"

interface Outcome {
  readonly rows: number
  /** In baht, by account. */
  readonly amounts: Readonly<Record<string, number>>
  readonly seconds: number
  /** Of the whole process, start-up included; all threads. */
  readonly cpuSeconds: number
  readonly peakMebibytes: number
}

const rateBook = (): RateBook => {
  const file = new URL("../../core/fixtures/sample-rate-book.json", import.meta.url)
  return Result.getOrThrow(checkRateBook(JSON.parse(readFileSync(file, "utf8"))))
}

/** Every account wholly its payer's, as a notebook would have it. */
const payersOf = (): Payers => {
  const { payers, accounts } = generatedPayers(cluster)
  const mappings = accounts.map(({ account, payerId }) => ({
    cluster,
    account,
    user: null,
    payerId,
    effectiveFrom: "2020-01-01",
    effectiveUntil: null,
  }))
  return Result.getOrThrow(preparePayers(payers, mappings, zone))
}

/** Sums of decimals without rounding: one total for each scale. */
const sumInto = (totals: Map<string, bigint[]>, { account, amount }: RatedLine): void => {
  let byScale = totals.get(account)
  if (byScale === undefined) {
    byScale = []
    totals.set(account, byScale)
  }
  byScale[amount.scale] = (byScale[amount.scale] ?? 0n) + amount.units
}

const ours = async (path: string): Promise<Outcome> => {
  const started = performance.now()
  const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex")
  const context = { rates: prepareRates(rateBook(), sha256), payers: payersOf(), windows }
  const totals = new Map<string, bigint[]>()
  let rows = 0
  const rateAll = (records: readonly JobRecord[]): void => {
    rows += records.length
    for (const usage of normalise(records, { asOfSeconds }).usages) {
      if (usage.provisional) continue
      for (const line of rateUsage(usage, context)) sumInto(totals, line)
    }
  }
  // records of one job stand together in the file: those of the last one wait for the next batch
  let held: JobRecord[] = []
  for await (const batch of decodeSacctChunks(createReadStream(path, { highWaterMark: 262_144 }), { source: path })) {
    for (const decoded of batch) {
      if (decoded._tag === "Rejection") throw new Error(decoded.rejection.reason)
      held.push(decoded.record)
    }
    const last = held.at(-1)?.jobId
    let ready = held.length
    while (ready > 0 && held[ready - 1]?.jobId === last) ready -= 1
    rateAll(held.slice(0, ready))
    held = held.slice(ready)
  }
  rateAll(held)
  const amounts: Record<string, number> = {}
  for (const [account, byScale] of totals) {
    amounts[account] = byScale.reduce((sum, units, scale) => sum + Number(units) / 10 ** scale, 0)
  }
  const seconds = (performance.now() - started) / 1000
  const { user, system } = process.cpuUsage()
  return { rows, amounts, seconds, cpuSeconds: (user + system) / 1e6, peakMebibytes: process.resourceUsage().maxRSS / 1024 }
}

/** The latest prices by tier, as plain numbers. */
const flatPrices = (book: RateBook): unknown => {
  const { payers, accounts } = generatedPayers(cluster)
  const tierOf = new Map(payers.map(({ id, tier }) => [id, tier]))
  const latest = new Map(book.cards.map((card) => [card.tier as string, card]))
  const [any] = latest.values()
  return {
    states: any?.charged?.states,
    tiers: Object.fromEntries(accounts.map(({ account, payerId }) => [account, tierOf.get(payerId)])),
    factors: Object.fromEntries((any?.factors ?? []).map((factor) => [factor.name, Number(factor.factor)])),
    prices: Object.fromEntries(
      [...latest].map(([tier, card]) => [tier, Object.fromEntries(card.meters.map((meter) => [meter.sku, Number(meter.price)]))]),
    ),
  }
}

const run = (command: string, args: readonly string[]): Outcome & { readonly wallSeconds: number } => {
  const started = performance.now()
  const output = execFileSync(command, args, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"], timeout: 120_000 })
  return { ...(JSON.parse(output) as Outcome), wallSeconds: (performance.now() - started) / 1000 }
}

const assertSame = (left: Outcome, right: Outcome): void => {
  for (const account of new Set([...Object.keys(left.amounts), ...Object.keys(right.amounts)])) {
    const [a = 0, b = 0] = [left.amounts[account], right.amounts[account]]
    if (Math.abs(a - b) > 1e-6 * Math.max(1, Math.abs(b))) throw new Error(`${account}: ours ${a}, pandas ${b}`)
  }
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number

const hasPandas = (): boolean => {
  try {
    execFileSync(python, ["-c", "import pandas"], { stdio: "ignore" })
    return true
  } catch {
    return false
  }
}

const compare = (): void => {
  if (!hasPandas()) throw new Error(`${python} has no pandas: install python3-pandas to compare with it`)
  const folder = mkdtempSync(join(tmpdir(), "hpc-billing-bench-"))
  try {
    const path = join(folder, "sacct.txt")
    const prices = join(folder, "prices.json")
    writeFileSync(path, [...generateSacct({ seed: 1, months, zone, jobs, cluster, steps: true })].join(""))
    writeFileSync(prices, JSON.stringify(flatPrices(rateBook())))
    const self = fileURLToPath(import.meta.url)
    const sides = { ours: [] as (Outcome & { wallSeconds: number })[], pandas: [] as (Outcome & { wallSeconds: number })[] }
    for (let round = 0; round < rounds; round += 1) {
      sides.ours.push(run(process.execPath, ["--conditions=@hpc-billing/source", self, "ours", path]))
      sides.pandas.push(run(python, [self.replace("pandas.ts", "pandas_equivalent.py"), path, prices]))
    }
    assertSame(sides.ours[0] as Outcome, sides.pandas[0] as Outcome)
    console.log(
      `${jobs} jobs, ${sides.pandas[0]?.rows} rows of sacct output, ${(statSync(path).size / 1e6).toFixed(1)} MB; medians of ${rounds}, same amounts; load ${(loadavg()[0] as number).toFixed(1)}`,
    )
    const row = (name: string, outcomes: readonly (Outcome & { wallSeconds: number })[]): readonly number[] => {
      const values = [
        median(outcomes.map(({ wallSeconds }) => wallSeconds)),
        median(outcomes.map(({ seconds }) => seconds)),
        median(outcomes.map(({ cpuSeconds }) => cpuSeconds)),
        median(outcomes.map(({ peakMebibytes }) => peakMebibytes)),
      ]
      const [wall = 0, work = 0, cpu = 0, peak = 0] = values
      console.log(
        `${name.padEnd(8)} ${wall.toFixed(2)} s with start-up, ${work.toFixed(2)} s of work, ${cpu.toFixed(2)} s of processor, ${peak.toFixed(0)} MiB peak`,
      )
      return values
    }
    const our = row("ours", sides.ours)
    const theirs = row("pandas", sides.pandas)
    const [wall, work, cpu, peak] = our.map((value, index) => ((theirs[index] as number) / value).toFixed(1))
    console.log(`ratio    ${wall} x with start-up, ${work} x of work, ${cpu} x of processor, ${peak} x memory`)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

if (process.argv[2] === "ours") console.log(JSON.stringify(await ours(process.argv[3] as string)))
else compare()
