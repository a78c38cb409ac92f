import { expect, it } from "vitest"
import { groupId, groupWords } from "./words.ts"

const text = { t: ((key: string, values: { readonly number: string }) => `${key} ${values?.number ?? ""}`.trim()) as never }

it("keeps the others, what has no name, and a name apart", () => {
  const groups = [
    { key: "", others: 12 },
    { key: "", others: 0 },
    { key: "others", others: 0 },
  ]
  expect(new Set(groups.map(groupId)).size).toBe(groups.length)
  expect(groups.map((group) => groupWords(group, "partition", text))).toEqual(["by.others 12", "by.none", "others"])
})

it.each([
  ["sku", "none", "by.noSku"],
  ["sku", "gpu:h100", "gpu:h100"],
  ["state", "TIMEOUT", "job.TIMEOUT"],
  ["account", "TIMEOUT", "TIMEOUT"],
  ["total", "total", "by.total"],
] as const)("a group by %s named %s is %s", (by, key, said) => expect(groupWords({ key, others: 0 }, by, text)).toBe(said))
