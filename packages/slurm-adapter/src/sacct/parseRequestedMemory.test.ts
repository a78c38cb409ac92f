import { expect, it } from "vitest"
import { parseRequestedMemory } from "./parseRequestedMemory.ts"

it.each([
  ["4Gc", 16_384],
  ["4Gn", 8_192],
  ["4G", 4_096],
  ["31000Mn", 62_000],
  ["1000", 1_000],
  ["2147486648Mn", 12_000],
  ["4294967294M", null],
  ["4294967294Mc", null],
  ["18446744073709551615M", null],
  ["0", null],
  ["?", null],
  ["", null],
])("ReqMem %s on 4 cores and 2 nodes", (text, mebibytes) => {
  expect(parseRequestedMemory(text, { cpu: 4, node: 2 })).toBe(mebibytes)
})
