import { expect, it } from "vitest"
import type { TierRule } from "./RateBook.ts"
import { tierByRules } from "./tierRule.ts"

const subject = { cluster: "ci", account: "physics", user: "alice", payer: "faculty" }

it.each<readonly [what: string, first: TierRule, second: TierRule, wins: string]>([
  ["a user before an account", { account: "physics" }, { user: "alice" }, "second"],
  ["an account before a payer", { payer: "faculty" }, { account: "physics" }, "second"],
  ["a payer before a cluster", { cluster: "ci" }, { payer: "faculty" }, "second"],
  ["two fields before one of them", { user: "alice" }, { user: "alice", account: "physics" }, "second"],
  ["an exact name before a pattern", { account: "phys*" }, { account: "physics" }, "second"],
  ["the user's pattern before the account's name", { account: "physics" }, { user: "a*" }, "second"],
  ["only what matches", { account: "physics" }, { user: "bob" }, "first"],
  ["nothing where nothing matches", { account: "chem" }, { user: "bob" }, "none"],
])("%s", (_, first, second, wins) => {
  const tiers = [
    { name: "first", rules: [first] },
    { name: "second", rules: [second] },
  ]
  expect(tierByRules(tiers, subject) ?? "none").toBe(wins)
  expect(tierByRules([...tiers].reverse(), subject) ?? "none").toBe(wins)
})
