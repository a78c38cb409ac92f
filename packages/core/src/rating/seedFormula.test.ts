import { Result } from "effect"
import fc from "fast-check"
import { expect, it } from "vitest"
import { sampleBook } from "../../fixtures/makeUsage.ts"
import { checkRateBook } from "./checkRateBook.ts"
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

it("a card that says more has no formula", () => {
  expect(sampleBook().cards.map(seedFormulaOfCard)).toEqual(sampleBook().cards.map(() => null))
  const card = cardOfSeedFormula({ cpu: "1", gpu: "5", mem: "0.5" }, { id: "mu", version: 1, tier: "MU", effectiveFrom: "2026-01-01" })
  expect(seedFormulaOfCard({ ...card, minimum: "10" })).toBeNull()
  expect(seedFormulaOfCard({ ...card, meters: card.meters.map((meter) => ({ ...meter, allowance: "1" })) })).toBeNull()
  expect(seedFormulaOfCard({ ...card, meters: card.meters.slice(1) })).toBeNull()
})
