import { describe, expect, it } from "vitest"
import { mappingWith, payersOf, payerWith, ratesOf, sampleBook } from "../../fixtures/makeUsage.ts"
import type { PayerMapping } from "../receipt/Payer.ts"
import { priceSegments } from "./priceSegments.ts"
import type { RateBook } from "./RateBook.ts"

const subject = { cluster: "ci", account: "physics", user: "dave", partition: "cpu", qos: "normal" }
const day = (seconds: number): string =>
  Number.isFinite(seconds) ? new Date((seconds + 7 * 3_600) * 1_000).toISOString().slice(0, 10) : String(seconds)

const segmentsOf = (mappings: readonly Partial<PayerMapping>[], book: Partial<RateBook> = {}, of = subject): readonly string[] =>
  priceSegments(
    ratesOf(sampleBook({ overrides: [], ...book })),
    payersOf([payerWith("one", "MU"), payerWith("two", "Gov"), payerWith("three", "MU")], mappings.map(mappingWith)),
    of,
  ).map(
    ({ fromSeconds, untilSeconds, parts }) =>
      `${day(fromSeconds)} ${day(untilSeconds)}: ${parts
        .map(
          ({ payerId, shareWeight, rate }) =>
            `${payerId} ${shareWeight / 1_000_000n} ${rate === null ? "no card" : `${rate.card.card.id} ${rate.card.card.version} ${rate.reference.tier} ${rate.override?.id ?? "-"}`}`,
        )
        .join(", ")}`,
  )

const override = (over: object): RateBook["overrides"][number] => ({
  id: "o",
  account: "physics",
  user: null,
  effectiveFrom: "2026-06-01",
  effectiveUntil: "2026-07-01",
  author: "a",
  reason: "r",
  factor: "0.5",
  ...over,
})

describe("priceSegments", () => {
  it("follow one another where payer, card or override change, each with its shares", () => {
    const mappings = [
      { payerId: "one", effectiveUntil: "2026-08-01" },
      { payerId: "two", effectiveFrom: "2026-08-01", effectiveUntil: "2026-09-01", sharePercent: "40" },
      { payerId: "one", effectiveFrom: "2026-08-01", effectiveUntil: "2026-09-01", sharePercent: "60" },
      { payerId: "one", effectiveFrom: "2026-09-01", effectiveUntil: "2026-10-01", sharePercent: "55" },
      { payerId: "two", effectiveFrom: "2026-09-01", effectiveUntil: "2026-10-01", sharePercent: "45" },
      { payerId: "three", effectiveFrom: "2026-10-01" },
    ]
    expect(segmentsOf(mappings, { overrides: [override({})] })).toEqual([
      expect.stringMatching(/^-Infinity 2010-01-01: unmapped 100 no card$/),
      expect.stringMatching(/^2010-01-01 2020-01-01: unmapped 100 list 1 \S* -$/),
      "2020-01-01 2026-04-16: one 100 mu 1 MU -",
      "2026-04-16 2026-06-01: one 100 mu 2 MU -",
      "2026-06-01 2026-07-01: one 100 mu 2 MU o",
      "2026-07-01 2026-08-01: one 100 mu 2 MU -",
      "2026-08-01 2026-09-01: one 60 mu 2 MU -, two 40 gov 2 Gov -",
      "2026-09-01 2026-10-01: one 55 mu 2 MU -, two 45 gov 2 Gov -",
      "2026-10-01 Infinity: three 100 mu 2 MU -",
    ])
  })

  it.each<[string, readonly Partial<PayerMapping>[], Partial<RateBook>]>([
    [
      "a mapping that goes on under the same payer",
      [
        { payerId: "one", effectiveUntil: "2026-08-01" },
        { payerId: "one", effectiveFrom: "2026-08-01" },
      ],
      {},
    ],
    [
      "another user's mapping and override",
      [{ payerId: "one" }, { payerId: "two", user: "eve", effectiveFrom: "2026-08-01" }],
      { overrides: [override({ account: null, user: "eve" })] },
    ],
    ["an override of another cluster", [{ payerId: "one" }], { overrides: [override({ cluster: "gpu" })] }],
  ])("are not cut by %s", (_, mappings, book) => {
    expect(segmentsOf(mappings, book).slice(2)).toEqual([
      "2020-01-01 2026-04-16: one 100 mu 1 MU -",
      "2026-04-16 Infinity: one 100 mu 2 MU -",
    ])
  })

  it("are worked out once for each kind of usage", () => {
    const rates = ratesOf(sampleBook())
    const payers = payersOf(
      [payerWith("one", "MU"), payerWith("two", "Gov")],
      [mappingWith({ payerId: "one" }), mappingWith({ payerId: "two", cluster: "gpu" })],
    )
    const known = priceSegments(rates, payers, subject)
    expect(priceSegments(rates, payers, { ...subject })).toBe(known)
    for (const other of [{ partition: "gpu" }, { qos: "high" }, { account: "chem" }, { user: "eve" }, { cluster: "gpu" }])
      expect(priceSegments(rates, payers, { ...subject, ...other })).not.toBe(known)
    expect(
      priceSegments(rates, payers, { ...subject, cluster: "gpu" })
        .at(-1)
        ?.parts.map(({ payerId }) => payerId),
    ).toEqual(["two"])
    expect(priceSegments(rates, payers, subject)).toBe(known)
    expect(priceSegments(ratesOf(sampleBook()), payers, subject)).not.toBe(known)
    expect(priceSegments(rates, payersOf([payerWith("one", "MU")], [mappingWith({ payerId: "one" })]), subject)).not.toBe(known)
  })
})
