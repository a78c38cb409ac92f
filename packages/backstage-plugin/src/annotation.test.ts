import { expect, it } from "vitest"
import { slurmAccountAnnotation, slurmAccountOf } from "./annotation.ts"

const named = (text?: string) =>
  slurmAccountOf({
    apiVersion: "v1",
    kind: "Group",
    metadata: { name: "team", annotations: text === undefined ? {} : { [slurmAccountAnnotation]: text } },
  })

it.each([
  ["phys-flood", { tenant: null, account: "phys-flood" }],
  ["demo/phys-flood", { tenant: "demo", account: "phys-flood" }],
  [" demo/civil-cfd, demo/phys-flood,ci/engineering", { tenant: "demo", account: "civil-cfd" }],
  ["bio lab", { tenant: null, account: "bio lab" }],
  [" ", null],
  [undefined, null],
])("reads the annotation %j", (text, expected) => {
  expect(named(text)).toEqual(expected)
})
