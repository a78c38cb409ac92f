import type { Decimal } from "@hpc-billing/core"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { forecastMonth } from "./forecastMonth.ts"
import { type CostSum, groupCosts, totalMinor } from "./groupCosts.ts"
import type { FigureLine, FigureUsage, MonthFigures } from "./MonthFigures.ts"
import { groupsShownMaximum, rankCosts } from "./rankCosts.ts"

const hours = (units: number): Decimal => ({ units: BigInt(units), scale: 2 })

const sum = (key: string, amountMinor: number): CostSum => ({
  key,
  amountMinor: BigInt(amountMinor),
  jobs: 1,
  quantities: new Map([["core-h", hours(100)]]),
})
const sums = (...all: readonly CostSum[]): ReadonlyMap<string, CostSum> => new Map(all.map((each) => [each.key, each]))

describe("rankCosts", () => {
  test("largest first, ties by key", () => {
    expect(rankCosts(sums(sum("b", 5), sum("a", 5), sum("c", 9)), null).map(({ key }) => key)).toEqual(["c", "a", "b"])
  })

  test("against another month the largest absolute change leads, and what only the other had stands with zero", () => {
    const ranked = rankCosts(sums(sum("steady", 100), sum("grown", 50)), sums(sum("steady", 100), sum("grown", 40), sum("gone", 70)))
    expect(ranked.map(({ key, amountMinor, beforeMinor }) => [key, amountMinor, beforeMinor])).toEqual([
      ["gone", 0n, 70n],
      ["grown", 50n, 40n],
      ["steady", 100n, 100n],
    ])
  })

  test("at most ten groups and the rest, and nothing is lost", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string({ minLength: 1 }), fc.integer())), (pairs) => {
        const all = sums(...pairs.map(([key, amount]) => sum(key, amount)))
        const ranked = rankCosts(all, null)
        expect(totalMinor(ranked)).toBe(totalMinor(all.values()))
        expect(ranked.length).toBeLessThanOrEqual(groupsShownMaximum + 1)
        expect(ranked.reduce((count, { others }) => count + Math.max(1, others), 0)).toBe(all.size)
      }),
    )
  })
})

const line = (change: Partial<FigureLine>): FigureLine => ({
  day: "2026-10-01",
  sku: "cpu",
  unit: "core-h",
  tier: "MU",
  payerId: "science",
  quantity: hours(100),
  billedMinor: 100n,
  zeroReason: null,
  standing: "billed",
  ...change,
})

const usage = (usageId: string, user: string, lines: readonly FigureLine[]): FigureUsage => ({
  usageId,
  cluster: "ci",
  account: "physics",
  user,
  partition: "cpu",
  state: "COMPLETED",
  qos: "normal",
  lines: [...lines],
})

const figures = (...usages: readonly FigureUsage[]): MonthFigures => ({
  month: "2026-10",
  zone: "UTC",
  currency: { code: "THB", exponent: 2 },
  status: "billed",
  partial: false,
  usages: new Map(usages.map((each) => [each.usageId, each])),
  periodLines: [usage("minimum", "", [line({ billedMinor: 7n })])],
  drafts: [],
  unmapped: [],
  runningUsages: 0,
})

describe("groupCosts", () => {
  const month = figures(
    usage("1", "alice", [line({}), line({ sku: "gpu", unit: "GPU-h", billedMinor: 50n }), line({ day: "2026-10-02", billedMinor: 1n })]),
    usage("2", "bob", [line({ billedMinor: 0n, zeroReason: "zero-seconds", quantity: hours(0) })]),
    usage("3", "bob", [line({ standing: "running", billedMinor: 1_000n })]),
  )

  test("sums exactly, counts each job once a group, and leaves running jobs out", () => {
    const byUser = groupCosts(month, "user", () => true)
    expect([...byUser.values()].map(({ key, amountMinor, jobs }) => [key, amountMinor, jobs])).toEqual([
      ["alice", 151n, 1],
      ["bob", 0n, 1],
      ["", 7n, 0],
    ])
    expect(byUser.get("alice")?.quantities).toEqual(
      new Map([
        ["core-h", hours(200)],
        ["GPU-h", hours(100)],
      ]),
    )
  })

  test("every dimension has the same total", () => {
    for (const by of ["day", "sku", "account", "user", "partition", "state", "qos", "tier", "payer", "cluster", "total"] as const) {
      expect(totalMinor(groupCosts(month, by, () => true).values())).toBe(158n)
    }
  })

  test("leaves out what the test leaves out", () => {
    expect(totalMinor(groupCosts(month, "total", ({ user }) => user === "alice").values())).toBe(151n)
  })
})

describe("forecastMonth", () => {
  const day = 86_400
  const window = { startSeconds: 0, endSeconds: 30 * day }
  const at = (days: number, dayMinor: readonly bigint[]) =>
    forecastMonth({ window, nowSeconds: days * day, settledMinor: 1_000n, runningMinor: 50n, dayMinor })

  test.each([
    ["the first three days", 2.9, [10n, 10n]],
    ["after the month", 30, [10n, 10n, 10n, 10n]],
    ["before the month", -1, []],
  ])("none in %s", (_, days, dayMinor) => {
    expect(at(days, dayMinor)).toBeNull()
  })

  test("from the fourth day on, also where the clock was put forward on one of three", () => {
    expect(at(3 - 1 / 24, [10n, 10n, 10n])).toMatchObject({ lowMinor: 1_320n })
  })

  test("settled, running, and the mean of the last seven days for each day left", () => {
    expect(at(20, [9_999n, 10n, 10n, 10n, 10n, 10n, 10n, 80n])).toEqual({ lowMinor: 1_150n, middleMinor: 1_250n, highMinor: 1_850n })
  })
})
