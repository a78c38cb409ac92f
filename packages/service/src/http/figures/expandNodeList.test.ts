import { expect, test } from "vitest"
import { expandNodeList } from "./expandNodeList.ts"

test.each([
  ["", []],
  ["n1", ["n1"]],
  ["n[1-3,7],gpu01", ["n1", "n2", "n3", "n7", "gpu01"]],
  ["n[08-10]", ["n08", "n09", "n10"]],
  ["r[1-2]c[1-2]", ["r1c1", "r1c2", "r2c1", "r2c2"]],
  ["n[3-1]", ["n[3-1]"]],
  ["n[1-99999]", ["n[1-99999]"]],
  ["None assigned", ["None assigned"]],
])("%s", (nodeList, names) => {
  expect(expandNodeList(nodeList)).toEqual(names)
})
