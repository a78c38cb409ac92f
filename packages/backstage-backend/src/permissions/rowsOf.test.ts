import { expect, test } from "vitest"
import { rowsOf } from "./rowsOf.ts"

const accounts = (...names: readonly string[]) => ({ users: [], accounts: names })
const users = (...names: readonly string[]) => ({ users: names, accounts: [] })
const nothing = { users: [], accounts: [] }

test.each([
  ["a rule alone", accounts("a"), accounts("a")],
  ["any of two", { anyOf: [accounts("a"), users("u")] }, { users: ["u"], accounts: ["a"] }],
  ["all of two", { allOf: [accounts("a", "b"), accounts("b", "c")] }, accounts("b")],
  ["all of an account and a user", { allOf: [accounts("a"), users("u")] }, nothing],
  ["not", { not: accounts("a") }, nothing],
  ["any of one and not another", { anyOf: [accounts("a"), { not: accounts("a") }] }, accounts("a")],
] as const)("%s", (_, criteria, rows) => {
  expect(rowsOf(criteria as Parameters<typeof rowsOf>[0])).toEqual(rows)
})
