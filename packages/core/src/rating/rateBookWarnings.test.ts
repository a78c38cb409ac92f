import { expect, it } from "vitest"
import { sampleBook } from "../../fixtures/makeUsage.ts"
import { rateBookWarnings } from "./rateBookWarnings.ts"

it("warns of formulas by which more use may cost less, and of cards that rate jobs whole", () => {
  const [card] = sampleBook().cards
  if (card === undefined) throw new Error("no card")
  const meter = (formula: string) => ({ sku: formula, formula, unit: "core-h", price: "1" })
  const meters = ["cpu_hours", "cpu_hours * 2 - gpu_hours * 1", "ceil(cpu_hours)"].map(meter)
  expect(rateBookWarnings(sampleBook()).length).toBe(0)
  expect(rateBookWarnings(sampleBook({ cards: [{ ...card, meters }] })).map(({ path, reason }) => [path, reason])).toEqual([
    ["cards[0].meters[1].formula", "not-monotone"],
    ["cards[0].meters[2].formula", "rated-whole"],
  ])
})
