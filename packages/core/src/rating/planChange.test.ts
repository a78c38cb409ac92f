import { describe, expect, it } from "vitest"
import { mappingWith, payersOf, payerWith, sampleBook, sha256, usageWith } from "../../fixtures/makeUsage.ts"
import { monthWindow } from "../time/Month.ts"
import { type PlanChecks, type PlanPeriod, planChange } from "./planChange.ts"
import { planMarkdown } from "./planMarkdown.ts"
import type { RateBook } from "./RateBook.ts"

const zone = "Asia/Bangkok"
const at = (text: string): number => Date.parse(`${text}+07:00`) / 1000
const payers = payersOf(
  [payerWith("physics-faculty", "MU"), payerWith("ministry", "Gov")],
  [mappingWith(), mappingWith({ account: "state", payerId: "ministry" })],
)
const period = (month: string, hours: number): PlanPeriod => ({
  period: monthWindow(month, zone),
  readings: [],
  usages: ["physics", "state"].map((account, index) => {
    const startSeconds = at(`${month}-05T00:00:00`)
    return usageWith({ jobId: String(index), account, startSeconds, endSeconds: startSeconds + hours * 3_600, allocated: { cpu: 10 } })
  }),
})

const current = sampleBook({ overrides: [] })
const changed = (tier: string, change: Partial<RateBook["cards"][number]>, cpu?: string): RateBook => ({
  ...current,
  cards: current.cards.map((card) =>
    card.tier === tier && card.version === 2
      ? {
          ...card,
          ...change,
          meters: card.meters.map((meter) => (meter.sku === "cpu" && cpu !== undefined ? { ...meter, price: cpu } : meter)),
        }
      : card,
  ),
})

const noChecks: PlanChecks = { protectedTiers: [], recovery: null }

describe("planChange", () => {
  it("splits the change of each payer into use, price and policy", () => {
    const candidate = changed("MU", { minimum: "150", effectiveFrom: "2026-05-01" }, "1.2")
    const plan = planChange(
      { current, candidate, payers, periods: [period("2026-10", 10)], before: [period("2026-09", 8)], checks: noChecks },
      sha256,
    )
    expect(plan.payers).toEqual([
      {
        payerId: "ministry",
        tier: "Gov",
        beforeMinor: 24_000n,
        currentMinor: 30_000n,
        plannedMinor: 30_000n,
        useEffectMinor: 6_000n,
        priceEffectMinor: 0n,
        policyEffectMinor: 0n,
      },
      {
        payerId: "physics-faculty",
        tier: "MU",
        beforeMinor: 8_000n,
        currentMinor: 10_000n,
        plannedMinor: 15_000n,
        useEffectMinor: 2_000n,
        priceEffectMinor: 2_000n,
        policyEffectMinor: 3_000n,
      },
    ])
    expect(plan.total.plannedMinor).toBe(45_000n)
    expect(plan.breaches).toEqual([])
  })

  it("lays nothing to price or policy where a tier's own prices changed within the months, but the candidate keeps them", () => {
    // the sample's price of MU changed on 16 April; the candidate is dearer for Gov alone
    const candidate = changed("Gov", {}, "9")
    const plan = planChange(
      { current, candidate, payers, periods: [period("2026-03", 7), period("2026-05", 7)], before: null, checks: noChecks },
      sha256,
    )
    const physics = plan.payers.find(({ payerId }) => payerId === "physics-faculty")
    expect(physics).toMatchObject({ priceEffectMinor: 0n, policyEffectMinor: 0n })
    expect(plan.payers.find(({ payerId }) => payerId === "ministry")).toMatchObject({ priceEffectMinor: 42_000n, policyEffectMinor: 0n })
  })

  it("lays a new version's prices, in force on some of the days, to price", () => {
    const standing = current.cards.find((card) => card.tier === "MU" && card.version === 2) as RateBook["cards"][number]
    const next = {
      ...standing,
      version: 3,
      effectiveFrom: "2026-09-01",
      meters: standing.meters.map((meter) => ({ ...meter, price: "4" })),
    }
    const candidate = { ...current, cards: [...current.cards, next] }
    const plan = planChange(
      { current, candidate, payers, periods: [period("2026-08", 3), period("2026-10", 3)], before: null, checks: noChecks },
      sha256,
    )
    expect(plan.payers.find(({ payerId }) => payerId === "physics-faculty")).toMatchObject({
      priceEffectMinor: 9_000n,
      policyEffectMinor: 0n,
    })
  })

  it("finds a protected payer that pays more than another tier would", () => {
    const candidate = changed("MU", {}, "4")
    const checks = { ...noChecks, protectedTiers: [{ tier: "MU", notAbove: ["Gov", "Private"] }] }
    const plan = planChange({ current, candidate, payers, periods: [period("2026-10", 10)], before: null, checks }, sha256)
    expect(plan.breaches.map((breach) => breach.message)).toEqual([
      "physics-faculty of the protected tier MU would pay 40000 minor units, more than the 30000 it would pay as Gov: lower the prices of MU or raise those of Gov.",
    ])
  })

  it.each([
    [50_000n, "under-recovery"],
    [40_000n, null],
    [30_000n, "over-recovery"],
  ])("measures recovery against a cost of %s", (costMinor, reason) => {
    const checks = { ...noChecks, recovery: { costMinor, leastPercent: 95n, mostPercent: 105n } }
    const plan = planChange({ current, candidate: current, payers, periods: [period("2026-10", 10)], before: null, checks }, sha256)
    expect(plan.breaches[0]?.reason ?? null).toBe(reason)
  })

  it("writes Markdown for a pull request, the largest change first", () => {
    const plan = planChange(
      { current, candidate: changed("MU", {}, "1.2"), payers, periods: [period("2026-10", 10)], before: null, checks: noChecks },
      sha256,
    )
    expect(planMarkdown(plan).split("\n")).toEqual([
      "## Planned rates, THB",
      "",
      "| payer | tier | before | use | now | price | policy | planned | change |",
      "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
      "| physics-faculty | MU | 100.00 | 0.00 | 100.00 | +20.00 | 0.00 | 120.00 | +20.00 |",
      "| ministry | Gov | 300.00 | 0.00 | 300.00 | 0.00 | 0.00 | 300.00 | 0.00 |",
      "| **total** |  | 400.00 | 0.00 | 400.00 | +20.00 | 0.00 | 420.00 | +20.00 |",
      "",
      "No check is breached.",
      "",
    ])
  })
})
