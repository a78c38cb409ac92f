import { Result } from "effect"
import fc from "fast-check"
import { expect, it } from "vitest"
import { expandNodeList } from "./expandNodeList.ts"

it.each([
  ["", []],
  ["n1", ["n1"]],
  ["n[1-4,7]", ["n1", "n2", "n3", "n4", "n7"]],
  ["cpn-f13-03-[01-02],cpn-f13-04-01", ["cpn-f13-03-01", "cpn-f13-03-02", "cpn-f13-04-01"]],
  ["gpu[08-10]-ib", ["gpu08-ib", "gpu09-ib", "gpu10-ib"]],
  ["r[1-2]n[1-2]", ["r1n1", "r1n2", "r2n1", "r2n2"]],
])("%s", (text, names) => {
  expect(expandNodeList(text)).toEqual(Result.succeed(names))
})

it.each([
  ["n[1-", 'node list "n[1-": "n[1-" lacks its closing bracket'],
  ["n[4-1]", 'node list "n[4-1]": "4-1" is no range such as 1-4'],
  ["n1,,n2", 'node list "n1,,n2": "" is no node name'],
  ["n]1", 'node list "n]1": "n]1" is no node name'],
  ["n[a]", 'node list "n[a]": "a" is no range such as 1-4'],
  ["n[1-999999999]", 'node list "n[1-999999999]": it stands for more than 100000 nodes'],
  ["n[1-9999]m[1-9999]", 'node list "n[1-9999]m[1-9999]": it stands for more than 100000 nodes'],
  ["c[1]".repeat(9), 'node list "c[1]c[1]c[1]c[1]c[1]c[1]c[1]c[1]c[1]": a node name has more than 8 brackets'],
])("refuses %s", (text, sentence) => {
  expect(expandNodeList(text)).toEqual(Result.fail(sentence))
})

it("a damaged list of any length is refused for what it is", () => {
  expect(Result.isFailure(expandNodeList("[1]".repeat(200_000)))).toBe(true)
  expect(Result.isFailure(expandNodeList(`x[${",".repeat(1_000_000)}`))).toBe(true)
  expect(Result.isSuccess(expandNodeList(`${"n1,".repeat(90_000)}n2`))).toBe(true)
})

it("never fails to answer", () => {
  fc.assert(fc.property(fc.string({ unit: fc.constantFrom("n", "[", "]", ",", "-", "1", "9") }), (text) => void expandNodeList(text)))
})
