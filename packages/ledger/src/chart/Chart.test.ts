import { expect, test } from "vitest"
import { type Account, checkPolicy, defaultPolicy, type PostingPolicy } from "./Chart.ts"

const { accounts } = defaultPolicy.chart
const [bank] = accounts
const withAccounts = (of: readonly Account[]): PostingPolicy => ({ ...defaultPolicy, chart: { accounts: of } })
const withAccount = (change: Partial<Account>): PostingPolicy =>
  withAccounts([...accounts, { ...(bank as Account), id: "7000", ...change }])

test("the chart that comes with the program has nothing wrong", () => {
  expect(checkPolicy(defaultPolicy)).toEqual([])
})

const rows: readonly (readonly [string, PostingPolicy, readonly RegExp[]])[] = [
  ["an account more", withAccount({}), []],
  ["an account twice", withAccount({ id: "1100" }), [/^account 1100 stands twice/]],
  ["an id of every allowed kind of letter", withAccount({ id: "A-z_0.9" }), []],
  ["an id of 40 letters", withAccount({ id: "a".repeat(40) }), []],
  ["an id of 41 letters", withAccount({ id: "a".repeat(41) }), [/is no account id/]],
  ["an empty id", withAccount({ id: "" }), [/^"" is no account id/]],
  ["an id with a space before it", withAccount({ id: " 7" }), [/is no account id/]],
  ["an id with a line break after it", withAccount({ id: "7\n" }), [/is no account id/]],
  ["a role of no account", withAccounts(accounts.slice(1)), [/^the role bank names account 1000, which is not in the chart/]],
  [
    "a role of a closed account",
    withAccounts(accounts.map((account) => ({ ...account, open: account.id !== "4000" }))),
    [/^the role revenue names account 4000, which is closed/],
  ],
  [
    "two roles of one account",
    { ...defaultPolicy, roles: { ...defaultPolicy.roles, rounding: "6100" } },
    [/^two roles name the same account$/],
  ],
]
test.each(rows)("%s", (_, policy, findings) => {
  const found = checkPolicy(policy)
  expect(found).toEqual(findings.map((finding) => expect.stringMatching(finding)))
})
