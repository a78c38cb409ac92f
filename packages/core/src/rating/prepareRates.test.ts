import { describe, expect, it } from "vitest"
import { sampleBook } from "../../fixtures/makeUsage.ts"
import { decimalOf, prepareRates } from "./prepareRates.ts"
import type { Meter, RateCard } from "./RateBook.ts"

const [sample] = sampleBook().cards
const meter = (over: object): Meter => ({ sku: "m", resource: "cpu", unit: "core-h", price: "1", ...over }) as Meter
const formula = (text: string): Meter => JSON.parse(JSON.stringify(meter({ sku: text, resource: undefined, formula: text })))
const prepared = (over: Partial<RateCard>, rest: Partial<Parameters<typeof prepareRates>[0]> = {}) => {
  const book = sampleBook({ cards: [{ ...(sample as RateCard), ...over }], overrides: [], ...rest })
  return prepareRates(book, () => "hash")
}
const cardWith = (over: Partial<RateCard>) => {
  const [card] = prepared(over).cards
  if (card === undefined) throw new Error("no card")
  return card
}

describe("prepareRates", () => {
  it.each<[string, Partial<RateCard>, RegExp]>([
    ["a date", { effectiveFrom: "2026-02-30" }, /^2026-02-30 is not a date: prepare only a checked rate book$/],
    ["a price", { meters: [meter({ price: "free" })] }, /^free is not a decimal number: prepare only a checked rate book$/],
    ["a formula that cannot be read", { meters: [formula("cpu_hours +")] }, /./],
    ["a formula of another unit", { meters: [formula("mem_gib_hours")] }, /./],
  ])("throws on %s that no check let pass", (_, over, message) => {
    expect(() => prepared(over)).toThrow(RangeError)
    expect(() => prepared(over)).toThrow(message)
  })

  const bands = [
    { upTo: "10", price: "2.50" },
    { upTo: null, price: "1" },
  ]
  it.each<[string, object, string]>([
    ["its price", {}, "1"],
    ["its price where the model is flat", { model: { kind: "flat" } }, "1"],
    ["its price beyond what is included", { model: { kind: "included", quantity: "9" } }, "1"],
    ["its first band where it is graduated", { price: undefined, model: { kind: "graduated", bands } }, "2.5"],
    ["its first band where it is priced by volume", { price: undefined, model: { kind: "volume", bands } }, "2.5"],
    ["nothing where packages are priced", { price: "7", model: { kind: "package", size: "10" } }, "0"],
    [
      "nothing where a formula gives the amount",
      { resource: undefined, unit: "job", price: undefined, amountFormula: "cpu_hours * 2" },
      "0",
    ],
  ])("a job's unit costs %s", (_, over, price) => {
    const meters = [JSON.parse(JSON.stringify(meter(over))) as Meter]
    expect(cardWith({ meters }).meters.map((each) => each.price)).toEqual([decimalOf(price)])
  })

  const choices = [{ combine: "max" as const, of: [["m"], ["n"]] }]
  it.each<[string, Partial<RateCard>, string]>([
    ["a card of resources", { meters: [meter({})] }, "always"],
    ["a card with an empty list of choices", { meters: [meter({})], choices: [] }, "always"],
    ["a card with a choice", { meters: [meter({}), meter({ sku: "n" })], choices }, "unless-suspended"],
    ["a card with a formula that time cuts evenly", { meters: [meter({}), formula("cpu_hours")] }, "always"],
    [
      "a card with a formula that suspension turns",
      { meters: [meter({}), formula("max(cpu_hours, cores * hours / 2)")] },
      "unless-suspended",
    ],
    ["a card with a formula that cannot be cut", { meters: [meter({}), formula("max(cpu_hours, 1)")] }, "never"],
    ["a card with a choice and a formula that cannot be cut", { meters: [meter({}), formula("max(cpu_hours, 1)")], choices }, "never"],
  ])("says of %s whether its usage may be cut", (_, over, additive) => {
    expect(cardWith(over).additive).toBe(additive)
  })

  it("knows what each meter counts, by what it multiplies and divides", () => {
    const [cpu, disk, gpu] = cardWith({
      quantityDecimals: 3,
      meters: [
        meter({}),
        meter({ sku: "disk", resource: "reading/storage", unit: "TiB-h" }),
        meter({ sku: "gpu", resource: "gres/gpu:h100", unit: "GPU-h" }),
      ],
    }).meters
    expect(cpu).toMatchObject({ counts: "cpu", numerator: 1_000n, denominator: 3_600n, formula: null, tax: null })
    expect(disk).toMatchObject({ counts: "reading/storage@TiB-h", numerator: 1_000n, denominator: 1_000_000_000n })
    expect(gpu).toMatchObject({ counts: "gres/gpu:h100", numerator: 1_000n, denominator: 3_600n })
    const [counted, priced] = cardWith({
      meters: [
        formula("cpu_hours"),
        JSON.parse(JSON.stringify(meter({ resource: undefined, unit: "job", price: undefined, amountFormula: "cpu_hours * 3" }))),
      ],
    }).meters
    expect(counted).toMatchObject({ counts: "", numerator: 1_000_000n, denominator: 1n, formula: { gives: "quantity" } })
    expect(priced).toMatchObject({ counts: "", formula: { gives: "amount" } })
  })

  it("knows the GPU types with a meter of their own, and the states that are charged", () => {
    const card = cardWith({
      charged: { states: ["FAILED"] },
      meters: [meter({}), meter({ resource: "gres/gpu" }), meter({ resource: "gres/gpu:a100" }), formula("cpu_hours")],
    })
    expect([...card.ownGpuResources]).toEqual(["gres/gpu:a100"])
    expect([...(card.chargedStates ?? [])]).toEqual(["FAILED"])
    expect(cardWith({ charged: { minimumSeconds: 5 } }).chargedStates).toBe(null)
    expect(cardWith({}).hash).toBe("hash")
  })

  it("ends a version where the next of its tier begins, or where it says", () => {
    const at = (date: string): number => Date.parse(`${date}T00:00:00+07:00`) / 1_000
    const version = (number: number, effectiveFrom: string, effectiveUntil: string | null, tier = "MU"): RateCard => ({
      ...(sample as RateCard),
      version: number,
      effectiveFrom,
      effectiveUntil,
      tier,
    })
    const { cards } = prepared(
      {},
      {
        cards: [
          version(3, "2026-09-01", null),
          version(1, "2026-01-01", "2026-03-01"),
          version(2, "2026-05-01", null),
          version(1, "2026-02-01", null, "Gov"),
        ],
      },
    )
    expect(cards.map(({ fromSeconds, untilSeconds }) => [fromSeconds, untilSeconds])).toEqual([
      [at("2026-09-01"), Number.POSITIVE_INFINITY],
      [at("2026-01-01"), at("2026-03-01")],
      [at("2026-05-01"), at("2026-09-01")],
      [at("2026-02-01"), Number.POSITIVE_INFINITY],
    ])
  })

  it("keeps overrides by account and user", () => {
    const own = (id: string, account: string | null, user: string | null) =>
      ({ ...(sampleBook().overrides[0] as object), id, account, user }) as ReturnType<typeof sampleBook>["overrides"][number]
    const { overrides } = prepared(
      {},
      { overrides: [own("a", "geo", "mia"), own("b", null, "mia"), own("c", "geo", "mia"), own("d", "geo", null)] },
    )
    expect([...overrides].map(([key, list]) => [key, list.map(({ override }) => override.id)])).toEqual([
      ['["geo","mia"]', ["a", "c"]],
      ['[null,"mia"]', ["b"]],
      ['["geo",null]', ["d"]],
    ])
  })
})
