import { expect, it } from "vitest"
import { jobGroup } from "./jobGroup.ts"

it.each([
  ["500001", { kind: "single", groupId: "500001", member: "" }],
  ["11_3", { kind: "array", groupId: "11", member: "3" }],
  ["13_[0-99]", { kind: "array", groupId: "13", member: "[0-99]" }],
  ["14+1", { kind: "heterogeneous", groupId: "14", member: "1" }],
])("%s", (displayJobId, group) => {
  expect(jobGroup(displayJobId)).toEqual(group)
})
