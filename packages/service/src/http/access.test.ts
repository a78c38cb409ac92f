import { expect, test } from "vitest"
import type { LimitedIdentity, Rows } from "../api/Identity.ts"
import type { PermissionKey, Role } from "../api/permissions.ts"
import { type Reach, reachOf } from "./access.ts"

const person = (role: Role, limits: readonly (readonly [PermissionKey, Rows])[]): LimitedIdentity => ({
  name: "p",
  displayName: "p",
  roles: [role],
  users: ["bob"],
  accounts: ["physics", "chem"],
  tenants: null,
  limits: new Map(limits),
})
const none = { users: [], accounts: [] }
const chem = { users: [], accounts: ["chem", "engineering"] }
const own = (users: readonly string[], accounts: readonly string[]): Reach => ({ kind: "own", users, accounts })

const rows: readonly (readonly [string, Role, PermissionKey, readonly (readonly [PermissionKey, Rows])[], Reach])[] = [
  ["no limit leaves a role as it is", "finance", "usageRead", [], { kind: "all" }],
  ["a limit of another permission too", "finance", "usageRead", [["receiptRead", none]], { kind: "all" }],
  ["no rows take all away", "finance", "usageRead", [["usageRead", none]], { kind: "none" }],
  ["all becomes the rows", "finance", "usageRead", [["usageRead", chem]], own([], ["chem", "engineering"])],
  ["own accounts become those of both", "project-owner", "usageRead", [["usageRead", chem]], own([], ["chem"])],
  ["own usage becomes nobody's where the rows are accounts", "researcher", "usageRead", [["usageRead", chem]], own([], [])],
  ["a limit gives nothing that no role gives", "researcher", "receiptRead", [["receiptRead", chem]], { kind: "none" }],
  ["what concerns no rows is whole or nothing", "finance", "receiptWrite", [["receiptWrite", chem]], { kind: "none" }],
]

test.each(rows)("%s", (_, role, permission, limits, reach) => {
  expect(reachOf(person(role, limits), permission)).toEqual(reach)
})
