import { expect, it } from "vitest"
import { sampleBook, usageWith } from "../../fixtures/makeUsage.ts"
import { formulaInput, formulaSlots, formulaValues } from "./formulaInput.ts"
import type { RateCard } from "./RateBook.ts"

const card: RateCard = { ...(sampleBook().cards[0] as RateCard), gpuTypes: ["h100"], licenses: ["ansys"], constants: { discount: "0.25" } }
const usage = usageWith({ qos: "high", partition: "gpu", state: "FAILED", account: "geo", user: "mia", cluster: "reef" })
const perSecond = { cpu: 6n, mem: 1_953_125n, node: 2n, "gres/gpu": 1n, "gres/gpu:h100": 3n, "license/ansys": 5n, "gres/gpux": 9n }
const held = {
  wall: 7_200n,
  cpu: 43_200n,
  mem: 7_372_800n,
  node: 14_400n,
  billing: 10_800n,
  energy: 5_400_000n,
  "gres/gpu": 7_200n,
  "gres/gpu:h100": 21_600n,
  "license/ansys": 36_000n,
}
const expected: Readonly<Record<string, readonly [bigint, bigint]>> = {
  cpus: [6n, 1n],
  cores: [6n, 1n],
  gpus: [4n, 1n],
  nodes: [2n, 1n],
  mem_mib: [1_953_125n, 1n],
  mem_gib: [1_953_125n, 1_024n],
  mem_gb: [2_048n, 1n],
  seconds: [7_200n, 1n],
  minutes: [120n, 1n],
  hours: [2n, 1n],
  days: [1n, 12n],
  cpu_hours: [12n, 1n],
  core_hours: [12n, 1n],
  gpu_hours: [8n, 1n],
  node_hours: [4n, 1n],
  mem_gib_hours: [2n, 1n],
  mem_gb_hours: [7_372_800n * 2_048n, 1_953_125n * 3_600n],
  billing_hours: [3n, 1n],
  kwh: [3n, 2n],
  gpus_h100: [3n, 1n],
  gpu_h100_hours: [6n, 1n],
  licenses_ansys: [5n, 1n],
  license_ansys_hours: [10n, 1n],
  discount: [1n, 4n],
}
const words = { qos: "high", partition: "gpu", state: "FAILED", account: "geo", user: "mia", cluster: "reef" }

it("gives the interpreter every name that a formula can have", () => {
  const values = formulaValues(card, usage, perSecond, held)
  expect([...values.keys()].sort()).toEqual([...Object.keys(expected), ...Object.keys(words)].sort())
  for (const [name, value] of values) {
    if (typeof value === "string") expect([name, value]).toEqual([name, words[name as keyof typeof words]])
    else {
      const [numerator, denominator] = expected[name] as readonly [bigint, bigint]
      expect([name, value.numerator * denominator]).toEqual([name, numerator * value.denominator])
    }
  }
})

it("gives compiled formulas the same, at the places of their slots", () => {
  const { amounts, words: said } = formulaInput(card, usage, perSecond, held)
  const slots = formulaSlots(card)
  expect([...slots.keys()].sort()).toEqual([...Object.keys(expected), ...Object.keys(words)].sort())
  for (const [name, slot] of slots) {
    if (slot.kind === "word") expect(said[slot.index]).toBe(words[name as keyof typeof words])
    else if (slot.kind === "constant") expect(slot.value).toBe("0.25")
    else {
      const [numerator, denominator] = expected[name] as readonly [bigint, bigint]
      expect([name, (amounts[slot.index] as bigint) * denominator]).toEqual([name, numerator * slot.denominator])
    }
  }
})

it("counts what was not held as nothing", () => {
  const { amounts } = formulaInput(card, usage, {}, {})
  expect(new Set(amounts)).toEqual(new Set([0n]))
  const { constants: _, ...plain } = card
  expect(formulaSlots(plain).has("discount")).toBe(false)
  expect(formulaValues(plain, usage, {}, {}).has("discount")).toBe(false)
})
