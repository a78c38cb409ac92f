import { DuckDBInstance } from "@duckdb/node-api"
import { expect, it } from "vitest"
import { mappingWith, payersOf, payerWith, ratesOf, recordWith, sampleBook } from "../../fixtures/makeUsage.ts"
import { rescaleExact } from "../money/Decimal.ts"
import { divide } from "../money/divide.ts"
import { monthWindow } from "../time/Month.ts"
import type { Usage } from "../usage/Usage.ts"
import { rateUsage } from "./rateUsage.ts"

/**
 * The sample book as SQL over exact integers: three tiers, a price change in mid-month, the month's cut, a project's override of 20 %,
 * a QOS factor, quantities in millionths of an hour by cumulative difference, half up. Amounts in 10^-10 THB.
 */
const jobsMaximum = 1_000_000
const zone = "Asia/Bangkok"
const month = monthWindow("2026-04", zone)
const change = Date.parse("2026-04-16T00:00:00+07:00") / 1000

const jobsSql = `
  SELECT i AS id,
    ${month.startSeconds - 10 * 86_400} + (i * 7919) % (35 * 86400) AS start_s,
    ${month.startSeconds - 10 * 86_400} + (i * 7919) % (35 * 86400) + (i * 2654435761) % 900000 AS end_s,
    (1 + i % 64)::BIGINT AS cpu,
    (256 * (1 + i % 777))::BIGINT AS mem,
    (CASE WHEN i % 5 = 0 THEN 1 + i % 4 ELSE 0 END)::BIGINT AS a100,
    (i % 30)::INTEGER AS account,
    (CASE WHEN i % 11 = 0 THEN 'high' ELSE 'normal' END) AS qos
  FROM range(${jobsMaximum}) t(i)`

const q = (count: string, until: string, denominator: number): string =>
  `((2::HUGEINT * ${count} * (${until} - start_s) * 1000000 + ${denominator}) // ${2 * denominator})`

const between = (count: string, from: string, until: string, denominator: number): string =>
  `(CASE WHEN ${until} > ${from} THEN ${q(count, until, denominator)} - ${q(count, from, denominator)} ELSE 0 END)`

const oracleSql = `
  WITH jobs AS (${jobsSql}),
  parts AS (
    SELECT *, greatest(start_s, ${month.startSeconds}) AS s1, least(end_s, ${change}) AS e1,
      greatest(start_s, ${change}) AS s2, least(end_s, ${month.endSeconds}) AS e2,
      account % 3 AS tier,
      (CASE WHEN qos = 'high' THEN 15 ELSE 10 END) * (CASE WHEN account = 7 THEN 8 ELSE 10 END) AS factor
    FROM jobs),
  prices(tier, cpu1, cpu2, gpu1, gpu2, mem1, mem2) AS (VALUES (0, 90, 100, 1125, 1250, 45, 50), (1, 270, 300, 2250, 2500, 90, 100), (2, 450, 500, 22500, 25000, 180, 200))
  SELECT account, sum(factor::HUGEINT * (
      ${between("cpu", "s1", "e1", 3_600)} * cpu1 + ${between("cpu", "s2", "e2", 3_600)} * cpu2
    + ${between("a100", "s1", "e1", 3_600)} * gpu1 + ${between("a100", "s2", "e2", 3_600)} * gpu2
    + ${between("mem", "s1", "e1", 3_686_400)} * mem1 + ${between("mem", "s2", "e2", 3_686_400)} * mem2))::VARCHAR AS amount
  FROM parts JOIN prices USING (tier) GROUP BY account ORDER BY account`

it("agrees with exact SQL to the last decimal, per payer, over 1 000 000 jobs", async () => {
  const database = await DuckDBInstance.create(":memory:", { threads: "2" })
  const connection = await database.connect()
  const accounts = Array.from({ length: 30 }, (_, index) => index)
  const tiers = ["MU", "Gov", "Private"]
  const payers = payersOf(
    accounts.map((account) => payerWith(`payer-${account}`, tiers[account % 3] ?? "")),
    accounts.map((account) => mappingWith({ account: `a${account}`, payerId: `payer-${account}` })),
  )
  const override = { user: null, effectiveFrom: "2020-01-01", effectiveUntil: null, author: "a", reason: "r" }
  const rates = ratesOf(sampleBook({ overrides: [{ ...override, id: "seven", account: "a7", factor: "0.8" }] }))
  const context = { rates, payers, windows: [month] }
  const scale = 10
  const sums = new Map<string, bigint>()
  const template = recordWith()
  const rows = await connection.stream(jobsSql)
  for (let chunk = await rows.fetchChunk(); chunk !== null && chunk.rowCount > 0; chunk = await rows.fetchChunk()) {
    const columns = chunk.getColumns() as [bigint[], bigint[], bigint[], bigint[], bigint[], bigint[], number[], string[]]
    for (let row = 0; row < chunk.rowCount; row += 1) {
      const [startSeconds, endSeconds] = [Number(columns[1][row]), Number(columns[2][row])]
      const usage: Usage = {
        id: String(columns[0][row]),
        record: { ...template, account: `a${columns[6][row]}`, qos: columns[7][row] as string, startSeconds, endSeconds },
        startSeconds,
        endSeconds,
        perSecond: { wall: 1n, cpu: columns[3][row] as bigint, mem: columns[4][row] as bigint, "gres/gpu:a100": columns[5][row] as bigint },
        suspension: { kind: "none" },
        energyJoules: null,
        provisional: false,
        flags: [],
      }
      for (const line of rateUsage(usage, context))
        sums.set(line.payerId, (sums.get(line.payerId) ?? 0n) + rescaleExact(line.amount, scale).units)
    }
  }
  const oracle = (await connection.runAndReadAll(oracleSql)).getRows() as [number, string][]
  connection.closeSync()
  expect(oracle).toHaveLength(30)
  for (const [account, amount] of oracle) {
    const ours = sums.get(`payer-${account}`) ?? 0n
    expect(ours, `payer-${account}`).toBe(BigInt(amount))
    expect(divide(ours, 10n ** BigInt(scale - 2), "half-up")).toBe(divide(BigInt(amount), 10n ** BigInt(scale - 2), "half-up"))
  }
})
