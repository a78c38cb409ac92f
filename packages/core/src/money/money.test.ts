import fc from "fast-check"
import { describe, expect, it } from "vitest"
import {
  allocate,
  compareDecimals,
  decimal,
  divide,
  formatDecimal,
  parseDecimal,
  type Rounding,
  rescaleExact,
  roundAndAllocate,
} from "./index.ts"

const anyDecimal = fc.record({ units: fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), scale: fc.integer({ min: 0, max: 20 }) })

describe("Decimal", () => {
  it.each([
    ["0", 0n, 0],
    ["-0.05", -5n, 2],
    ["12.3400", 123400n, 4],
    ["250000000000000000", 250000000000000000n, 0],
    ["0.0000000000000001", 1n, 16],
  ])("reads and writes %s, never exponential", (text, units, scale) => {
    expect(parseDecimal(text)).toEqual({ units, scale })
    expect(formatDecimal({ units, scale })).toBe(text)
  })

  it.each(["", "1.", ".5", "+1", "1e3", "1,000", " 1", "NaN", "0x10", "๑"])("refuses %j", (text) => {
    expect(parseDecimal(text)).toBeNull()
  })

  it("round-trips every decimal", () => {
    fc.assert(
      fc.property(anyDecimal, (value) => {
        expect(parseDecimal(formatDecimal(value))).toEqual(value)
      }),
    )
  })

  it("keeps the number when the scale grows and refuses to lose decimals", () => {
    fc.assert(
      fc.property(
        anyDecimal,
        fc.integer({ min: 0, max: 15 }),
        (value, more) => compareDecimals(value, rescaleExact(value, value.scale + more)) === 0,
      ),
    )
    expect(() => rescaleExact(decimal(1005n, 3), 2)).toThrow("1.005 has more than 2 decimals")
  })
})

describe("divide", () => {
  const table: readonly (readonly [bigint, bigint, Rounding, bigint])[] = [
    [5n, 2n, "half-up", 3n],
    [-5n, 2n, "half-up", -3n],
    [5n, 2n, "half-even", 2n],
    [7n, 2n, "half-even", 4n],
    [-5n, 2n, "half-even", -2n],
    [1n, 3n, "up", 1n],
    [-1n, 3n, "up", -1n],
    [-1n, 3n, "down", 0n],
    [-1n, 3n, "floor", -1n],
    [1n, 3n, "ceiling", 1n],
    [-1n, 3n, "ceiling", 0n],
    [6n, 3n, "up", 2n],
  ]
  it.each(table)("%s / %s %s = %s", (value, divisor, rounding, expected) => expect(divide(value, divisor, rounding)).toBe(expected))

  it("is never a whole unit away from the quotient", () => {
    const roundings: readonly Rounding[] = ["half-up", "half-even", "up", "down", "floor", "ceiling"]
    fc.assert(
      fc.property(fc.bigInt(), fc.bigInt({ min: 1n, max: 10n ** 12n }), fc.constantFrom(...roundings), (value, divisor, rounding) => {
        const rest = divide(value, divisor, rounding) * divisor - value
        expect(rest < divisor && rest > -divisor).toBe(true)
      }),
    )
  })

  it("refuses a divisor that is not positive", () => expect(() => divide(1n, 0n, "floor")).toThrow("divisor 0"))
})

describe("allocate", () => {
  it("splits 100.00 over three", () => {
    const shares = ["a", "b", "c"].map((key) => ({ key, weight: 1n }))
    expect(allocate(10_000n, shares)).toEqual([3334n, 3333n, 3333n])
  })

  it("I13: sums exactly, each part within one unit of its proportion, in any order", () => {
    const weights = fc
      .array(fc.bigInt({ min: 0n, max: 10n ** 9n }), { minLength: 1, maxLength: 30 })
      .filter((list) => list.some((weight) => weight > 0n))
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }), weights, (total, list) => {
        const shares = list.map((weight, index) => ({ key: String(index).padStart(3, "0"), weight }))
        const sum = list.reduce((a, b) => a + b, 0n)
        const parts = allocate(total, shares)
        expect(parts.reduce((a, b) => a + b, 0n)).toBe(total)
        parts.forEach((part, index) => {
          const away = part * sum - total * (list[index] as bigint)
          expect(away < sum && away > -sum).toBe(true)
        })
        expect([...allocate(total, [...shares].reverse())].reverse()).toEqual(parts)
      }),
    )
  })

  it("refuses a total that no share can take", () => expect(() => allocate(1n, [{ key: "a", weight: 0n }])).toThrow("every weight is zero"))
})

describe("roundAndAllocate", () => {
  it("rounds the sum, not the lines", () => {
    const third = { units: 333333n, scale: 6 }
    const result = roundAndAllocate(
      ["x", "y", "z"].map((key) => ({ key, amount: third })),
      2,
      "half-up",
    )
    expect(result).toEqual({ totalMinor: 100n, partsMinor: [34n, 33n, 33n] })
  })

  it("parts sum to the rounded total and each is its amount rounded down or up", () => {
    const roundings = fc.constantFrom<Rounding>("half-up", "half-even", "up", "down")
    fc.assert(
      fc.property(fc.array(anyDecimal, { maxLength: 40 }), fc.integer({ min: 0, max: 3 }), roundings, (list, exponent, rounding) => {
        const amounts = list.map((amount, index) => ({ key: String(index).padStart(3, "0"), amount }))
        const { totalMinor, partsMinor } = roundAndAllocate(amounts, exponent, rounding)
        expect(partsMinor.reduce((a, b) => a + b, 0n)).toBe(totalMinor)
        amounts.forEach(({ amount }, index) => {
          const lower = divide(amount.units * 10n ** BigInt(exponent), 10n ** BigInt(amount.scale), "floor")
          const upper = divide(amount.units * 10n ** BigInt(exponent), 10n ** BigInt(amount.scale), "ceiling")
          expect([lower, upper]).toContain(partsMinor[index])
        })
      }),
    )
  })
})
