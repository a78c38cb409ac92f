import { expect, test } from "vitest"
import { englishAmountText } from "./englishAmountText.ts"

const THB = { code: "THB", exponent: 2 }

test.each([
  [0n, THB, "zero baht only"],
  [1n, THB, "one satang"],
  [100n, THB, "one baht only"],
  [1100n, THB, "eleven baht only"],
  [2100n, THB, "twenty-one baht only"],
  [10100n, THB, "one hundred and one baht only"],
  [100_000_100n, THB, "one million and one baht only"],
  [1_100_000_000n, THB, "eleven million baht only"],
  [100_000_000_000_000n, THB, "one trillion baht only"],
  [-5025n, THB, "minus fifty baht and twenty-five satang"],
  [8_833_936n, THB, "eighty-eight thousand three hundred and thirty-nine baht and thirty-six satang"],
  [123_405n, { code: "USD", exponent: 2 }, "one thousand two hundred and thirty-four and 05/100 USD"],
  [7n, { code: "SU", exponent: 0 }, "seven SU"],
  [1_500n, { code: "SU", exponent: 3 }, "one and 500/1000 SU"],
])("%d minor units of %o read %s", (amountMinor, currency, words) => {
  expect(englishAmountText(amountMinor, currency)).toBe(words)
})

test("an amount beyond the words is refused", () => {
  expect(() => englishAmountText(10n ** 20n, THB)).toThrow(RangeError)
})
