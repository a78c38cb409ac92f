import { describe, expect, it } from "vitest"
import { mappingWith, payersOf, payerWith } from "../../fixtures/makeUsage.ts"
import { payerChangeSeconds, resolvePayer } from "./resolvePayer.ts"

const one = payerWith("one", "MU")
const two = payerWith("two", "Gov")
const payers = payersOf(
  [one, two],
  [
    mappingWith({ payerId: "one", effectiveUntil: "2026-10-01" }),
    mappingWith({ payerId: "two", effectiveFrom: "2026-10-01", effectiveUntil: "2026-12-01", sharePercent: "40" }),
    mappingWith({ payerId: "one", effectiveFrom: "2026-10-01", effectiveUntil: "2026-12-01", sharePercent: "60" }),
    mappingWith({ payerId: "two", user: "alice", effectiveFrom: "2026-03-01" }),
    mappingWith({ payerId: "one", user: "bob", effectiveFrom: "2026-05-01" }),
    mappingWith({ payerId: "one", cluster: "gpu", account: "chem" }),
  ],
)
const at = (text: string): number => Date.parse(`${text}+07:00`) / 1000

describe("resolvePayer", () => {
  const who = (account: string, user: string, text: string): string => {
    const resolved = resolvePayer(payers, "ci", account, user, at(text))
    return resolved.kind === "unmapped"
      ? resolved.message
      : resolved.shares.map(({ payer, shareWeight }) => `${payer.id} ${shareWeight}`).join(", ")
  }

  it.each([
    ["dave", "2026-09-30T23:59:59", "one 100000000"],
    ["dave", "2026-10-01T00:00:00", "one 60000000, two 40000000"],
    ["alice", "2026-10-01T00:00:00", "two 100000000"],
    ["alice", "2026-02-28T23:59:59", "one 100000000"],
    ["alice", "2026-03-01T00:00:00", "two 100000000"],
    ["alice", "2026-12-25T00:00:00", "two 100000000"],
    ["bob", "2026-12-25T00:00:00", "one 100000000"],
  ])("of %s at %s: %s, by dates in the zone, in order of payers, the user's own mapping first", (user, text, expected) => {
    expect(who("physics", user, text)).toBe(expected)
  })

  it.each([
    ["chem", "2026-10-01T00:00:00"],
    ["physics", "2026-12-01T00:00:00"],
    ["physics", "2019-12-31T23:59:59"],
  ])("says what to do with usage of %s that nobody pays at %s", (account, text) => {
    const message = `account ${account} on cluster ci has no payer (user dave): add a mapping from the account to a payer.`
    expect(resolvePayer(payers, "ci", account, "dave", at(text))).toEqual({
      kind: "unmapped",
      cluster: "ci",
      account,
      user: "dave",
      message,
    })
  })

  it("asks those published later only at the instants at which nobody pays, each version in its turn", () => {
    const second = payersOf([two], [mappingWith({ account: "chem", payerId: "two", effectiveUntil: "2026-09-01" })])
    const third = payersOf([one, two], [mappingWith({ account: "chem", payerId: "one" }), mappingWith({ payerId: "two", user: "dave" })])
    const chained = { ...payers, later: { ...second, later: third } }
    const later = (account: string, text: string): string => {
      const resolved = resolvePayer(chained, "ci", account, "dave", at(text))
      return resolved.kind === "unmapped" ? "nobody" : resolved.shares.map(({ payer }) => payer.id).join(", ")
    }
    expect([later("chem", "2026-08-31T23:59:59"), later("chem", "2026-09-01T00:00:00")]).toEqual(["two", "one"])
    expect(later("physics", "2026-10-01T00:00:00")).toBe("one, two")
    expect(later("bio", "2026-10-01T00:00:00")).toBe("nobody")
    expect(payerChangeSeconds(chained, "ci", "chem", "dave")).toContain(at("2026-09-01T00:00:00"))
  })
})

describe("payerChangeSeconds", () => {
  const changes = (account: string, user: string): readonly (string | number)[] =>
    [...new Set(payerChangeSeconds(payers, "ci", account, user))]
      .sort((left, right) => left - right)
      .map((seconds) => (Number.isFinite(seconds) ? new Date((seconds + 7 * 3_600) * 1_000).toISOString().slice(0, 10) : seconds))

  it.each([
    ["dave", ["2020-01-01", "2026-10-01", "2026-12-01"]],
    ["alice", ["2020-01-01", "2026-03-01", "2026-10-01", "2026-12-01", Number.POSITIVE_INFINITY]],
    ["bob", ["2020-01-01", "2026-05-01", "2026-10-01", "2026-12-01", Number.POSITIVE_INFINITY]],
  ])("of %s are the bounds of the account's mappings and of the user's own", (user, expected) => {
    expect(changes("physics", user)).toEqual(expected)
  })

  it("are none for an account without a mapping on the cluster", () => {
    expect(changes("chem", "dave")).toEqual([])
  })
})
