import { Result } from "effect"
import { describe, expect, it } from "vitest"
import { sampleBook } from "../../fixtures/makeUsage.ts"
import { documentProblemsMaximum } from "../document/DocumentLimits.ts"
import { checkRateBook } from "./checkRateBook.ts"
import { rateProblemTexts } from "./rateProblemTexts.ts"

type Draft = ReturnType<typeof JSON.parse>

const draft = (): Draft => JSON.parse(JSON.stringify(sampleBook()))

const exempt = { kind: "exempt", basis: { th: "ป.รัษฎากร ม.81", en: "Revenue Code s.81" } }

const blanksOf = (text: string): readonly string[] =>
  [...new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string))].sort()

const problemsOf = (document: unknown): readonly string[] => {
  const checked = checkRateBook(document)
  for (const { code, values } of Result.isFailure(checked) ? checked.failure : [])
    expect(Object.keys(values).sort()).toEqual(blanksOf(rateProblemTexts[code]))
  return Result.isFailure(checked) ? checked.failure.map(({ path, reason, message }) => `${reason} | ${path} | ${message}`) : []
}

describe("checkRateBook", () => {
  it("takes the sample book", () => {
    expect(problemsOf(sampleBook())).toEqual([])
  })

  const cases: readonly (readonly [what: string, change: (book: Draft) => void, problem: RegExp])[] = [
    [
      "misspelt field",
      (book) => {
        book.cards[0].efectiveFrom = "2020-01-01"
      },
      /^unknown-field \| cards\[0\]\.efectiveFrom \| .*did you mean "effectiveFrom"\?/,
    ],
    [
      "unknown field",
      (book) => {
        book.colour = "red"
      },
      /^unknown-field \| colour \| .*use one of format, currency/,
    ],
    [
      "missing field",
      (book) => {
        delete book.cards[0].basis
      },
      /^missing-field \| cards\[0\]\.basis/,
    ],
    [
      "price as a number",
      (book) => {
        book.cards[0].meters[0].price = 0.5
      },
      /^wrong-value \| cards\[0\]\.meters\[0\]\.price \| .* is 0\.5: write a text in quotes/,
    ],
    [
      "price that is no number",
      (book) => {
        book.cards[0].meters[0].price = "1,5"
      },
      /wrong-value .*write a decimal number such as 12\.50/,
    ],
    [
      "unknown basis",
      (book) => {
        book.cards[0].basis = "used"
      },
      /wrong-value \| cards\[0\]\.basis \| .*one of allocated, consumed, dominant, slurm-billing/,
    ],
    [
      "unknown zone",
      (book) => {
        book.zone = "Asia/Bankok"
      },
      /^unknown-zone \| zone/,
    ],
    [
      "date that does not exist",
      (book) => {
        book.cards[1].effectiveFrom = "2026-02-30"
      },
      /^no-such-date \| cards\[1\]\.effectiveFrom/,
    ],
    [
      "until before from",
      (book) => {
        book.cards[1].effectiveUntil = "2026-04-16"
      },
      /^until-not-after-from \| cards\[1\]\.effectiveUntil/,
    ],
    [
      "the same version twice",
      (book) => {
        book.cards[1].version = 1
      },
      /^duplicate \| cards\[1\] \| .*mu version 1/,
    ],
    [
      "overlapping dates",
      (book) => {
        book.cards[0].effectiveUntil = "2026-05-01"
      },
      /^overlapping-dates \| cards\[1\] \| .*from 2026-04-16 it overlaps cards\[0\]/,
    ],
    [
      "two cards of one tier",
      (book) => {
        book.cards[1].id = "other"
      },
      /^overlapping-dates \| cards\[1\]/,
    ],
    [
      "gap",
      (book) => {
        book.cards[0].effectiveUntil = "2026-04-01"
      },
      /^gap \| cards\[1\] \| .*from 2026-04-01 until 2026-04-16/,
    ],
    [
      "negative price",
      (book) => {
        book.cards[0].meters[0].price = "-1"
      },
      /^negative-price \| cards\[0\]\.meters\[0\]\.price/,
    ],
    [
      "negative override",
      (book) => {
        book.overrides[0].prices.cpu = "-1"
      },
      /^negative-price \| overrides\[0\]\.prices\.cpu/,
    ],
    [
      "unknown tier",
      (book) => {
        book.cards[0].tier = "MUU"
      },
      /^unknown-tier \| cards\[0\]\.tier \| .*did you mean "MU"\?/,
    ],
    [
      "unknown unit",
      (book) => {
        book.cards[0].meters[0].unit = "core-hr"
      },
      /^unknown-unit \| cards\[0\]\.meters\[0\]\.unit \| .*did you mean "core-h"\?/,
    ],
    [
      "unit of another resource",
      (book) => {
        book.cards[0].meters[0].unit = "GiB-h"
      },
      /^unknown-unit .*does not measure cpu/,
    ],
    [
      "unknown resource",
      (book) => {
        book.cards[0].meters[0].resource = "cpus"
      },
      /^unknown-resource .*did you mean "cpu"\?/,
    ],
    [
      "two sources",
      (book) => {
        book.cards[0].meters[0].formula = "cpu_hours"
      },
      /^meter-shape/,
    ],
    [
      "no price",
      (book) => {
        delete book.cards[0].meters[0].price
      },
      /^meter-shape \| cards\[0\]\.meters\[0\]\.price/,
    ],
    [
      "unknown model",
      (book) => {
        book.cards[0].meters[0].model = { kind: "tiered" }
      },
      /^wrong-value .*kind is one of flat, graduated, volume, package, included/,
    ],
    [
      "bands downwards",
      (book) => {
        const meter = book.cards[0].meters[0]
        delete meter.price
        meter.model = {
          kind: "graduated",
          bands: [
            { upTo: "10", price: "1" },
            { upTo: "5", price: "1" },
            { upTo: null, price: "1" },
          ],
        }
      },
      /^bands .*model\.bands\[1\]/,
    ],
    [
      "bands without an end",
      (book) => {
        const meter = book.cards[0].meters[0]
        delete meter.price
        meter.model = { kind: "volume", bands: [{ upTo: "10", price: "1" }] }
      },
      /^bands .*last band has no end/,
    ],
    [
      "a month counted from its middle",
      (book) => {
        book.cards[1].minimum = "100"
      },
      /^period-start \| cards\[1\]\.effectiveFrom/,
    ],
    [
      "unknown sku",
      (book) => {
        book.overrides[0].prices = { cpuu: "1" }
      },
      /^unknown-sku \| overrides\[0\]\.prices\.cpuu \| .*did you mean "cpu"\?/,
    ],
    [
      "an override of nobody",
      (book) => {
        book.overrides[0].user = null
      },
      /^override-shape \| overrides\[0\]/,
    ],
    [
      "an override of nothing",
      (book) => {
        delete book.overrides[0].prices
      },
      /^override-shape .*changes nothing/,
    ],
    [
      "an override without author",
      (book) => {
        book.overrides[0].author = " "
      },
      /^wrong-value \| overrides\[0\]\.author/,
    ],
    [
      "two equal overrides",
      (book) => {
        book.overrides.push({ ...book.overrides[0], id: "again" })
      },
      /^ambiguous \| overrides\[2\] \| .*overrides\[0\]/,
    ],
    [
      "two equal rules",
      (book) => {
        book.tiers[0].rules = [{ account: "phys*" }]
        book.tiers[1].rules = [{ account: "*ics" }]
      },
      /^ambiguous \| tiers\[1\]\.rules\[0\]/,
    ],
    [
      "a rule for everyone",
      (book) => {
        book.tiers[0].rules = [{}]
      },
      /^missing-field \| tiers\[0\]\.rules\[0\]/,
    ],
    [
      "a sku in two alternatives",
      (book) => {
        book.cards[0].choices = [{ combine: "max", of: [["cpu"], ["cpu", "mem"]] }]
      },
      /^duplicate \| cards\[0\]\.choices\[0\]\.of\[1\]\[0\]/,
    ],
    [
      "dominant without nodes",
      (book) => {
        book.cards[0].basis = "dominant"
      },
      /^missing-field \| cards\[0\]\.nodeShapes/,
    ],
    [
      "licences of one name for formulas",
      (book) => {
        book.cards[0].licenses = ["ansys-hpc", "ansys.hpc"]
      },
      /^duplicate \| cards\[0\]\.licenses \| .*"ansys\.hpc" gives formulas the name licenses_ansys_hpc, as "ansys-hpc" does/,
    ],
    [
      "a constant with the name of a licence",
      (book) => {
        book.cards[0].licenses = ["matlab"]
        book.cards[0].constants = { licenses_matlab: "2" }
      },
      /^duplicate \| cards\[0\]\.constants\.licenses_matlab/,
    ],
    [
      "an unknown tax code of a meter",
      (book) => {
        book.cards[0].tax = { codes: { education: exempt } }
        book.cards[0].meters[1].tax = "educaton"
      },
      /^unknown-tax \| cards\[0\]\.meters\[1\]\.tax \| .*tax code "educaton" is not declared: did you mean "education"\?/,
    ],
    [
      "an unknown tax code of a card",
      (book) => {
        book.cards[0].tax = { default: "VAT" }
      },
      /^unknown-tax \| cards\[0\]\.tax\.default \| .*tax code "VAT" is not declared: add it to cards\[0\]\.tax\.codes, or use one of standard\./,
    ],
    [
      "a tax code of a prototype's name",
      (book) => {
        book.cards[0].tax = { default: "constructor" }
      },
      /^unknown-tax \| cards\[0\]\.tax\.default/,
    ],
    [
      "an exemption without its basis",
      (book) => {
        book.cards[0].tax = { codes: { education: { kind: "exempt" } } }
      },
      /^missing-field \| cards\[0\]\.tax\.codes\.education\.basis \| .*is missing: add it\./,
    ],
    [
      "an exemption whose basis says nothing",
      (book) => {
        book.cards[0].tax = { codes: { education: { kind: "exempt", basis: { th: "", en: "Revenue Code s.81" } } } }
      },
      /^wrong-value \| cards\[0\]\.tax\.codes\.education\.basis\.th \| .*is "": write a text of 1 to 500 characters\./,
    ],
    [
      "a tax rate above a hundred",
      (book) => {
        book.cards[0].tax = { codes: { high: { kind: "taxable", ratePercent: "100.5" } } }
      },
      /^wrong-value \| cards\[0\]\.tax\.codes\.high\.ratePercent \| .*write a rate in percent from 0 to 100/,
    ],
    [
      "another meaning for the standard tax code",
      (book) => {
        book.cards[0].tax = { codes: { standard: exempt } }
      },
      /^wrong-value \| cards\[0\]\.tax\.codes\.standard \| .*"standard" follows the payer/,
    ],
    [
      "a minimum over several tax codes",
      (book) => {
        book.cards[0].tax = { codes: { education: exempt } }
        book.cards[0].meters[1].tax = "education"
        book.cards[0].minimum = "500"
      },
      /^meter-shape \| cards\[0\]\.minimum \| .*a minimum over meters of the tax codes standard, education cannot be taxed/,
    ],
  ]
  it.each(cases)("%s", (_, change, problem) => {
    const book = draft()
    change(book)
    expect(problemsOf(book).join("\n")).toMatch(new RegExp(problem.source, "m"))
  })

  const codesOf = (document: unknown): readonly string[] => {
    const checked = checkRateBook(document)
    return Result.isFailure(checked) ? checked.failure.map(({ path, code }) => `${path} ${code}`) : []
  }
  const meterOf = (book: Draft, meter: object): void => {
    book.cards[0].meters.push({ sku: "added", resource: "cpu", unit: "core-h", price: "1", ...meter })
  }
  const added = "cards[0].meters[4]"
  const banded = (kind: string, ...bands: readonly (readonly [string | null, string])[]) => ({
    price: undefined,
    model: { kind, bands: bands.map(([upTo, price]) => ({ upTo, price })) },
  })
  const stored = (book: Draft): Draft => JSON.parse(JSON.stringify(book))
  /** What a period's rules need: cards that begin with a month. */
  const monthly = (book: Draft): void => {
    for (const card of book.cards) if (card.effectiveFrom === "2026-04-16") card.effectiveFrom = "2026-04-01"
  }
  const overridesOf = (book: Draft, ...overrides: readonly object[]): void => {
    const [first] = book.overrides
    book.overrides = overrides.map((override, index) => ({ ...first, effectiveUntil: null, id: `o${index}`, ...override }))
  }
  const rulesOf = (book: Draft, ...rules: readonly (readonly [tier: number, rule: object])[]): void => {
    for (const [tier, rule] of rules) book.tiers[tier].rules.push(rule)
  }

  it.each<readonly [what: string, change: (book: Draft) => void, problems: readonly string[]]>([
    ["a tier twice", (book) => book.tiers.push({ name: "Gov", rules: [] }), ["tiers[3] book-duplicate-tier"]],
    ["an override's id twice", (book) => (book.overrides[1].id = "alice-thesis"), ["overrides[1] book-duplicate-override"]],
    ["a sku twice", (book) => (book.cards[2].meters[3].sku = "cpu"), ["cards[2].meters[3] book-duplicate-sku"]],
    [
      "a factor twice",
      (book) => book.cards[1].factors.push({ by: "qos", name: "high", factor: "2" }),
      ["cards[1].factors[3] book-duplicate-factor"],
    ],
    ["factors of one name by different things", (book) => book.cards[1].factors.push({ by: "partition", name: "high", factor: "2" }), []],
    [
      "dates of overrides",
      (book) => {
        book.overrides[0].effectiveFrom = "2026-06-31"
        book.overrides[1].effectiveUntil = "2026-01-01"
      },
      ["overrides[0].effectiveFrom book-no-such-date", "overrides[1].effectiveUntil book-until-not-after-from"],
    ],
    ["a card that begins with the one before it", (book) => (book.cards[3].effectiveFrom = "2010-01-01"), ["cards[3] book-overlap-open"]],
    ["a lower version that comes after a higher one", (book) => (book.cards[2].version = 3), ["cards[3] book-overlap-open"]],
    [
      "cards out of order, which follow each other",
      (book) => {
        book.cards.reverse()
        for (const card of book.cards) if (card.version === 1) card.effectiveUntil = "2026-04-16"
      },
      [],
    ],
    ["a gap of the default card", (book) => (book.cards[6].effectiveUntil = "2026-03-01"), ["cards[7] book-gap"]],
    [
      "negative factor, minimum and cap",
      (book) => {
        monthly(book)
        book.cards[0].factors[0].factor = "-0.5"
        book.cards[0].minimum = "-1"
        book.cards[0].cap = "-2"
      },
      ["cards[0].factors[0].factor book-negative", "cards[0].minimum book-negative", "cards[0].cap book-negative"],
    ],
    [
      "a factor of an unknown tier",
      (book) => book.cards[0].factors.push({ by: "tier", name: "Army", factor: "2" }),
      ["cards[0].factors[3].name book-unknown-tier"],
    ],
    [
      "a factor of a known tier, or of a partition of any name",
      (book) => book.cards[0].factors.push({ by: "tier", name: "Gov", factor: "2" }, { by: "partition", name: "Army", factor: "2" }),
      [],
    ],
    [
      "an alternative of an unknown sku",
      (book) => (book.cards[0].choices = [{ combine: "max", of: [["cpu"], ["tape"]] }]),
      ["cards[0].choices[0].of[1][0] book-unknown-sku"],
    ],
    [
      "GPU types of one name for formulas",
      (book) => (book.cards[0].gpuTypes = ["h100.80", "h100-80"]),
      ["cards[0].gpuTypes book-name-given-twice"],
    ],
    [
      "constants without a proper name",
      (book) => (book.cards[0].constants = { "2x": "2", "a b": "1", "x!": "1", [`n${"a".repeat(64)}`]: "1", _good: "1" }),
      [
        "cards[0].constants.2x book-constant-name",
        "cards[0].constants.a b book-constant-name",
        "cards[0].constants.x! book-constant-name",
        `cards[0].constants.n${"a".repeat(64)} book-constant-name`,
      ],
    ],
    [
      "constants of names that formulas have",
      (book) => (book.cards[0].constants = { cores: "2", min: "1" }),
      ["cards[0].constants.cores book-constant-taken", "cards[0].constants.min book-constant-taken"],
    ],
    [
      "a node's shape",
      (book) => (book.cards[0].nodeShapes = { gpu: { cpu: 64, "gres/gpu": 0, disk: 4 } }),
      ["cards[0].nodeShapes.gpu.gres/gpu book-node-without", "cards[0].nodeShapes.gpu.disk book-unknown-resource"],
    ],
    [
      "shares of a node that is said",
      (book) => {
        book.cards[0].basis = "dominant"
        book.cards[0].nodeShapes = { "*": { cpu: 64 } }
      },
      [],
    ],
    [
      "what is imputed",
      (book) => (book.cards[0].imputed = [{ partition: null, whenAtLeast: { tape: 1 }, perNode: { cpu: 1, nod: 2 } }]),
      ["cards[0].imputed[0].whenAtLeast.tape book-unknown-resource", "cards[0].imputed[0].perNode.nod book-unknown-resource-near"],
    ],
    ["another rounding", (book) => (book.cards[4].rounding = { mode: "down", per: "receipt" }), ["cards[4].rounding book-rounding"]],
    ["no rounding among cards that have one", (book) => delete book.cards[4].rounding, ["cards[4].rounding book-rounding"]],
    ...(["allowance", "minimum", "cap"] as const).map(
      (field) =>
        [
          `a meter's ${field} from the middle of a month`,
          (book: Draft) => (book.cards[1].meters[0][field] = "10"),
          ["cards[1].effectiveFrom book-period-start"],
        ] as const,
    ),
    [
      "a card's cap until the middle of a month",
      (book) => {
        for (const card of book.cards) if (card.version === 1) card.effectiveUntil = "2026-04-16"
        book.cards[0].cap = "10"
      },
      ["cards[0].effectiveUntil book-period-start"],
    ],
    [
      "bands from the middle of a month",
      (book) => Object.assign(book.cards[1].meters[0], banded("graduated", [null, "1"])),
      ["cards[1].effectiveFrom book-period-start"],
    ],
    ["a flat model from the middle of a month", (book) => (book.cards[1].meters[0].model = { kind: "flat" }), []],
    [
      "a negative allowance, minimum and cap of a meter",
      (book) => meterOf(book, { allowance: "-1", minimum: "-2", cap: "-3" }),
      [`${added}.allowance book-negative`, `${added}.minimum book-negative`, `${added}.cap book-negative`],
    ],
    ["no source", (book) => meterOf(book, { resource: undefined }), [`${added} book-meter-sources`]],
    ["a formula beside a resource", (book) => meterOf(book, { formula: "cpu_hours" }), [`${added} book-meter-sources`]],
    [
      "an amount formula",
      (book) => meterOf(book, { resource: undefined, amountFormula: "cpu_hours * 2", unit: "job", price: undefined }),
      [],
    ],
    [
      "an amount formula with a flat model",
      (book) =>
        meterOf(book, { resource: undefined, amountFormula: "cpu_hours * 2", unit: "job", price: undefined, model: { kind: "flat" } }),
      [],
    ],
    [
      "an amount formula with a price",
      (book) => meterOf(book, { resource: undefined, amountFormula: "cpu_hours * 2", unit: "job" }),
      [`${added} book-amount-formula-priced`],
    ],
    [
      "an amount formula with a model",
      (book) =>
        meterOf(book, {
          resource: undefined,
          amountFormula: "cpu_hours * 2",
          unit: "job",
          price: undefined,
          model: { kind: "package", size: "1" },
        }),
      [`${added} book-amount-formula-priced`],
    ],
    [
      "an amount formula by the hour",
      (book) => meterOf(book, { resource: undefined, amountFormula: "cpu_hours * 2", price: undefined }),
      [`${added}.unit book-amount-formula-unit`],
    ],
    [
      "a price beside bands",
      (book) => meterOf(book, { ...banded("volume", [null, "1"]), price: "1" }),
      [`${added}.price book-banded-price`],
    ],
    [
      "no price of a package",
      (book) => meterOf(book, { price: undefined, model: { kind: "package", size: "10" } }),
      [`${added}.price book-no-price`],
    ],
    ["a unit that is like none", (book) => meterOf(book, { unit: "zzzzzzzz" }), [`${added}.unit book-unknown-unit`]],
    ["a reading in a unit of its own", (book) => meterOf(book, { resource: "reading/storage", unit: "TiB-h" }), []],
    [
      "another resource than billing where Slurm's billing counts",
      (book) => {
        book.cards[0].basis = "slurm-billing"
        book.cards[0].meters = [
          { sku: "b", resource: "billing", unit: "billing-h", price: "1" },
          { sku: "s", resource: "reading/storage", unit: "TiB-h", price: "1" },
          { sku: "cpu", resource: "cpu", unit: "core-h", price: "1" },
        ]
      },
      ["cards[0].meters[2].resource book-slurm-billing"],
    ],
    [
      "formulas that cannot be read or make another unit",
      (book) => {
        meterOf(book, { resource: undefined, formula: "cpu_hours +" })
        meterOf(book, { sku: "more", resource: undefined, formula: "mem_gb_hours" })
      },
      [`${added}.formula book-formula-detail`, "cards[0].meters[5].formula book-formula-detail"],
    ],
    ...(["consumed", "dominant"] as const).map(
      (basis) =>
        [
          `formulas of what was ${basis}`,
          (book: Draft) => {
            meterOf(book, { resource: undefined, formula: "cpu_hours" })
            Object.assign(book.cards[0], { basis, nodeShapes: { "*": { cpu: 8 } } })
          },
          [`${added}.formula book-formula-basis`],
        ] as const,
    ),
    [
      "decimals beyond the card's",
      (book) => {
        book.cards[0].quantityDecimals = 2
        meterOf(book, { allowance: "1.005" })
        meterOf(book, { sku: "p", model: { kind: "package", size: "0.125" } })
        meterOf(book, { sku: "i", model: { kind: "included", quantity: "1.255" } })
        meterOf(book, { sku: "g", ...banded("graduated", ["1.25", "1"], ["2.125", "1"], [null, "1"]) })
      },
      [
        `${added}.allowance book-too-many-decimals`,
        "cards[0].meters[5].model.size book-too-many-decimals",
        "cards[0].meters[6].model.quantity book-too-many-decimals",
        "cards[0].meters[7].model.bands[1].upTo book-too-many-decimals",
      ],
    ],
    [
      "six decimals without a word of them",
      (book) => {
        delete book.cards[0].quantityDecimals
        meterOf(book, { allowance: "1.000005" })
      },
      [],
    ],
    [
      "an allowance of an included meter",
      (book) => meterOf(book, { allowance: "1", model: { kind: "included", quantity: "2" } }),
      [`${added}.allowance book-free-twice`],
    ],
    [
      "an empty package, and less than nothing included",
      (book) => {
        meterOf(book, { model: { kind: "package", size: "0" } })
        meterOf(book, { sku: "p", model: { kind: "package", size: "-4" } })
        meterOf(book, { sku: "i", model: { kind: "included", quantity: "-1" } })
      },
      [
        `${added}.model.size book-empty-package`,
        "cards[0].meters[5].model.size book-empty-package",
        "cards[0].meters[6].model.quantity book-negative",
      ],
    ],
    [
      "bands in disorder",
      (book) => {
        meterOf(book, banded("graduated", [null, "1"], ["5", "-1"], ["5", "1"], [null, "1"]))
        meterOf(book, { sku: "zero", ...banded("volume", ["0", "1"], [null, "1"]) })
      },
      [
        `${added}.model.bands[0].upTo book-endless-band`,
        `${added}.model.bands[1].price book-negative`,
        `${added}.model.bands[2].upTo book-band-order`,
        "cards[0].meters[5].model.bands[0].upTo book-band-order",
      ],
    ],
    ["a tier of no card's like", (book) => (book.cards[0].tier = "Observatory"), ["cards[0].tier book-unknown-tier"]],
    [
      "tax codes that cannot be names",
      (book) => (book.cards[0].tax = { codes: { "a b": exempt, "x|": exempt, [`${"c".repeat(65)}`]: exempt, "ok-1": exempt } }),
      [
        "cards[0].tax.codes.a b book-tax-code-name",
        "cards[0].tax.codes.x| book-tax-code-name",
        `cards[0].tax.codes.${"c".repeat(65)} book-tax-code-name`,
      ],
    ],
    [
      "a cap over several tax codes",
      (book) => {
        book.cards[0].tax = { codes: { education: exempt } }
        book.cards[0].meters[1].tax = "education"
        book.cards[0].cap = "500"
      },
      ["cards[0].cap book-bound-taxes"],
    ],
    [
      "a cap over one tax code that is no standard",
      (book) => {
        book.cards[0].tax = { codes: { education: exempt }, default: "education" }
        book.cards[0].cap = "500"
      },
      [],
    ],
    ["a price of no sku's like", (book) => (book.overrides[0].prices = { zzzzzz: "1" }), ["overrides[0].prices.zzzzzz book-unknown-sku"]],
    [
      "an override's tier and factor",
      (book) => Object.assign(book.overrides[1], { tier: "Govt", factor: "-1" }),
      ["overrides[1].tier book-unknown-tier-near", "overrides[1].factor book-negative"],
    ],
    [
      "rules of different tiers on names that never meet",
      (book) => rulesOf(book, [0, { account: "phys*" }], [1, { account: "chem*" }]),
      [],
    ],
    ["rules of one tier on the same names", (book) => rulesOf(book, [0, { account: "phys*" }], [0, { account: "*ics" }]), []],
    [
      "rules that look differently closely",
      (book) => rulesOf(book, [0, { account: "phys*" }], [1, { account: "phys*", cluster: "ci" }]),
      [],
    ],
    [
      "rules that meet in every field",
      (book) => rulesOf(book, [0, { account: "p*", user: "a*" }], [1, { account: "*s", user: "*b" }]),
      ["tiers[1].rules[0] book-rules-tie"],
    ],
    [
      "rules that meet in one field of two",
      (book) => rulesOf(book, [0, { account: "p*", user: "a*" }], [1, { account: "*s", user: "b*" }]),
      [],
    ],
    [
      "overrides on days that meet",
      (book) => overridesOf(book, { effectiveUntil: "2026-09-01" }, { effectiveFrom: "2026-08-31" }),
      ["overrides[1] book-overrides-tie"],
    ],
    [
      "overrides on days that follow each other",
      (book) => overridesOf(book, { effectiveUntil: "2026-09-01" }, { effectiveFrom: "2026-09-01" }),
      [],
    ],
    [
      "overrides on days that follow each other, the later first",
      (book) => overridesOf(book, { effectiveFrom: "2026-09-01" }, { effectiveUntil: "2026-09-01" }),
      [],
    ],
    [
      "overrides of which one begins in the other, the later first",
      (book) => overridesOf(book, { effectiveFrom: "2026-08-31" }, { effectiveUntil: "2026-09-01" }),
      ["overrides[1] book-overrides-tie"],
    ],
    ["overrides on two clusters", (book) => overridesOf(book, { cluster: "ci" }, { cluster: "gpu" }), []],
    ["overrides on one cluster", (book) => overridesOf(book, { cluster: "ci" }, { cluster: "ci" }), ["overrides[1] book-overrides-tie"]],
    [
      "an override on every cluster and one on one",
      (book) => overridesOf(book, {}, { cluster: "gpu" }),
      ["overrides[1] book-overrides-tie"],
    ],
    [
      "an override on one cluster and one on every",
      (book) => overridesOf(book, { cluster: "gpu" }, {}),
      ["overrides[1] book-overrides-tie"],
    ],
    ["overrides of two users", (book) => overridesOf(book, { user: "ann" }, { user: "ben" }), []],
    [
      "three overrides of which the last meets both",
      (book) => overridesOf(book, { cluster: "a" }, { cluster: "b" }, {}),
      ["overrides[2] book-overrides-tie", "overrides[2] book-overrides-tie"],
    ],
  ])("says of %s", (_, change, problems) => {
    const book = draft()
    change(book)
    expect(problemsOf(stored(book))).toHaveLength(problems.length)
    expect(codesOf(stored(book))).toEqual(problems)
  })

  it("refuses what is no object at all", () => {
    for (const document of [null, "", 3, []])
      expect(problemsOf(document)[0]).toMatch(/^wrong-value \| {2}\| the document: it is .*: write an object\./)
  })

  it("says every problem at once", () => {
    const book = draft()
    book.cards[0].meters[0].price = "-1"
    book.overrides[0].prices = { cpuu: "1" }
    expect(problemsOf(book)).toHaveLength(2)
  })

  it("lets a higher version end the one before", () => {
    const book = draft()
    book.cards[0].effectiveUntil = "2026-04-16"
    expect(problemsOf(book)).toEqual([])
  })

  const tied = (rules: readonly (readonly object[])[]): readonly string[] => {
    const book = draft()
    rules.forEach((of, tier) => {
      book.tiers[tier].rules = of
    })
    return problemsOf(book).filter((problem) => problem.startsWith("ambiguous"))
  }

  it.each([
    ["the same names", [{ user: "ann", account: "looms" }], [{ account: "looms", user: "ann" }], 1],
    ["the same names on another cluster", [{ user: "ann", cluster: "one" }], [{ user: "ann", cluster: "two" }], 0],
    ["a name and a pattern of it on the same fields", [{ account: "looms", user: "a*" }], [{ account: "loo*", user: "ann" }], 1],
    ["a name and a pattern of another", [{ account: "looms", user: "a*" }], [{ account: "wea*", user: "ann" }], 0],
    ["two of a list of names", [{ payer: "p1" }, { payer: "p2" }, { payer: "p3" }], [{ payer: "p0" }, { payer: "p3" }, { payer: "p1" }], 2],
  ])("rules tie or not: %s", (_, first, second, count) => {
    expect(tied([first, second])).toHaveLength(count)
    expect(tied([second, first])).toHaveLength(count)
  })

  it("compares rules of names only with rules of the same names: as many as a tier may have are checked", () => {
    const names = (tier: number) => Array.from({ length: 5_000 }, (_, index) => ({ account: `${tier}-${index}` }))
    expect(tied([names(0), names(1)])).toEqual([])
  })

  it.each<readonly [what: string, change: (book: Draft) => void]>([
    [
      "overrides that all tie",
      (book) => {
        book.overrides = Array.from({ length: 3_000 }, (_, index) => ({ ...book.overrides[0], id: `o${index}` }))
      },
    ],
    [
      "rules that all tie",
      (book) => {
        for (const tier of [0, 1]) book.tiers[tier].rules = Array.from({ length: 2_000 }, (_, index) => ({ account: `*${index}*` }))
      },
    ],
    [
      "fields that nobody knows",
      (book) => {
        for (let index = 0; index < 900; index += 1) book[`field${index}`] = index
      },
    ],
  ])("of %s it tells the first problems, and that there are more", (_, change) => {
    const book = draft()
    change(book)
    const problems = problemsOf(book)
    expect(problems).toHaveLength(documentProblemsMaximum + 1)
    expect(problems.at(-1)).toBe("too-large |  | the document: there are more than 200 problems: correct those above, then check again.")
  })
})
