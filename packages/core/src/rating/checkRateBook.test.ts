import { Result } from "effect"
import { describe, expect, it } from "vitest"
import { sampleBook } from "../../fixtures/makeUsage.ts"
import { documentProblemsMaximum } from "../document/DocumentLimits.ts"
import { checkRateBook } from "./checkRateBook.ts"

type Draft = ReturnType<typeof JSON.parse>

const draft = (): Draft => JSON.parse(JSON.stringify(sampleBook()))

const exempt = { kind: "exempt", basis: { th: "ป.รัษฎากร ม.81", en: "Revenue Code s.81" } }

const problemsOf = (document: unknown): readonly string[] => {
  const checked = checkRateBook(document)
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
