/**
 * 10 000 000 jobs from Parquet, rated with three tiers, a project's override, a price change and the month's cut, summed per account: our
 * column loops, exact, beside DuckDB's DOUBLE query of the same on two threads, each in a process of its own, and the exact sum in
 * DuckDB's HUGEINT as referee. `node --conditions=@hpc-billing/source packages/core/bench/parquet.ts [jobs]`
 */
import { execFileSync } from "node:child_process"
import { existsSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { DuckDBInstance } from "@duckdb/node-api"
import { compareDecimals, type Decimal, monthWindow, rescaleExact, resolveRate } from "@hpc-billing/core"
import { ratesOf, sampleBook } from "../fixtures/makeUsage.ts"

const month = monthWindow("2026-04", "Asia/Bangkok")
const changeSeconds = Date.parse("2026-04-16T00:00:00+07:00") / 1_000
const accountsCount = 300
const tiers = ["MU", "Gov", "Private"] as const
const overrideAccount = 7
/** Prices in hundredths of THB and factors in tenths: amounts below are in 10^-9 THB. */
const amountScale = 9

const [mode, file, jobsText] = process.argv.slice(2)
const jobs = Number(mode !== undefined && /^\d+$/.test(mode) ? mode : (jobsText ?? 10_000_000))

const connect = async (threads: number, memory: string) =>
  (await DuckDBInstance.create(":memory:", { threads: String(threads), memory_limit: memory })).connect()

const makeSql = (path: string): string => `COPY (
  SELECT (${month.startSeconds - 10 * 86_400} + (i * 7919) % (35 * 86400))::INTEGER AS start_s, ((i * 2654435761) % 900000)::INTEGER AS seconds,
    (1 + i % 64)::INTEGER AS cpu, (256 * (1 + i % 777))::INTEGER AS mem, (CASE WHEN i % 5 = 0 THEN 1 + i % 4 ELSE 0 END)::INTEGER AS gpu,
    (hash(i) % ${accountsCount})::INTEGER AS account
  FROM range(${jobs}) t(i)) TO '${path}' (FORMAT parquet, ROW_GROUP_SIZE 122880)`

const pricesSql =
  "(VALUES (0, 90, 100, 1125, 1250, 45, 50), (1, 270, 300, 2250, 2500, 90, 100), (2, 450, 500, 22500, 25000, 180, 200)) p(tier, cpu1, cpu2, gpu1, gpu2, mem1, mem2)"

const partsSql = (
  path: string,
): string => `(SELECT *, start_s + seconds AS end_s, greatest(start_s, ${month.startSeconds}) AS s1, least(start_s + seconds, ${changeSeconds}) AS e1,
  greatest(start_s, ${changeSeconds}) AS s2, least(start_s + seconds, ${month.endSeconds}) AS e2, account % 3 AS tier,
  (CASE WHEN account = ${overrideAccount} THEN 8 ELSE 10 END) AS factor FROM '${path}')`

const doubleSql = (path: string): string => {
  const hours = (count: string, from: string, until: string, per: number): string =>
    `(CASE WHEN ${until} > ${from} THEN ${count} * (${until} - ${from}) / ${per}.0::DOUBLE ELSE 0 END)`
  const part = (from: string, until: string, n: number): string =>
    `${hours("cpu::DOUBLE", from, until, 3_600)} * cpu${n} / 100.0::DOUBLE + ${hours("gpu::DOUBLE", from, until, 3_600)} * gpu${n} / 100.0::DOUBLE + ${hours("mem::DOUBLE", from, until, 3_686_400)} * mem${n} / 100.0::DOUBLE`
  return `SELECT account, sum((${part("s1", "e1", 1)} + ${part("s2", "e2", 2)}) * factor / 10.0::DOUBLE) AS amount FROM ${partsSql(path)} JOIN ${pricesSql} USING (tier) GROUP BY account ORDER BY account`
}

const exactSql = (path: string): string => {
  const q = (count: string, until: string, per: number): string =>
    `((2::HUGEINT * ${count} * (${until} - start_s) * 1000000 + ${per}) // ${2 * per})`
  const between = (count: string, from: string, until: string, per: number): string =>
    `(CASE WHEN ${until} > ${from} THEN ${q(count, until, per)} - ${q(count, from, per)} ELSE 0 END)`
  const part = (from: string, until: string, n: number): string =>
    `${between("cpu", from, until, 3_600)} * cpu${n} + ${between("gpu", from, until, 3_600)} * gpu${n} + ${between("mem", from, until, 3_686_400)} * mem${n}`
  return `SELECT account, sum(factor::HUGEINT * (${part("s1", "e1", 1)} + ${part("s2", "e2", 2)}))::VARCHAR AS amount FROM ${partsSql(path)} JOIN ${pricesSql} USING (tier) GROUP BY account ORDER BY account`
}

const report = (milliseconds: number, amounts: readonly string[]): void => {
  console.log(JSON.stringify({ milliseconds, peakMebibytes: Math.round(process.resourceUsage().maxRSS / 1_024), amounts }))
}

/** Prices of each account and half of the month, from the rate book by the engine's own resolution. */
const unitPrices = (): readonly (readonly [cpu: bigint, gpu: bigint, mem: bigint])[][] => {
  const override = { user: null, effectiveFrom: "2020-01-01", effectiveUntil: null, author: "a", reason: "r" }
  const rates = ratesOf(sampleBook({ overrides: [{ ...override, id: "o", account: `a${overrideAccount}`, factor: "0.8" }] }))
  return Array.from({ length: accountsCount }, (_, account) =>
    [month.startSeconds, changeSeconds].map((atSeconds): readonly [bigint, bigint, bigint] => {
      const subject = {
        cluster: "ci",
        account: `a${account}`,
        user: "u",
        partition: "cpu",
        qos: "normal",
        payerId: "p",
        payerTier: tiers[account % 3] ?? null,
      }
      const rate = resolveRate(rates, subject, atSeconds)
      const price = (sku: string): bigint => {
        const found = rate?.meters.find(({ prepared }) => prepared.meter.sku === sku)?.unitPrice as Decimal
        return rescaleExact(found, amountScale - 6).units
      }
      return [price("cpu"), price("gpu-a100"), price("mem")]
    }),
  )
}

/** Millionths of an hour, half up: exact, as twice the product and the divisor stay below 2^53. */
const coreUnits = (product: number): number => Math.floor((5_000 * product + 9) / 18)
const memUnits = (product: number): number => Math.floor((31_250 * product + 115_200 / 2) / 115_200)

const kinds = 6
const { startSeconds: monthStart, endSeconds: monthEnd } = month

/** Adds the quantities of a chunk of jobs to the open sums, by account, half of the month and resource. */
const rateChunk = (columns: readonly Int32Array[], count: number, open: Float64Array): void => {
  const [starts, lengths, cpus, mems, gpus, accounts] = columns as [Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array]
  for (let row = 0; row < count; row += 1) {
    const start = starts[row] as number
    const end = start + (lengths[row] as number)
    const slot = (accounts[row] as number) * kinds
    if (start < changeSeconds && end > monthStart) {
      addPart(
        open,
        slot,
        cpus[row] as number,
        gpus[row] as number,
        mems[row] as number,
        start > monthStart ? 0 : monthStart - start,
        (end < changeSeconds ? end : changeSeconds) - start,
      )
    }
    if (end > changeSeconds && start < monthEnd) {
      addPart(
        open,
        slot + 3,
        cpus[row] as number,
        gpus[row] as number,
        mems[row] as number,
        start > changeSeconds ? 0 : changeSeconds - start,
        (end < monthEnd ? end : monthEnd) - start,
      )
    }
  }
}

/** Quantities are differences of what was counted from the start of the job; from the start itself nothing is taken off. */
const addPart = (open: Float64Array, slot: number, cpu: number, gpu: number, mem: number, from: number, until: number): void => {
  open[slot] = (open[slot] as number) + coreUnits(cpu * until) - (from === 0 ? 0 : coreUnits(cpu * from))
  if (gpu !== 0) open[slot + 1] = (open[slot + 1] as number) + coreUnits(gpu * until) - (from === 0 ? 0 : coreUnits(gpu * from))
  open[slot + 2] = (open[slot + 2] as number) + memUnits(mem * until) - (from === 0 ? 0 : memUnits(mem * from))
}

const ours = async (path: string): Promise<void> => {
  const before = performance.now()
  const connection = await connect(1, "32MB")
  const prices = unitPrices()
  const open = new Float64Array(accountsCount * kinds)
  const sums: bigint[] = new Array(accountsCount * kinds).fill(0n)
  const settle = (): void => {
    for (let index = 0; index < open.length; index += 1) {
      sums[index] = (sums[index] as bigint) + BigInt(open[index] as number)
      open[index] = 0
    }
  }
  const rows = await connection.stream(`SELECT start_s, seconds, cpu, mem, gpu, account FROM '${path}'`)
  let chunks = 0
  // the next chunk is read while this one is rated
  let coming = rows.fetchChunk()
  for (let chunk = await coming; chunk !== null && chunk.rowCount > 0; chunk = await coming) {
    coming = rows.fetchChunk()
    const read = chunk
    const column = (index: number): Int32Array => (read.getColumnVector(index) as unknown as { readonly items: Int32Array }).items
    rateChunk([0, 1, 2, 3, 4, 5].map(column), chunk.rowCount, open)
    chunks += 1
    if (chunks % 400 === 0) {
      settle()
      // chunks live outside the heap, where they press for no collection by themselves
      globalThis.gc?.()
    }
  }
  settle()
  const amounts = prices.map((halves, account) =>
    String(
      halves.reduce((sum, [cpu, gpu, mem], half) => {
        const slot = account * kinds + half * 3
        return sum + (sums[slot] as bigint) * cpu + (sums[slot + 1] as bigint) * gpu + (sums[slot + 2] as bigint) * mem
      }, 0n),
    ),
  )
  report(performance.now() - before, amounts)
}

const byDuckDb = async (path: string, sql: (path: string) => string): Promise<void> => {
  const before = performance.now()
  const connection = await connect(2, "1GB")
  const rows = (await connection.runAndReadAll(sql(path))).getRows()
  report(
    performance.now() - before,
    rows.map(([, amount]) => String(amount)),
  )
}

if (mode === "ours" && file !== undefined) await ours(file)
else if (mode === "double" && file !== undefined) await byDuckDb(file, doubleSql)
else if (mode === "exact" && file !== undefined) await byDuckDb(file, exactSql)
else {
  const folder = mkdtempSync(join(tmpdir(), "hpc-billing-bench-"))
  const path = join(folder, "jobs.parquet")
  try {
    await (await connect(2, "1GB")).run(makeSql(path))
    if (!existsSync(path)) throw new Error("DuckDB wrote no Parquet file")
    const run = (name: string): { readonly milliseconds: number; readonly peakMebibytes: number; readonly amounts: readonly string[] } =>
      JSON.parse(
        execFileSync(process.execPath, ["--expose-gc", "--conditions=@hpc-billing/source", fileURLToPath(import.meta.url), name, path], {
          encoding: "utf8",
          maxBuffer: 1 << 26,
        }),
      )
    const runs = [1, 2, 3].map(() => ({ double: run("double"), own: run("ours") }))
    const fastest = (results: readonly ReturnType<typeof run>[]): ReturnType<typeof run> =>
      results.reduce((best, next) => (next.milliseconds < best.milliseconds ? next : best))
    const double = fastest(runs.map((each) => each.double))
    const own = fastest(runs.map((each) => each.own))
    const exact = run("exact")
    const wrongExact = own.amounts.filter(
      (amount, index) =>
        compareDecimals({ units: BigInt(amount), scale: amountScale }, { units: BigInt(exact.amounts[index] ?? 0), scale: amountScale }) !==
        0,
    ).length
    const minor = (units: bigint): bigint => (2n * units + 10n ** 7n) / (2n * 10n ** 7n)
    const wrongMinor = double.amounts.filter(
      (amount, index) => BigInt(Math.round(Number(amount) * 100)) !== minor(BigInt(exact.amounts[index] ?? 0)),
    ).length
    console.log(
      `${jobs} jobs, ${accountsCount} accounts, three tiers, an override, a price change and a month's cut; best of 3, start of the process included`,
    )
    console.log(
      `DuckDB, DOUBLE, 2 threads    ${(double.milliseconds / 1_000).toFixed(2)} s  peak ${double.peakMebibytes} MiB  ${wrongMinor} of ${accountsCount} accounts wrong by a minor unit or more`,
    )
    console.log(
      `ours, exact, columns         ${(own.milliseconds / 1_000).toFixed(2)} s  peak ${own.peakMebibytes} MiB  ${wrongExact} of ${accountsCount} accounts differ from the exact sum`,
    )
    console.log(`DuckDB, HUGEINT, exact       ${(exact.milliseconds / 1_000).toFixed(2)} s  peak ${exact.peakMebibytes} MiB  (referee)`)
    console.log(`ratio ours / DuckDB DOUBLE   ${(own.milliseconds / double.milliseconds).toFixed(2)}`)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
