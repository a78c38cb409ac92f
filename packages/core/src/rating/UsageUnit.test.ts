import { expect, it } from "vitest"
import { dimensionOfResource, usageUnit, usageUnitNames } from "./UsageUnit.ts"

it.each([
  ["cpu", "core"],
  ["mem", "memory"],
  ["node", "node"],
  ["billing", "billing"],
  ["wall", "wall"],
  ["energy", "energy"],
  ["gres/gpu", "GPU"],
  ["gres/gpu:h100", "GPU"],
  ["gres/shard", "gres"],
  ["gres/gpux", "gres"],
  ["gres/", null],
  ["xgres/shard", null],
  ["license/matlab", "license"],
  ["license/", null],
  ["my-license/matlab", null],
  ["reading/storage", "reading"],
  ["reading/", null],
  ["my-reading/storage", null],
  ["cpus", null],
])("%s is measured in %s", (resource, dimension) => {
  expect(dimensionOfResource(resource)).toBe(dimension)
})

it.each([
  ["core-h", "core", 1n, 3_600n],
  ["GiB-day", "memory", 1n, 1_024n * 86_400n],
  ["TiB-h", "memory", 1n, 1_048_576n * 3_600n],
  ["GB-min", "memory", 1_048_576n, 60_000_000_000n],
  ["MJ", "energy", 1n, 1_000_000n],
  ["kWh", "energy", 1n, 3_600_000n],
  ["min", "wall", 1n, 60n],
])("%s is a unit", (text, dimension, numerator, denominator) => {
  expect(usageUnit(text)).toEqual({ dimension, numerator, denominator })
  expect(usageUnitNames()).toContain(text)
})

it("knows no other unit", () => {
  expect(usageUnit("core-hours")).toBe(null)
  expect(usageUnitNames()).toHaveLength(3 + 4 + 12 * 4)
})
