import { expect, test } from "vitest"
import { grants, type PermissionKey, permissions, roles, scopeOf } from "./permissions.ts"

test("several roles reach the widest of their scopes, and none reaches nothing", () => {
  expect(scopeOf(["researcher"], "usageRead")).toBe("own-usage")
  expect(scopeOf(["researcher", "project-owner"], "usageRead")).toBe("own-accounts")
  expect(scopeOf(["project-owner", "auditor", "researcher"], "usageRead")).toBe("all")
  expect(scopeOf(["researcher"], "receiptRead")).toBeNull()
  expect(scopeOf([], "rateRead")).toBeNull()
})

test("nobody both sets prices and moves money, and an auditor changes nothing", () => {
  const money: readonly PermissionKey[] = ["receiptWrite", "journalPost", "periodClose", "periodReopen", "exportCreate"]
  const prices: readonly PermissionKey[] = ["ratePublish", "payerPublish"]
  for (const role of roles) {
    const held = (keys: readonly PermissionKey[]): boolean => keys.some((key) => grants[role][key] !== undefined)
    expect(held(money) && held(prices), role).toBe(false)
  }
  const changes = Object.entries(grants.auditor).filter(([key]) => permissions[key as PermissionKey].attributes.action !== "read")
  expect(changes).toEqual([])
})

test("names are distinct and say their resource", () => {
  const names = Object.values(permissions).map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
  expect(names.filter((name) => !/^hpc-billing\.[a-z]+\.[a-z]+$/.test(name))).toEqual([])
})
