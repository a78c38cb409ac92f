import { expect, it } from "vitest"
import { isUnset, isUnsetText } from "./isUnset.ts"

it.each<[string, boolean]>([
  ["0", false],
  ["65534", false],
  ["65535", false],
  ["4294967292", false],
  ["4294967293", true],
  ["4294967294", true],
  ["4294967295", true],
  ["4294967296", false],
  ["9223372036854774784", false],
  ["9223372036854775808", true],
  ["18446744073708557016", true],
  ["18446744073709551614", true],
  ["18446744073709551615", true],
  ["99999999999999999999", false],
])("%s is not set: %s", (text, unset) => {
  expect([isUnset(BigInt(text)), isUnset(Number(text)), isUnsetText(text)]).toEqual([unset, unset, unset])
})

it("text that is no whole number is something else", () => {
  expect(["", "4294967294.0", "-1", "4294967294M", "0xfffffffe"].filter(isUnsetText)).toEqual([])
})
