import { createHash } from "node:crypto"
import { Result } from "effect"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { mappingWith, payersOf, payerWith, ratesOf, sampleBook, usageWith } from "../../fixtures/makeUsage.ts"
import { canonicalJson } from "../canonicalJson.ts"
import { divide, multiplyDecimals, parseDecimal } from "../money/index.ts"
import {
  correctionLines,
  explainLine,
  explanationText,
  firstDifference,
  type RatedLine,
  ratePeriod,
  type TaxRule,
} from "../rating/index.ts"
import {
  checkReceipt,
  draftReceipt,
  isTaxInvoice,
  lineTaxes,
  type Payer,
  type Receipt,
  receiptFromJson,
  receiptToJson,
  type TaxTreatment,
  taxesOfPart,
} from "./index.ts"

const education: TaxRule = { code: "education", ratePercent: "0", basis: "Revenue Code s.81(1)(g)", basisThai: "ป.รัษฎากร ม.81(1)(ช)" }
const abroad: TaxRule = { code: "abroad", ratePercent: "0", basis: "" }
const luxury: TaxRule = { code: "luxury", ratePercent: "12.5", basis: "" }
const rules: readonly (TaxRule | undefined)[] = [undefined, education, abroad, luxury]

const taxable: TaxTreatment = { kind: "taxable", code: "VAT7", ratePercent: "7" }

const line = (id: string, amount: string, tax?: TaxRule, kind: RatedLine["kind"] = "usage"): RatedLine => {
  const unitPrice = parseDecimal(amount)
  if (unitPrice === null) throw new Error(amount)
  const quantity = { units: 1n, scale: 0 }
  return {
    id,
    kind,
    usageId: id,
    payerId: "lab",
    cluster: "tide",
    account: "sea",
    user: "nok",
    jobId: id,
    jobName: "",
    partition: "cpu",
    qos: "normal",
    state: "COMPLETED",
    window: { startSeconds: 1_790_000_000, endSeconds: 1_790_000_010 },
    sku: "cpu",
    quantity,
    unit: "h",
    unitPrice,
    amount: multiplyDecimals(quantity, unitPrice),
    currency: "THB",
    rate: { cardId: "c", cardVersion: 1, cardHash: "00", tier: "MU", overrideId: null, basis: "allocated" },
    ...(tax === undefined ? {} : { tax }),
    zeroReason: kind === "zero" ? "zero-seconds" : null,
    corrects: null,
    provisional: false,
    flags: [],
  }
}

const draft = (lines: readonly RatedLine[], taxTreatment: TaxTreatment = taxable, per: "receipt" | "line" = "receipt"): Receipt =>
  draftReceipt({
    tenant: "tide",
    month: "2026-09",
    zone: "Asia/Bangkok",
    issuer: { nameThai: "ศูนย์", nameEnglish: "Centre", addressThai: "", addressEnglish: "", taxId: "", branch: "00000" },
    payer: { ...payerWith("lab", "MU"), taxTreatment } satisfies Payer,
    currency: { code: "THB", exponent: 2 },
    rounding: { scope: per, mode: "half-up" },
    sequence: 1,
    lines,
  })

const saysTaxes = ({ taxes }: Receipt): readonly string[] =>
  taxes.map(({ code, ratePercent, netMinor, taxMinor }) => `${code} ${ratePercent} ${netMinor} ${taxMinor}`)

const sum = (amounts: Iterable<bigint>): bigint => [...amounts].reduce((total, amount) => total + amount, 0n)

const lines = fc
  .uniqueArray(
    fc.tuple(fc.stringMatching(/^[a-z]{1,6}$/), fc.bigInt({ min: -(10n ** 12n), max: 10n ** 15n }), fc.nat(6), fc.constantFrom(...rules)),
    { selector: ([id]) => id, maxLength: 25 },
  )
  .map((list) => list.map(([id, units, scale, rule]) => line(id, `${units}.${"4".repeat(scale + 1)}`, rule)))

describe("taxes of a receipt", () => {
  it.each<readonly [what: string, lines: readonly RatedLine[], treatment: TaxTreatment, taxes: readonly string[]]>([
    ["no lines: the payer's own", [], taxable, ["VAT7 7 0 0"]],
    ["all standard", [line("a", "10"), line("b", "0.50")], taxable, ["VAT7 7 1050 74"]],
    ["all exempt", [line("a", "10", education)], taxable, ["education 0 1000 0"]],
    [
      "mixed, the payer's own first and then by code",
      [line("a", "10", luxury), line("b", "5", education), line("c", "100"), line("d", "7", abroad)],
      taxable,
      ["VAT7 7 10000 700", "abroad 0 700 0", "education 0 500 0", "luxury 12.5 1000 125"],
    ],
    ["net rounded once a code", [line("a", "0.005"), line("b", "0.005", education)], taxable, ["VAT7 7 1 0", "education 0 1 0"]],
    [
      "tax rounded half away from zero, below zero too",
      [line("a", "-0.50"), line("b", "0.20", luxury)],
      taxable,
      ["VAT7 7 -50 -4", "luxury 12.5 20 3"],
    ],
    ["lines that cost nothing open no code", [line("a", "0", undefined, "zero"), line("b", "1", luxury)], taxable, ["luxury 12.5 100 13"]],
    ["nothing but lines that cost nothing", [line("a", "0", undefined, "zero")], taxable, ["VAT7 7 0 0"]],
    [
      "one code at two rates, where it changed within the month",
      [line("a", "1", luxury), line("b", "1", { ...luxury, ratePercent: "10" })],
      taxable,
      ["luxury 10 100 10", "luxury 12.5 100 13"],
    ],
    [
      "an exempt payer owes none on anything",
      [line("a", "10", luxury), line("b", "5")],
      { kind: "exempt", code: "EX", basis: "research" },
      ["EX 0 1500 0"],
    ],
    [
      "inside one legal person there is no tax",
      [line("a", "10", luxury), line("b", "5", education)],
      { kind: "out-of-scope", code: "INT", basis: "internal" },
      ["INT 0 1500 0"],
    ],
  ])("%s", (_, rated, treatment, taxes) => {
    const receipt = draft(rated, treatment)
    expect(saysTaxes(receipt)).toEqual(taxes)
    expect(checkReceipt(receipt)).toEqual([])
    expect(receipt.grossMinor).toBe(receipt.netMinor + sum(receipt.taxes.map(({ taxMinor }) => taxMinor)))
  })

  it("the legal basis stands in both languages", () => {
    expect(draft([line("a", "1", education)]).taxes).toEqual([{ ...education, netMinor: 100n, taxMinor: 0n }])
  })

  it("I4: codes, lines and totals sum, in any order of the lines and either way of rounding", () => {
    fc.assert(
      fc.property(lines, fc.constantFrom("receipt" as const, "line" as const), (rated, per) => {
        const receipt = draft(rated, taxable, per)
        expect(checkReceipt(receipt)).toEqual([])
        expect(sum(receipt.taxes.map(({ netMinor }) => netMinor))).toBe(receipt.netMinor)
        expect(sum(receipt.taxes.map(({ taxMinor }) => taxMinor))).toBe(receipt.taxMinor)
        expect(sum([...lineTaxes(receipt).values()].map(({ taxMinor }) => taxMinor))).toBe(receipt.taxMinor)
        expect(draft([...rated].reverse(), taxable, per)).toEqual(receipt)
        expect(Result.getOrThrow(receiptFromJson(JSON.parse(canonicalJson(receiptToJson(receipt)))))).toEqual(receipt)
      }),
    )
  })

  it("I13: each line's tax is its own tax rounded down or up, and the lines of a code sum to the code's tax", () => {
    fc.assert(
      fc.property(lines, (rated) => {
        const receipt = draft(rated)
        const taxed = lineTaxes(receipt)
        for (const { code, ratePercent, taxMinor } of receipt.taxes) {
          const own = receipt.lines.filter(({ tax }) => (tax?.code ?? "VAT7") === code)
          expect(own.every(({ id }) => taxed.get(id)?.code === code)).toBe(true)
          expect(sum(own.map(({ id }) => taxed.get(id)?.taxMinor ?? 0n))).toBe(taxMinor)
          const rate = BigInt(Number(ratePercent) * 10)
          for (const { id, billedMinor } of own) {
            const bounds = (["floor", "ceiling"] as const).map((rounding) => divide(billedMinor * rate, 1000n, rounding))
            expect(bounds).toContain(taxed.get(id)?.taxMinor)
          }
        }
      }),
    )
  })

  it("a receipt with the payer's tax alone keeps its bytes", () => {
    const receipt = draft([line("a", "12.345"), line("b", "0.005"), line("c", "0", undefined, "zero")])
    const text = canonicalJson(receiptToJson(receipt))
    expect(createHash("sha256").update(text).digest("hex")).toBe("b2fb0c580958d40d419121793424d610bae7d413dc6590e91ca3a690bcd012a3")
  })
})

describe("checkReceipt", () => {
  const receipt = draft([line("a", "10"), line("b", "5", education), line("c", "3", luxury)])
  it.each<readonly [string, (receipt: Receipt) => Receipt, string]>([
    [
      "the code of a line",
      (r) => ({ ...r, lines: r.lines.map(({ tax: _, ...l }) => l) }),
      "tax VAT7 (7 %) on 1800 is 126 minor units by the lines, the receipt says VAT7 (7 %) on 1000 is 70",
    ],
    [
      "the rate of a code",
      (r) => ({ ...r, taxes: r.taxes.map((tax) => (tax.code === "luxury" ? { ...tax, ratePercent: "1" } : tax)) }),
      "tax luxury (12.5 %) on 300 is 38 minor units by the lines, the receipt says luxury (1 %) on 300 is 38 minor units",
    ],
    [
      "the legal basis",
      (r) => ({ ...r, taxes: r.taxes.map((tax) => (tax.code === "education" ? { ...tax, basis: "none" } : tax)) }),
      "tax education (Revenue Code s.81(1)(g)) on 500 is 0 minor units by the lines, the receipt says education (none)",
    ],
    [
      "the legal basis in Thai",
      (r) => ({ ...r, taxes: r.taxes.map((tax) => (tax.code === "education" ? { ...tax, basisThai: "ไม่มี" } : tax)) }),
      "tax education",
    ],
    [
      "net moved between codes",
      (r) => ({
        ...r,
        taxes: r.taxes.map((tax) => ({
          ...tax,
          netMinor: tax.netMinor + (tax.code === "VAT7" ? -1n : tax.code === "education" ? 1n : 0n),
        })),
      }),
      "tax education (Revenue Code s.81(1)(g)) on 500 is 0 minor units by the lines, the receipt says education (Revenue Code s.81(1)(g)) on 501",
    ],
    ["a tax that is left out", (r) => ({ ...r, taxes: r.taxes.slice(0, 2) }), "the receipt says nothing"],
    ["a tax that no line has", (r) => ({ ...r, taxes: [...r.taxes, ...r.taxes.slice(0, 1)] }), "but no line is taxed so"],
    ["tax moved between codes", (r) => ({ ...r, taxes: r.taxes.map((tax) => ({ ...tax, taxMinor: 36n })) }), "tax VAT7"],
  ])("finds a change of %s", (_, change, finding) => expect(checkReceipt(change(receipt)).join("; ")).toContain(finding))
})

describe("isTaxInvoice", () => {
  it.each<readonly [string, readonly RatedLine[], TaxTreatment, boolean]>([
    ["all exempt", [line("a", "1", education)], taxable, false],
    ["one taxable line", [line("a", "1", education), line("b", "1")], taxable, true],
    ["zero-rated", [line("a", "1", abroad)], taxable, true],
    ["an exempt payer", [line("a", "1", abroad)], { kind: "exempt", code: "EX", basis: "research" }, false],
    ["a payer outside tax whose basis is not said", [line("a", "1")], { kind: "out-of-scope", code: "INT", basis: "" }, false],
  ])("%s", (_, rated, treatment, expected) => expect(isTaxInvoice(draft(rated, treatment))).toBe(expected))
})

describe("taxesOfPart", () => {
  it.each([
    ["one code, at its rate", [line("a", "10")], 501n, 35n],
    ["nothing", [line("a", "10"), line("b", "10", education)], 0n, 0n],
    ["half of each of two codes", [line("a", "10"), line("b", "10", education)], 1_000n, 35n],
    ["a code below zero takes no part", [line("a", "-10"), line("b", "10", luxury)], 100n, 13n],
    ["no code above zero", [line("a", "-10"), line("b", "-10", luxury)], 100n, 0n],
  ])("%s", (_, rated, netMinor, taxMinor) => {
    const parts = taxesOfPart(draft(rated).taxes, netMinor)
    expect(parts.reduce((sum, part) => sum + part.taxMinor, 0n)).toBe(taxMinor)
  })

  it("what a note is known to have taken is spread within what is left", () => {
    const { taxes } = draft([line("a", "10"), line("b", "10", education), line("c", "10", luxury)])
    const taxesTaken = (netMinor: bigint, taxMinor: bigint) =>
      taxesOfPart(taxes, netMinor, taxMinor).map((part) => [part.code, part.netMinor, part.taxMinor])
    expect(taxesTaken(300n, 21n)).toEqual([
      ["VAT7", 100n, 8n],
      ["education", 100n, 0n],
      ["luxury", 100n, 13n],
    ])
    expect(taxesTaken(300n, 100n)).toEqual([
      ["VAT7", 100n, 70n],
      ["education", 100n, 0n],
      ["luxury", 100n, 30n],
    ])
    expect(taxesTaken(300n, 5n)).toEqual([
      ["VAT7", 100n, 0n],
      ["education", 100n, 0n],
      ["luxury", 100n, 5n],
    ])
  })

  it("notes one after another take each tax to its end, and never more", () => {
    const amounts = fc.array(fc.tuple(fc.integer({ min: -300, max: 2_000 }), fc.constantFrom(...rules)), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(amounts, fc.array(fc.bigInt(1n, 90_000n), { maxLength: 6 }), (rated, wanted) => {
        const receipt = draft(rated.map(([amount, tax], index) => line(`l${index}`, String(amount), tax)))
        let left = receipt.taxes
        const leftMinor = (): bigint => left.reduce((sum, tax) => sum + tax.netMinor, 0n)
        const take = (netMinor: bigint): void => {
          const parts = taxesOfPart(left, netMinor)
          expect(parts.reduce((sum, part) => sum + part.netMinor, 0n)).toBe(netMinor)
          left = left.map((tax, index) => {
            const { netMinor: takenMinor, taxMinor } = parts[index] as (typeof parts)[number]
            if (tax.netMinor >= 0n) expect(takenMinor >= 0n && takenMinor <= tax.netMinor && taxMinor <= tax.taxMinor).toBe(true)
            return { ...tax, netMinor: tax.netMinor - takenMinor, taxMinor: tax.taxMinor - taxMinor }
          })
        }
        for (const netMinor of wanted) if (netMinor < leftMinor()) take(netMinor)
        take(leftMinor())
        expect(left.every(({ netMinor, taxMinor }) => netMinor === 0n && taxMinor === 0n)).toBe(true)
      }),
      { numRuns: 200 },
    )
  })
})

describe("tax codes of a rate card", () => {
  const [first] = sampleBook().cards
  if (first === undefined) throw new Error("no card")
  const card = {
    ...first,
    tier: null,
    tax: {
      default: "education",
      codes: {
        education: { kind: "exempt", basis: { th: "ป.รัษฎากร ม.81(1)(ช)", en: "Revenue Code s.81(1)(g)" } },
        luxury: { kind: "taxable", ratePercent: "12.5" },
      },
    },
    meters: [
      { sku: "cpu", resource: "cpu", unit: "core-h", price: "1", allowance: "1", tax: "standard" },
      { sku: "mem", resource: "mem", unit: "GiB-h", price: "1" },
      { sku: "node", resource: "node", unit: "node-h", price: "1", minimum: "100", tax: "luxury" },
    ],
  } as const
  const period = { startSeconds: 1_789_900_000, endSeconds: 1_790_100_000 }
  const input = (cards: readonly unknown[], cpus = 4) => ({
    rates: ratesOf({ ...sampleBook(), cards, tiers: [], overrides: [] }),
    payers: payersOf([payerWith("physics-faculty", "MU")], [mappingWith()]),
    usages: [usageWith({ allocated: { cpu: cpus, mem: 2_048, node: 1 } })],
    readings: [],
    period,
  })
  const rated = ratePeriod(input([card]))

  it("stand on the lines of jobs and of the period; the standard code stands nowhere", () => {
    expect(rated.map(({ kind, sku, tax }) => [kind, sku, tax?.code])).toEqual([
      ["usage", "cpu", undefined],
      ["usage", "mem", "education"],
      ["usage", "node", "luxury"],
      ["period", "cpu", undefined],
      ["period", "node", "luxury"],
    ])
    expect(rated[0]).not.toHaveProperty("tax")
    expect(rated[1]?.tax).toEqual(education)
    expect(rated[2]?.tax).toEqual(luxury)
  })

  it("are said by an explanation, unless the payer owes no tax at all", () => {
    const { rates, payers, usages } = input([card])
    const [usage = null] = usages
    const said = (sku: string, paying: typeof payers, language: "en" | "th"): string =>
      explanationText(explainLine(rated.find((one) => one.sku === sku) as RatedLine, usage, { rates, payers: paying }), language).join("\n")
    expect(said("mem", payers, "en")).toMatch(/No tax is due on it, by code education of the card: Revenue Code s\.81\(1\)\(g\)\.$/)
    expect(said("mem", payers, "th")).toMatch(/ไม่มีภาษี ตามรหัสภาษี education ของอัตรานี้: ป\.รัษฎากร ม\.81\(1\)\(ช\)$/)
    expect(said("node", payers, "en")).toMatch(/Tax on it is 12\.5 %, by code luxury of the card\.$/)
    expect(said("cpu", payers, "en")).not.toMatch(/tax/i)
    const internal = {
      ...payerWith("physics-faculty", "MU"),
      taxTreatment: { kind: "out-of-scope", code: "INT", basis: "internal" } as const,
    }
    expect(said("node", payersOf([internal], [mappingWith()]), "en")).not.toMatch(/tax/i)
  })

  it("are part of what a line is compared by", () => {
    const computed = new Map(rated.map((one) => [one.id, one]))
    expect(firstDifference(rated, computed)).toBeNull()
    const [, mem] = rated as [RatedLine, RatedLine]
    expect(firstDifference([{ ...mem, tax: luxury }], computed)?.message).toBe(
      `line ${mem.id} differs in tax: {"basis":"","code":"luxury","ratePercent":"12.5"} stands, ${canonicalJson({ ...education })} comes out.`,
    )
  })

  it("stay on corrections; a changed rule takes back the old and charges the new", () => {
    const billed = rated.map((one) => ({ line: one, receiptNumber: "R1" }))
    const more = correctionLines(billed, ratePeriod(input([card], 8)), { month: "2026-09" })
    expect(more.map(({ sku, tax }) => [sku, tax?.code])).toEqual([["cpu", undefined]])
    const { tax: _, ...plain } = card
    const untaxed = ratePeriod(input([{ ...plain, meters: card.meters.map((meter) => ({ ...meter, tax: "standard" })) }]))
    expect(
      correctionLines(billed, untaxed, { month: "2026-09" })
        .filter(({ usageId }) => usageId !== null)
        .map(({ sku, tax, amount }) => [sku, tax?.code, amount.units < 0n]),
    ).toEqual([
      ["mem", undefined, false],
      ["mem", "education", true],
      ["node", undefined, false],
      ["node", "luxury", true],
    ])
  })
})
