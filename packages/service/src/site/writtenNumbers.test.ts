import { readFileSync } from "node:fs"
import { preparePayers, type RateBook, readRateBook } from "@hpc-billing/core"
import { Effect, Result } from "effect"
import { describe, expect, it } from "vitest"
import { checkDraft } from "../http/draft/checkDraft.ts"
import { decodeStructured } from "./decodeStructured.ts"
import { type PayerBook, PayerBookSchema } from "./PayerBook.ts"
import { parseStructuredText, type StructuredFile } from "./readStructuredFile.ts"
import { decodeSite } from "./Site.ts"
import type { SiteError } from "./SiteError.ts"

const sample = (name: string): string => readFileSync(new URL(`../../../../examples/month-end/sites/ci/${name}`, import.meta.url), "utf8")

/** What a text is read to, or every sentence that refuses it. */
const read = <A>(name: string, text: string, decode: (file: StructuredFile) => Effect.Effect<A, SiteError>): A | string =>
  parseStructuredText(name, text).pipe(
    Effect.flatMap(decode),
    Effect.catch((error) => Effect.succeed(error.message)),
    Effect.runSync,
  )

const readRates = (text: string): RateBook | string => {
  const draft = checkDraft({ kind: "rates", text })
  if ("oversize" in draft) return draft.oversize.message
  return (draft.book as RateBook | null) ?? draft.problems.map(({ message }) => message).join("\n")
}
const readPayers = (text: string) => read("payers.yaml", text, (file) => decodeStructured(PayerBookSchema, file))
const readSite = (text: string) => read("site.yaml", text, decodeSite)

const replaced = (text: string, before: string, after: string): string => {
  expect(text).toContain(before)
  return text.replace(before, after)
}

const withPrice = (price: string) => replaced(sample("rates.yaml"), 'price: "9.25"', `price: ${price}`)
const withVersion = (version: string) => replaced(sample("rates.yaml"), "version: 2", `version: ${version}`)
const withShare = (share: string) =>
  replaced(sample("payers.yaml"), "account: physics, user: null, ", `account: physics, user: null, sharePercent: ${share}, `)
const withRate = (rate: string) => replaced(sample("payers.yaml"), 'ratePercent: "7"', `ratePercent: ${rate}`)
const withLoss = (untilDays: string, rate: string) =>
  `${sample("site.yaml")}expectedLosses: [{ untilDays: ${untilDays}, rate: ${rate} }, { untilDays: null, rate: 1 }]\n`

describe("numbers without quotes are read digit by digit", () => {
  it.each(["0.1", "7", "7.00", "12.3456789", "0.0000000001", "123456789012345678"])("price: %s", (price) => {
    expect(readRates(withPrice(price))).toMatchObject({ cards: [{}, { meters: [{}, {}, { price }, {}, {}] }, {}, {}] })
    expect(readRates(withPrice(price))).toEqual(readRates(withPrice(`"${price}"`)))
    expect(Result.getOrThrow(readRateBook(withPrice(price)))).toEqual(readRates(withPrice(price)))
  })

  it.each(["60", "33.333333", "0.5"])("sharePercent: %s", (sharePercent) => {
    expect(readPayers(withShare(sharePercent))).toMatchObject({ mappings: [{ sharePercent }, {}, {}, {}, {}, {}, {}] })
  })

  it.each(["7.00", "10", "0"])("ratePercent: %s", (ratePercent) => {
    expect(readPayers(withRate(ratePercent))).toMatchObject({ payers: [{}, { taxTreatment: { ratePercent } }, {}] })
  })

  it("tax ids, branches, account names and account numbers keep their zeros", () => {
    const payers = replaced(replaced(sample("payers.yaml"), '"0994000161492"', "0994000161492"), 'branch: "00001"', "branch: 00001")
    expect(readPayers(replaced(payers, "account: chem,", "account: 0042,"))).toMatchObject({
      payers: [{}, { taxId: "0994000161492" }, { branch: "00001" }],
      mappings: [{}, { account: "0042" }, {}, {}, {}, {}, {}],
    })
    expect(readSite(replaced(sample("site.yaml"), '"0994000158378"', "0994000158378"))).toMatchObject({
      issuer: { taxId: "0994000158378" },
    })
  })

  it("expected losses: days are whole numbers, rates are parts", () => {
    expect(readSite(withLoss("45", "0.035"))).toMatchObject({ expectedLosses: [{ untilDays: 45, rate: "0.035" }, { rate: "1" }] })
  })

  it("names of skus and partitions keep their digits, whatever they are called", () => {
    const text = replaced(sample("rates.yaml"), 'prices: { mem: "0.25" }', "prices: { version: 0.25, 007: 1.5 }").replaceAll(
      "sku: mem,",
      "sku: version,",
    )
    expect(readRates(text.replaceAll("sku: gpu,", "sku: 007,"))).toMatchObject({
      overrides: [{}, {}, { prices: { version: "0.25", "007": "1.5" } }],
    })
  })
})

describe("a number that is none here is refused, with what was written", () => {
  it.each(["1e5", "0x10", "0o17", ".inf", "-.inf", ".nan", "7.", ".5", "+3", "1_000", "0.12345678901", "1234567890123456789"])(
    "price: %s",
    (price) => {
      const problem = `cards[1].meters[2].price: it is "${price}": write a decimal number such as 12.50, with at most 10 decimals.`
      expect(readRates(withPrice(price))).toBe(problem)
      const alone = readRateBook(withPrice(price))
      expect(Result.isFailure(alone) && alone.failure.map(({ message }) => message)).toEqual([problem])
    },
  )

  it.each(["2.0", "2e0", "0x2", "02", "2.00000000000000000001", "9007199254740993"])("version: %s", (version) => {
    expect(readRates(withVersion(version))).toMatch(new RegExp(`^cards\\[1\\]\\.version: it is "?${version}"?: write `))
  })

  it.each(["1e1", "0x7", ".inf", "-7"])("ratePercent: %s", (rate) => {
    expect(readPayers(withRate(rate))).toContain(`"${rate}" is not a rate in percent such as "7"`)
  })

  it.each([
    ["3e1", "0.5"],
    ["0x1e", "0.5"],
    ["30.0", "0.5"],
    ["30", "5e-1"],
    ["30", ".5"],
  ])("expectedLosses: untilDays %s, rate %s", (days, rate) => {
    expect(readSite(withLoss(days, rate))).toMatch(/^site\.yaml:\d+:\d+: expectedLosses\.0\.(untilDays|rate): /)
  })

  it.each(["6e1", "0x3C", ".inf", "33.3333333"])("sharePercent: %s", (share) => {
    const book = readPayers(withShare(share)) as PayerBook
    const prepared = preparePayers(book.payers, book.mappings, "UTC")
    expect(Result.isFailure(prepared) && prepared.failure.map(({ message }) => message)).toEqual([
      expect.stringMatching(new RegExp(`^mappings\\[0\\]\\.sharePercent: .*${share}`)),
    ])
  })

  it("in a file that says it is YAML 1.1, which reads 010 as 8", () => {
    expect(readSite(`%YAML 1.1\n---\n${sample("site.yaml")}`)).toBe(
      "site.yaml:1:1: It says that it is YAML 1.1: write it in YAML 1.2. Mend the YAML or JSON there.",
    )
  })
})
