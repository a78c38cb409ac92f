import { Result } from "effect"
import { describe, expect, it } from "vitest"
import { mappingWith, payerWith } from "../../fixtures/makeUsage.ts"
import type { PayerMapping } from "../receipt/Payer.ts"
import { accountKey, preparePayers } from "./preparePayers.ts"

const zone = "Asia/Bangkok"
const one = payerWith("one", "MU")
const two = payerWith("two", "Gov")
const at = (text: string): number => Date.parse(`${text}+07:00`) / 1000

type Problem = readonly [path: string, code: string, values: Readonly<Record<string, string>>]

const share = (sharePercent: string): Partial<PayerMapping> => ({ payerId: "one", sharePercent })
const noShare = (text: string): readonly Problem[] => [["mappings[0].sharePercent", "payers-share", { share: text }]]
const physics = "account physics on ci"

describe("preparePayers", () => {
  it.each<readonly [what: string, mappings: readonly Partial<PayerMapping>[], problems: readonly Problem[]]>([
    ["unknown payer", [{ payerId: "one" }, { payerId: "three" }], [["mappings[1].payerId", "payers-unknown", { payer: "three" }]]],
    [
      "unknown payer, and shares that are looked at once it is known",
      [{ payerId: "three" }, { payerId: "one", account: "chem", sharePercent: "50" }],
      [["mappings[0].payerId", "payers-unknown", { payer: "three" }]],
    ],
    [
      "no such dates",
      [{ payerId: "one", effectiveFrom: "2026-02-30", effectiveUntil: "2026-11-31" }],
      [
        ["mappings[0].effectiveFrom", "payers-no-date", { date: "2026-02-30" }],
        ["mappings[0].effectiveUntil", "payers-no-date", { date: "2026-11-31" }],
      ],
    ],
    [
      "no such last day",
      [{ payerId: "one", effectiveUntil: "2026-11-31" }],
      [["mappings[0].effectiveUntil", "payers-no-date", { date: "2026-11-31" }]],
    ],
    [
      "until before from",
      [{ payerId: "one", effectiveUntil: "2019-01-01" }],
      [["mappings[0].effectiveUntil", "payers-until", { until: "2019-01-01", from: "2020-01-01" }]],
    ],
    [
      "until the day it begins",
      [{ payerId: "one", effectiveFrom: "2026-04-01", effectiveUntil: "2026-04-01" }],
      [["mappings[0].effectiveUntil", "payers-until", { until: "2026-04-01", from: "2026-04-01" }]],
    ],
    [
      "everything at once, each said once",
      [{ payerId: "three", effectiveFrom: "2026-02-30", effectiveUntil: "2019-01-01", sharePercent: "half" }],
      [
        ["mappings[0].payerId", "payers-unknown", { payer: "three" }],
        ["mappings[0].effectiveFrom", "payers-no-date", { date: "2026-02-30" }],
        ["mappings[0].sharePercent", "payers-share", { share: "half" }],
      ],
    ],
    [
      "a wrong payer of no days",
      [{ payerId: "three", effectiveUntil: "2019-01-01" }],
      [["mappings[0].payerId", "payers-unknown", { payer: "three" }]],
    ],
    [
      "a wrong share of no days",
      [{ payerId: "one", effectiveUntil: "2019-01-01", sharePercent: "0" }],
      [["mappings[0].sharePercent", "payers-share", { share: "0" }]],
    ],
    ["no share", [share("0")], noShare("0")],
    ["a share below zero", [share("-5")], noShare("-5")],
    ["more than all", [share("100.5")], noShare("100.5")],
    ["seven decimals", [share("12.1234567")], noShare("12.1234567")],
    ["no number", [share("all")], noShare("all")],
    [
      "shares below 100",
      [share("50"), { payerId: "two", sharePercent: "49.9" }],
      [["mappings[0]", "payers-shares", { who: physics, sum: "99.9", start: "2020-01-01" }]],
    ],
    [
      "shares above 100 for some days",
      [{ payerId: "one" }, { payerId: "two", effectiveFrom: "2026-01-01" }],
      [["mappings[0]", "payers-shares", { who: physics, sum: "200", start: "2026-01-01" }]],
    ],
    [
      "shares of one user, those of the account being right",
      [{ payerId: "one" }, { payerId: "two", user: "alice", sharePercent: "30" }],
      [["mappings[1]", "payers-shares", { who: `${physics}, user alice`, sum: "30", start: "2020-01-01" }]],
    ],
    [
      "shares of two accounts and of an account of the same name on another cluster",
      [share("60"), { ...share("70"), account: "chem" }, { ...share("80"), cluster: "gpu" }],
      [
        ["mappings[0]", "payers-shares", { who: physics, sum: "60", start: "2020-01-01" }],
        ["mappings[1]", "payers-shares", { who: "account chem on ci", sum: "70", start: "2020-01-01" }],
        ["mappings[2]", "payers-shares", { who: "account physics on gpu", sum: "80", start: "2020-01-01" }],
      ],
    ],
    [
      "the first days alone of those whose shares are wrong",
      [
        { ...share("60"), effectiveUntil: "2021-01-01" },
        { ...share("70"), effectiveFrom: "2021-01-01" },
      ],
      [["mappings[0]", "payers-shares", { who: physics, sum: "60", start: "2020-01-01" }]],
    ],
    [
      "days in the middle, in rows of any order",
      [
        { payerId: "one", effectiveFrom: "2024-01-01" },
        { payerId: "one", effectiveUntil: "2022-01-01", sharePercent: "30" },
        { payerId: "one", effectiveFrom: "2023-01-01", effectiveUntil: "2024-01-01", sharePercent: "80" },
        { payerId: "one", effectiveFrom: "2022-01-01", effectiveUntil: "2023-01-01" },
        { payerId: "two", effectiveUntil: "2022-01-01", sharePercent: "70" },
      ],
      [["mappings[0]", "payers-shares", { who: physics, sum: "80", start: "2023-01-01" }]],
    ],
    [
      "a payer twice from a later day on",
      [
        { payerId: "two", effectiveFrom: "2022-01-01", sharePercent: "50" },
        { payerId: "one", effectiveUntil: "2022-01-01" },
        { payerId: "two", effectiveFrom: "2022-01-01", sharePercent: "50" },
      ],
      [["mappings[0]", "payers-same-twice", { who: physics }]],
    ],
    ["a payer twice", [share("50"), share("50")], [["mappings[0]", "payers-same-twice", { who: physics }]]],
  ])("refuses %s", (_, mappings, problems) => {
    const prepared = preparePayers([one, two], mappings.map(mappingWith), zone)
    expect(Result.isFailure(prepared) && prepared.failure.map(({ path, code, values }) => [path, code, values])).toEqual(problems)
  })

  it.each<readonly [what: string, mappings: readonly Partial<PayerMapping>[]]>([
    ["a mapping of a single day", [{ payerId: "one", effectiveFrom: "2026-04-01", effectiveUntil: "2026-04-02" }]],
    ["six decimals", [share("12.123456"), { payerId: "two", sharePercent: "87.876544" }]],
    [
      "days between two mappings that nobody pays",
      [
        { ...share("100"), effectiveUntil: "2021-01-01" },
        { payerId: "two", effectiveFrom: "2022-01-01" },
      ],
    ],
    [
      "payers who take turns, in rows of any order",
      [
        { payerId: "one", effectiveFrom: "2024-01-01" },
        { payerId: "two", effectiveFrom: "2022-01-01", effectiveUntil: "2023-01-01", sharePercent: "60" },
        { payerId: "one", effectiveUntil: "2022-01-01" },
        { payerId: "one", effectiveFrom: "2022-01-01", effectiveUntil: "2023-01-01", sharePercent: "40" },
        { payerId: "two", effectiveFrom: "2023-01-01", effectiveUntil: "2024-01-01" },
      ],
    ],
    ["a user's own payer", [{ payerId: "one" }, { payerId: "two", user: "alice" }]],
    [
      "a payer who takes over from itself",
      [
        { ...share("100"), effectiveUntil: "2021-01-01" },
        { ...share("100"), effectiveFrom: "2021-01-01" },
      ],
    ],
  ])("takes %s", (_, mappings) => {
    expect(Result.isSuccess(preparePayers([one, two], mappings.map(mappingWith), zone))).toBe(true)
  })

  it("refuses a payer that stands twice", () => {
    const prepared = preparePayers([two, one, one], [], zone)
    expect(Result.isFailure(prepared) && prepared.failure.map(({ path, values }) => [path, values])).toEqual([
      ["payers[2].id", { payer: "one" }],
    ])
  })

  it("answers payers by id and mappings by account, with dates in the zone", () => {
    const mappings = [
      { payerId: "two", effectiveUntil: "2026-07-01", sharePercent: "25.5" },
      { payerId: "one", effectiveUntil: "2026-07-01", sharePercent: "74.5" },
      { payerId: "one", user: "alice" },
      { payerId: "two", account: "chem" },
    ]
    const { byId, byAccount } = Result.getOrThrow(preparePayers([one, two], mappings.map(mappingWith), zone))
    expect(byId).toEqual(
      new Map([
        ["one", one],
        ["two", two],
      ]),
    )
    const from = { user: null, fromSeconds: at("2020-01-01T00:00:00"), untilSeconds: Number.POSITIVE_INFINITY, shareWeight: 100_000_000n }
    const untilSeconds = at("2026-07-01T00:00:00")
    expect(byAccount).toEqual(
      new Map([
        [
          accountKey("ci", "physics"),
          [
            { ...from, payer: two, untilSeconds, shareWeight: 25_500_000n },
            { ...from, payer: one, untilSeconds, shareWeight: 74_500_000n },
            { ...from, payer: one, user: "alice" },
          ],
        ],
        [accountKey("ci", "chem"), [{ ...from, payer: two }]],
      ]),
    )
  })
})
