import { expect, it } from "vitest"
import { nearestName } from "./nearestName.ts"

it.each<[string, readonly string[], string | null]>([
  ["cpu", ["mem", "cpu"], "cpu"],
  ["cpus", ["mem", "cpu"], "cpu"],
  ["pcu", ["cpu"], "cpu"],
  ["CPU", ["cpu"], "cpu"],
  ["cpu", ["CPU"], "CPU"],
  ["core", ["cpu"], null],
  ["abcdef", ["abcxyf", "abcdxy"], "abcxyf"],
  ["abcdef", ["abcxyz"], null],
  ["abcdefghi", ["abcdefxyz"], "abcdefxyz"],
  ["abcdefghi", ["abcdewxyz"], null],
  ["abcdefghi", ["abcdefxyz", "abcdefghx"], "abcdefghx"],
  ["ab", ["cd"], "cd"],
  ["ab", ["cde"], null],
  ["", ["ab"], "ab"],
  ["", ["abc"], null],
  ["anything", [], null],
  [`${"x".repeat(80)}aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa`, ["x".repeat(80)], "x".repeat(80)],
  ["x".repeat(80), [`${"x".repeat(80)}${"y".repeat(60)}`], `${"x".repeat(80)}${"y".repeat(60)}`],
])("%s among %j most likely means %s", (name, known, nearest) => {
  expect(nearestName(name, known)).toBe(nearest)
})
