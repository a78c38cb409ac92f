import { expect, it } from "vitest"
import { sampleBook } from "../../fixtures/makeUsage.ts"
import type { Meter, RateCard } from "./RateBook.ts"
import { taxRuleOf } from "./TaxRule.ts"

const [first] = sampleBook().cards
const basis = { th: "มาตรา ๘๑", en: "section 81" }
const tax = { codes: { reduced: { kind: "taxable", ratePercent: "2.5" }, teaching: { kind: "exempt", basis } } } as const
const card = { ...first, tax } as RateCard
const meter = (code?: string): Meter => ({ ...(first?.meters[0] as Meter), ...(code === undefined ? {} : { tax: code }) })

it.each([
  ["a meter without a code", card, meter(), null],
  ["the standard code", card, meter("standard"), null],
  ["a code that no card declares", card, meter("other"), null],
  ["a card that says nothing of tax", { ...card, tax: undefined } as unknown as RateCard, meter("reduced"), null],
  ["a rate of its own", card, meter("reduced"), { code: "reduced", ratePercent: "2.5", basis: "" }],
  ["an exemption", card, meter("teaching"), { code: "teaching", ratePercent: "0", basis: basis.en, basisThai: basis.th }],
  [
    "the card's default",
    { ...card, tax: { ...tax, default: "teaching" } },
    meter(),
    { code: "teaching", ratePercent: "0", basis: basis.en, basisThai: basis.th },
  ],
  [
    "its own code before the card's default",
    { ...card, tax: { ...tax, default: "teaching" } },
    meter("reduced"),
    { code: "reduced", ratePercent: "2.5", basis: "" },
  ],
])("taxes %s by its rule, or as the payer is", (_, of, by, rule) => {
  expect(taxRuleOf(of, by)).toEqual(rule)
})
