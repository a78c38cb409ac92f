import { expect, it } from "vitest"
import { sampleBook } from "../../fixtures/makeUsage.ts"
import { periodRuleSteps } from "./periodRuleSteps.ts"
import type { Meter, RateCard } from "./RateBook.ts"
import type { RatedLine } from "./RatedLine.ts"

const [sample] = sampleBook().cards
const meter = (over: Partial<Meter>): Meter => ({ ...(sample?.meters[0] as Meter), sku: "cpu", unit: "core-h", ...over })
const card = (over: Partial<RateCard>, ...meters: readonly Meter[]): RateCard => ({
  ...(sample as RateCard),
  meters: [meter({ sku: "other" }), ...meters],
  ...over,
})
const line = (flag: string | null): RatedLine =>
  ({
    sku: "cpu",
    quantity: { units: 1_250n, scale: 2 },
    unit: "core-h",
    currency: "THB",
    flags: flag === null ? [] : [flag],
  }) as unknown as RatedLine
const values = { sku: "cpu", quantity: "12.5", unit: "core-h", currency: "THB" }
const bands = [
  { upTo: "10.00", price: "1.50" },
  { upTo: "20", price: "1" },
  { upTo: null, price: "0.50" },
]
const ofCard = { whatEn: "A month under this card", whatTh: "หนึ่งเดือนตามอัตรานี้" }
const ofMeter = { whatEn: "A month of cpu", whatTh: "cpu หนึ่งเดือน" }

it.each<[string, string | null, RateCard | null, readonly object[]]>([
  ["an allowance", "allowance", null, [{ code: "allowance", values }]],
  [
    "an allowance of an overridden price",
    "allowancex1.5",
    null,
    [
      { code: "period-factor", values: { factor: "1.5" } },
      { code: "allowance", values },
    ],
  ],
  [
    "a band",
    "band-2",
    card({}, meter({ model: { kind: "graduated", bands } })),
    [{ code: "band", values: { ...values, price: "1", first: "1.5", band: "2" } }],
  ],
  [
    "a band of a volume price, with a factor",
    "band-3x2",
    card({}, meter({ model: { kind: "volume", bands } })),
    [
      { code: "period-factor", values: { factor: "2" } },
      { code: "band", values: { ...values, price: "0.5", first: "1.5", band: "3" } },
    ],
  ],
  [
    "a package",
    "package",
    card({}, meter({ model: { kind: "package", size: "100.0" } })),
    [{ code: "package", values: { ...values, size: "100", packed: "core-h", band: "" } }],
  ],
  [
    "a card's minimum",
    "minimum",
    card({ minimum: "500.00" }, meter({})),
    [{ code: "minimum", values: { ...values, bound: "500", ...ofCard } }],
  ],
  ["a card's cap, its line of no meter", "cap", card({ cap: "900" }), [{ code: "cap", values: { ...values, bound: "900", ...ofCard } }]],
  [
    "a meter's cap before the card's",
    "cap",
    card({ cap: "900" }, meter({ cap: "70.5" })),
    [{ code: "cap", values: { ...values, bound: "70.5", ...ofMeter } }],
  ],
  ["a meter's minimum", "minimum", card({}, meter({ minimum: "7" })), [{ code: "minimum", values: { ...values, bound: "7", ...ofMeter } }]],
  ["a bound whose card is not at hand", "minimum", null, [{ code: "period-other", values: { what: "minimum" } }]],
  ["a bound that the card has no longer", "cap", card({}, meter({})), [{ code: "cap", values: { ...values, bound: "", ...ofCard } }]],
  [
    "a band whose meter has none",
    "band-1",
    card({}, meter({ model: { kind: "flat" } })),
    [{ code: "period-other", values: { what: "band-1" } }],
  ],
  ["a band whose meter is gone", "band-1", card({}), [{ code: "period-other", values: { what: "band-1" } }]],
  ["a package whose meter has no model", "package", card({}, meter({})), [{ code: "period-other", values: { what: "package" } }]],
  ["a rule that nobody knows", "allowances", null, [{ code: "period-other", values: { what: "allowances" } }]],
  [
    "a rule in a longer word",
    "my-band-2",
    card({}, meter({ model: { kind: "volume", bands } })),
    [{ code: "period-other", values: { what: "my-band-2" } }],
  ],
  ["no rule", null, card({}), [{ code: "period-other", values: { what: "" } }]],
])("of %s", (_, flag, of, steps) => {
  expect(periodRuleSteps(line(flag), of)).toEqual(steps)
})
