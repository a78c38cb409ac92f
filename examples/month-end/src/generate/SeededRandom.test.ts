import { expect, test } from "vitest"
import { seededRandom, weighted } from "./SeededRandom.ts"

test("a seed gives the same draws for ever", () => {
  const random = seededRandom(42)
  expect([random.below(1_000_000), random.below(1_000_000), random.below(1_000_000)]).toEqual([456_255, 564_175, 574_377])
})

test("another seed gives other draws, and what is no whole number is refused", () => {
  expect(seededRandom(1).unit()).not.toBe(seededRandom(2).unit())
  expect(() => seededRandom(0.5)).toThrow(RangeError)
})

test("draws are spread as they say", () => {
  const random = seededRandom(7)
  const draws = 200_000
  const mean = (draw: () => number): number => Array.from({ length: draws }, draw).reduce((sum, value) => sum + value, 0) / draws
  expect(mean(random.unit)).toBeCloseTo(0.5, 2)
  expect(mean(random.normal)).toBeCloseTo(0, 1)
  expect(mean(() => random.normal() ** 2)).toBeCloseTo(1, 1)
  expect(mean(() => (random.lognormal(5, 2) < Math.exp(5) ? 1 : 0))).toBeCloseTo(0.5, 2)
  expect(mean(() => (random.pareto(2, 1.2) > 4 ? 1 : 0))).toBeCloseTo(0.5 ** 1.2, 2)
  const draw = weighted([
    ["often", 3],
    ["seldom", 1],
  ])
  expect(mean(() => (draw(random) === "often" ? 1 : 0))).toBeCloseTo(0.75, 2)
})
