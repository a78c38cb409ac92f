import fc from "fast-check"
import { describe, expect, it } from "vitest"
import type { JobRecord } from "./JobRecord.ts"
import { addQuantities, type Quantities } from "./Quantities.ts"
import { quantitiesBetween } from "./quantitiesBetween.ts"
import { slice } from "./slice.ts"
import type { Suspension, Usage } from "./Usage.ts"

const usageWith = (over: Partial<Usage>): Usage => ({
  id: "c/1/0",
  record: {} as JobRecord,
  startSeconds: 1_000,
  endSeconds: 2_000,
  perSecond: { wall: 1n, cpu: 4n, mem: 1_024n, "gres/gpu:a100": 1n },
  suspension: { kind: "none" },
  energyJoules: 1_001n,
  provisional: false,
  flags: [],
  ...over,
})

const names = ["wall", "cpu", "mem", "node", "billing", "gres/gpu:a100", "gres/gpu", "license/matlab"]

const usages: fc.Arbitrary<Usage> = fc
  .record({
    startSeconds: fc.integer({ min: 0, max: 2_000_000_000 }),
    wallSeconds: fc.integer({ min: 0, max: 5_000_000 }),
    perSecond: fc.dictionary(fc.constantFrom(...names), fc.bigInt({ min: 0n, max: 10n ** 9n })),
    energyJoules: fc.option(fc.bigInt({ min: 0n, max: 2n ** 63n })),
    bounds: fc.uniqueArray(fc.nat(5_000_000), { maxLength: 6 }),
    placed: fc.boolean(),
  })
  .map(({ startSeconds, wallSeconds, perSecond, energyJoules, bounds, placed }) => {
    const instants = bounds.filter((bound) => bound <= wallSeconds).sort((left, right) => left - right)
    const windows = []
    for (let index = 0; index + 1 < instants.length; index += 2) {
      windows.push({ startSeconds: startSeconds + (instants[index] as number), endSeconds: startSeconds + (instants[index + 1] as number) })
    }
    const seconds = windows.reduce((sum, window) => sum + window.endSeconds - window.startSeconds, 0)
    const suspension: Suspension = seconds === 0 ? { kind: "none" } : placed ? { kind: "windows", windows } : { kind: "unplaced", seconds }
    return usageWith({ startSeconds, endSeconds: startSeconds + wallSeconds, perSecond, energyJoules, suspension })
  })

const withoutZeros = (quantities: Quantities): Quantities =>
  Object.fromEntries(Object.entries(quantities).filter(([, amount]) => amount !== 0n))

describe("slice", () => {
  it("conserves every resource over any cuts, and each slice knows what came before it", () => {
    fc.assert(
      fc.property(usages, fc.array(fc.integer({ min: -10, max: 5_000_010 }), { maxLength: 8 }), (usage, offsets) => {
        const slices = slice(
          usage,
          offsets.map((offset) => usage.startSeconds + offset),
        )
        const whole = withoutZeros(quantitiesBetween(usage, usage.startSeconds, usage.endSeconds))
        let sum: Quantities = {}
        for (const part of slices) {
          expect(withoutZeros(part.before)).toEqual(withoutZeros(sum))
          sum = addQuantities(sum, part.quantities)
        }
        expect(withoutZeros(sum)).toEqual(whole)
        expect(slices.at(-1)?.endSeconds).toBe(usage.endSeconds)
      }),
      { numRuns: 1_000 },
    )
  })

  it("leaves suspended seconds out of cpu alone", () => {
    const usage = usageWith({ suspension: { kind: "windows", windows: [{ startSeconds: 1_400, endSeconds: 1_600 }] } })
    expect(slice(usage, [1_500]).map(({ quantities }) => [quantities.cpu, quantities.mem, quantities.wall])).toEqual([
      [1_600n, 512_000n, 500n],
      [1_600n, 512_000n, 500n],
    ])
  })

  it("shares energy out exactly by wall time", () => {
    expect(slice(usageWith({}), [1_001, 1_999]).map(({ quantities }) => quantities.energy)).toEqual([1n, 998n, 2n])
  })

  it("keeps the energy of a usage of zero seconds", () => {
    expect(slice(usageWith({ endSeconds: 1_000 }), [1_000])[0]?.quantities).toEqual({ energy: 1_001n })
  })

  it("places a usage suspended at unknown times whole where it ends, and flags it", () => {
    const usage = usageWith({ suspension: { kind: "unplaced", seconds: 100 } })
    expect(slice(usage, [1_200, 1_500])).toEqual([
      {
        usage: { ...usage, flags: ["suspension-unplaced"] },
        startSeconds: 1_500,
        endSeconds: 2_000,
        before: {},
        quantities: { wall: 1_000n, cpu: 3_600n, mem: 1_024_000n, "gres/gpu:a100": 1_000n, energy: 1_001n },
      },
    ])
    expect(slice(usage, [2_500])[0]?.usage.flags).toEqual([])
    expect(() => quantitiesBetween(usage, 1_000, 1_500)).toThrow("measured only whole")
  })

  it("makes one empty slice of a usage that never ran", () => {
    const usage = usageWith({ endSeconds: 1_000, perSecond: {}, energyJoules: null })
    expect(slice(usage, [500, 1_500])).toEqual([{ usage, startSeconds: 1_000, endSeconds: 1_000, before: {}, quantities: {} }])
  })
})
