import { expect, test } from "vitest"
import { elapsedText, instantText, localText } from "./instant.ts"
import { changeView, moneyView, permilleOf, quantityView } from "./money.ts"

const baht = { code: "THB", exponent: 2 }

test.each([
  [0n, "0.00", "0.00"],
  [5n, "0.05", "0.05"],
  [411_764n, "4,117.64", "4117.64"],
  [-411_764n, "-4,117.64", "-4117.64"],
  [100_000_000_000n, "1,000,000,000.00", "1000000000.00"],
  [-100n, "-1.00", "-1.00"],
  [-99_999n, "-999.99", "-999.99"],
])("%s satang is %s", (amountMinor, text, decimal) => {
  expect(moneyView(amountMinor, baht)).toEqual({ amountMinor: String(amountMinor), currency: "THB", exponent: 2, text, decimal })
})

test("a currency without minor units has no decimals", () => {
  expect(moneyView(1_234n, { code: "SU", exponent: 0 }).text).toBe("1,234")
})

test.each([
  [150n, 100n, "+50.0 %", "up"],
  [100n, 150n, "-33.3 %", "down"],
  [100n, 100n, "+0.0 %", "same"],
  [100n, 0n, null, "up"],
  [-50n, -100n, "+50.0 %", "up"],
  [1n, 3n, "-66.7 %", "down"],
])("%s after %s is %s", (now, before, percentText, direction) => {
  expect(changeView(now, before, baht)).toMatchObject({ percentText, direction })
})

test("shares are rounded half away from zero, of a negative whole too", () => {
  expect(permilleOf(1n, 3n)).toBe(333)
  expect(permilleOf(2n, 3n)).toBe(667)
  expect(permilleOf(-1n, -2n)).toBe(500)
  expect(permilleOf(1n, 0n)).toBe(0)
})

test("a quantity keeps every decimal it was billed with", () => {
  expect(quantityView({ units: 1_091_503_000n, scale: 6 }, "GPU-h")).toEqual({
    decimal: "1091.503000",
    unit: "GPU-h",
    text: "1,091.503000 GPU-h",
  })
})

test.each([
  [0, "00:00:00"],
  [3_661, "01:01:01"],
  [93_784, "1-02:03:04"],
])("%s s is %s", (seconds, text) => {
  expect(elapsedText(seconds)).toBe(text)
})

test("instants in UTC and in the zone", () => {
  expect(instantText(1_793_491_200)).toBe("2026-11-01T00:00:00Z")
  expect(localText(1_793_491_200, "Asia/Bangkok")).toBe("2026-11-01 07:00")
})
