import { decimal, parseDecimal } from "@hpc-billing/core"
import { expect, test } from "vitest"
import { printedCount, printedMinor, printedPrice, printedQuantity } from "./printedNumber.ts"

const THB = { code: "THB", exponent: 2 }

test.each([
  [0n, "0.00"],
  [-1_234n, "\u221212.34"],
  [99_999n, "999.99"],
  [100_000n, "1,000.00"],
  [123_456_789_012n, "1,234,567,890.12"],
])("%d satang is printed %s", (amountMinor, text) => {
  expect(printedMinor(amountMinor, THB)).toBe(text)
})

test.each([
  ["0.350", "0.35", "0.350"],
  ["0.0125", "0.0125", "0.0125"],
  ["45", "45.00", "45.000"],
  ["0.002500", "0.0025", "0.002500"],
  ["4.000000", "4.00", "4.000"],
  ["1234567.000278", "1,234,567.000278", "1,234,567.000278"],
])("%s is the price %s and the quantity %s", (text, price, quantity) => {
  const value = parseDecimal(text) ?? decimal(0n, 0)
  expect(printedPrice(value, THB)).toBe(price)
  expect(printedQuantity(value)).toBe(quantity)
})

test("counts are grouped", () => {
  expect(printedCount(12_345)).toBe("12,345")
})
