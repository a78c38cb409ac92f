import { Result } from "effect"
import { describe, expect, it } from "vitest"
import { mappingWith, payersOf, payerWith } from "../../fixtures/makeUsage.ts"
import type { PayerMapping } from "../receipt/Payer.ts"
import { preparePayers } from "./preparePayers.ts"
import { payerChangeSeconds, resolvePayer } from "./resolvePayer.ts"

const zone = "Asia/Bangkok"
const one = payerWith("one", "MU")
const two = payerWith("two", "Gov")

describe("preparePayers", () => {
  it.each<readonly [what: string, mappings: readonly Partial<PayerMapping>[], problem: RegExp]>([
    ["unknown payer", [{ payerId: "three" }], /mappings\[0\]\.payerId: no payer has the id "three"/],
    ["no such date", [{ payerId: "one", effectiveFrom: "2026-02-30" }], /mappings\[0\]\.effectiveFrom/],
    ["until before from", [{ payerId: "one", effectiveUntil: "2019-01-01" }], /effectiveUntil: 2019-01-01 is not after/],
    [
      "until the day it begins",
      [{ payerId: "one", effectiveFrom: "2026-04-01", effectiveUntil: "2026-04-01" }],
      /effectiveUntil: 2026-04-01 is not after/,
    ],
    ["no percentage", [{ payerId: "one", sharePercent: "0" }], /sharePercent: "0" is not a percentage/],
    ["more than all", [{ payerId: "one", sharePercent: "100.5" }], /sharePercent/],
    [
      "shares below 100",
      [
        { payerId: "one", sharePercent: "50" },
        { payerId: "two", sharePercent: "49.9" },
      ],
      /sum to 99.9 %/,
    ],
    [
      "shares above 100 for some days",
      [{ payerId: "one" }, { payerId: "two", effectiveFrom: "2026-01-01" }],
      /sum to 200 % from 2026-01-01 on/,
    ],
    [
      "a payer twice",
      [
        { payerId: "one", sharePercent: "50" },
        { payerId: "one", sharePercent: "50" },
      ],
      /the same payer twice/,
    ],
  ])("%s", (_, mappings, problem) => {
    const prepared = preparePayers([one, two], mappings.map(mappingWith), zone)
    expect(Result.isFailure(prepared) && prepared.failure.map(({ message }) => message).join("\n")).toMatch(problem)
  })

  it("takes a mapping of a single day", () => {
    const mapping = mappingWith({ payerId: "one", effectiveFrom: "2026-04-01", effectiveUntil: "2026-04-02" })
    expect(Result.isSuccess(preparePayers([one], [mapping], zone))).toBe(true)
  })

  it("refuses a payer that stands twice", () => {
    expect(Result.isFailure(preparePayers([one, one], [], zone))).toBe(true)
  })
})

describe("resolvePayer", () => {
  const payers = payersOf(
    [one, two],
    [
      mappingWith({ payerId: "one", effectiveUntil: "2026-10-01" }),
      mappingWith({ payerId: "one", effectiveFrom: "2026-10-01", sharePercent: "60" }),
      mappingWith({ payerId: "two", effectiveFrom: "2026-10-01", sharePercent: "40" }),
      mappingWith({ payerId: "two", user: "alice" }),
    ],
  )
  const at = (text: string): number => Date.parse(`${text}+07:00`) / 1000
  const who = (account: string, user: string, text: string): string => {
    const resolved = resolvePayer(payers, "ci", account, user, at(text))
    return resolved.kind === "unmapped"
      ? resolved.message
      : resolved.shares.map(({ payer, shareWeight }) => `${payer.id} ${shareWeight}`).join(", ")
  }

  it("follows dates in the zone, shares and the user's own mapping", () => {
    expect(who("physics", "dave", "2026-09-30T23:59:59")).toBe("one 100000000")
    expect(who("physics", "dave", "2026-10-01T00:00:00")).toBe("one 60000000, two 40000000")
    expect(who("physics", "alice", "2026-10-01T00:00:00")).toBe("two 100000000")
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
    const changes = payerChangeSeconds(chained, "ci", "chem", "dave")
    expect(changes).toContain(at("2026-09-01T00:00:00"))
  })

  it("says what to do with usage that nobody pays", () => {
    expect(who("chem", "dave", "2026-10-01T00:00:00")).toBe(
      "account chem on cluster ci has no payer (user dave): add a mapping from the account to a payer.",
    )
  })
})
