import { Result } from "effect"
import fc from "fast-check"
import { expect, it } from "vitest"
import { sampleBook } from "../../fixtures/makeUsage.ts"
import { checkRateBook } from "./checkRateBook.ts"
import type { Meter, RateCard } from "./RateBook.ts"
import { cardOfSeedFormula, seedFormulaOfCard } from "./seedFormula.ts"

const price = fc.tuple(fc.nat(1_000_000), fc.nat(99)).map(([units, decimals]) => `${units}.${String(decimals).padStart(2, "0")}`)

it("a formula becomes a card that passes the check, and comes back", () => {
  fc.assert(
    fc.property(fc.record({ cpu: price, gpu: price, mem: price }), (formula) => {
      const card = cardOfSeedFormula(formula, { id: "mu", version: 3, tier: "MU", effectiveFrom: "2026-01-01" })
      expect(seedFormulaOfCard(card)).toEqual(formula)
      expect(Result.isSuccess(checkRateBook({ ...sampleBook(), cards: [card], overrides: [] }))).toBe(true)
    }),
  )
})

const plain = cardOfSeedFormula({ cpu: "1", gpu: "5", mem: "0.5" }, { id: "mu", version: 1, tier: "MU", effectiveFrom: "2026-01-01" })
const eachMeter = (change: Partial<Meter>): RateCard => ({ ...plain, meters: plain.meters.map((meter) => ({ ...meter, ...change })) })
const meterOf = (resource: string, change: object): RateCard => ({
  ...plain,
  meters: plain.meters.map((meter) => (meter.resource === resource ? ({ ...meter, ...change } as Meter) : meter)),
})

it.each<[string, RateCard]>([
  ["a title", { ...plain, title: "MU" }],
  ["an end", { ...plain, effectiveUntil: "2027-01-01" }],
  ["decimals, a rounding and a language", { ...plain, quantityDecimals: 6, rounding: { mode: "half-up", per: "receipt" }, lang: 1 }],
  [
    "meters with titles, of flat prices, in another order",
    {
      ...eachMeter({ title: "T", model: { kind: "flat" } }),
      meters: eachMeter({ title: "T", model: { kind: "flat" } }).meters.toReversed(),
    },
  ],
  ["skus of other names", meterOf("cpu", { sku: "core" })],
])("a card with %s has its formula", (_, card) => {
  expect(seedFormulaOfCard(card)).toEqual({ cpu: "1", gpu: "5", mem: "0.5" })
})

it.each<[string, RateCard]>([
  ["a minimum", { ...plain, minimum: "10" }],
  ["factors", { ...plain, factors: [{ by: "qos", name: "high", factor: "2" }] }],
  ["another basis", { ...plain, basis: "consumed" }],
  ["an allowance", eachMeter({ allowance: "1" })],
  ["an allowance of one meter", meterOf("mem", { allowance: "1" })],
  ["a meter too few", { ...plain, meters: plain.meters.slice(1) }],
  ["a meter too many", { ...plain, meters: [...plain.meters, { sku: "node", resource: "node", unit: "node-h", price: "1" }] }],
  ["a meter of something else", meterOf("mem", { resource: "node", unit: "node-h" })],
  ["another unit", meterOf("mem", { unit: "MiB-h" })],
  [
    "bands in place of a price",
    meterOf("gres/gpu", { price: undefined, model: { kind: "graduated", bands: [{ upTo: null, price: "1" }] } }),
  ],
  ["packages", meterOf("cpu", { model: { kind: "package", size: "10" } })],
])("a card with %s says more than a formula can", (_, card) => {
  expect(seedFormulaOfCard(card)).toBeNull()
})
