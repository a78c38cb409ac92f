import { readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { allTime, mappingWith, payersOf, payerWith, ratesOf, usageWith } from "../../fixtures/makeUsage.ts"
import { compareDecimals, type Decimal, multiplyDecimals, parseDecimal } from "../money/Decimal.ts"
import { draftReceipt } from "../receipt/draftReceipt.ts"
import type { Payer } from "../receipt/Payer.ts"
import { periodLines } from "./periodLines.ts"
import type { RateCard } from "./RateBook.ts"
import type { RatedLine } from "./RatedLine.ts"
import { rateReading } from "./rateReading.ts"
import { rateUsage } from "./rateUsage.ts"
import { slurmBilling } from "./slurmBilling.ts"

interface Case {
  readonly id: string
  readonly source: string
  readonly inputs: Readonly<Record<string, unknown>>
  readonly expected: string
  readonly unit?: string
  readonly exact?: string
}

const published: readonly Case[] = JSON.parse(readFileSync(new URL("../../fixtures/rating-examples.json", import.meta.url), "utf8"))

/** 2026-10-01T00:00:00+07:00 */
const start = 1_790_787_600
const month = { startSeconds: start, endSeconds: start + 31 * 86_400 }

const bookOf = (currency: { readonly code: string; readonly exponent: number }, card: Partial<RateCard>) => ({
  format: 1,
  currency,
  zone: "Asia/Bangkok",
  tiers: [],
  overrides: [],
  cards: [
    { id: "site", version: 1, tier: null, effectiveFrom: "2020-01-01", effectiveUntil: null, basis: "allocated", meters: [], ...card },
  ],
})

const payer: Payer = { ...payerWith("payer", "none"), taxTreatment: { kind: "taxable", code: "VAT7", ratePercent: "7" } }
const payers = payersOf([payer], [mappingWith({ payerId: "payer" })])

type Job = {
  readonly cpus?: number
  readonly gpus?: number
  readonly nodes?: number
  readonly memGib?: number
  readonly seconds: number
  readonly partition?: string
}
type Reading = { readonly resource: string; readonly quantity: string; readonly unit: string; readonly days?: number }

interface SiteCase {
  readonly card: Partial<RateCard>
  readonly jobs?: readonly Job[]
  readonly readings?: readonly Reading[]
  readonly exponent?: number
  /** Which figure of the receipt is published; the net when absent. */
  readonly figure?: "tax"
}

const linesOf = ({ card, jobs = [], readings = [], exponent = 6 }: SiteCase, code: string): readonly RatedLine[] => {
  const rates = ratesOf(bookOf({ code, exponent }, card))
  const context = { rates, payers, windows: allTime }
  const ofJobs = jobs.flatMap(({ cpus = 0, gpus = 0, nodes = 1, memGib = 0, seconds, partition = "cpu" }, index) =>
    rateUsage(
      usageWith({
        jobId: String(index + 1),
        startSeconds: start,
        endSeconds: start + seconds,
        partition,
        allocated: { cpu: cpus, mem: memGib * 1_024, node: nodes, "gres/gpu": gpus },
      }),
      context,
    ),
  )
  const ofReadings = readings.flatMap(({ resource, quantity, unit, days = 1 }, index) =>
    rateReading(
      {
        service: "ci",
        id: String(index + 1),
        account: "physics",
        user: "",
        resource,
        quantity: parseDecimal(quantity) as Decimal,
        unit,
        startSeconds: start,
        endSeconds: start + days * 86_400,
        description: "",
      },
      context,
    ),
  )
  const lines = [...ofJobs, ...ofReadings]
  return [...lines, ...periodLines(lines, rates, month)]
}

const core = (price: string) => ({ sku: "cpu", resource: "cpu", unit: "core-h", price })
const gpu = (price: string) => ({ sku: "gpu", resource: "gres/gpu", unit: "GPU-h", price })
const mem = (price: string) => ({ sku: "mem", resource: "mem", unit: "GiB-h", price })
const node = (price: string) => ({ sku: "node", resource: "node", unit: "node-h", price })
const formula = (text: string, unit: string, price = "1") => ({ sku: "use", formula: text, unit, price })
const reading = (resource: string, unit: string, price: string) => ({ sku: resource, resource: `reading/${resource}`, unit, price })
const hours = (count: number): number => count * 3_600

const ksu: Partial<RateCard> = {
  meters: [gpu("0.12"), core("0.03"), mem("0.004")],
  choices: [{ combine: "max", of: [["gpu", "cpu"], ["mem"]] }],
  imputed: [{ partition: "gpu", whenAtLeast: { cpu: 48 }, perNode: { "gres/gpu": 4 } }],
}
const wur: Partial<RateCard> = { meters: [core("0.015"), mem("0.0015")] }
const units = (quantity: string): readonly Reading[] => [{ resource: "units", quantity, unit: "unit" }]
const ladder = (kind: "graduated" | "volume", bands: readonly (readonly [string | null, string])[]): Partial<RateCard> => ({
  meters: [
    { sku: "units", resource: "reading/units", unit: "unit", model: { kind, bands: bands.map(([upTo, price]) => ({ upTo, price })) } },
  ],
})
/** VAT on each line is a price of its own, rounded by line; VAT on the total is what a receipt does. */
const vatOnLines: SiteCase = {
  card: {
    meters: [reading("a", "piece", "49.5887"), reading("b", "piece", "6.8691"), reading("c", "piece", "32.2525")],
    rounding: { mode: "half-up", per: "line" },
  },
  readings: [
    { resource: "a", quantity: "2", unit: "piece" },
    { resource: "b", quantity: "2", unit: "piece" },
    { resource: "c", quantity: "10", unit: "piece" },
  ],
  exponent: 2,
}
const vatOnTotal: SiteCase = {
  ...vatOnLines,
  card: { meters: [reading("a", "piece", "708.41"), reading("b", "piece", "98.13"), reading("c", "piece", "460.75")] },
  figure: "tax",
}

/** Each published case as the card of its site and the job, reading or period that it prices. */
const sites: Readonly<Record<string, SiteCase>> = {
  "ksu-1": { card: ksu, jobs: [{ cpus: 1, memGib: 5, seconds: hours(1) }] },
  "ksu-2": { card: ksu, jobs: [{ cpus: 1, gpus: 1, memGib: 16, seconds: hours(1) }] },
  "ksu-3": { card: ksu, jobs: [{ cpus: 4, gpus: 2, memGib: 480, seconds: hours(1) }] },
  "ksu-4": { card: ksu, jobs: [{ cpus: 48, gpus: 4, memGib: 256, seconds: hours(1) }] },
  "ksu-5": { card: ksu, jobs: [{ cpus: 48, gpus: 0, memGib: 360, seconds: hours(1), partition: "gpu" }] },
  "wur-2019": { card: wur, jobs: [{ cpus: 4, memGib: 40, seconds: hours(1.5) }] },
  "wur-2024": { card: wur, jobs: [{ cpus: 4, memGib: 40, seconds: hours(2) }] },
  "rtu-1": {
    card: { meters: [core("0.008")], rounding: { mode: "floor", per: "receipt" } },
    jobs: [{ cpus: 24, seconds: hours(24) }],
    exponent: 2,
  },
  "rtu-2": {
    card: { meters: [core("0.008")], rounding: { mode: "half-up", per: "receipt" } },
    jobs: [{ cpus: 12, seconds: hours(168) }],
    exponent: 2,
  },
  "rtu-3": {
    card: { meters: [gpu("0.07"), core("0.008")], rounding: { mode: "half-up", per: "line" } },
    jobs: [{ cpus: 4, gpus: 2, seconds: hours(12) }],
    exponent: 2,
  },
  "path-mem": {
    card: {
      meters: [
        {
          sku: "mem",
          resource: "reading/extra-mem",
          unit: "GB",
          model: {
            kind: "volume",
            bands: [
              { upTo: "32", price: "0.125" },
              { upTo: "128", price: "0.375" },
              { upTo: null, price: "0.5" },
            ],
          },
        },
      ],
    },
    readings: [{ resource: "extra-mem", quantity: "112", unit: "GB" }],
  },
  "path-cpu": { card: { meters: [formula("cpus * 1.2", "credits")] }, jobs: [{ cpus: 8, seconds: hours(1) }] },
  "path-gpu": {
    card: {
      meters: [
        { ...formula("mem_gib - gpus * 128", "GiB", "0.012"), sku: "mem" },
        { ...formula("cpus - gpus * 16", "core", "0.125"), sku: "cpu" },
        { ...formula("gpus", "GPU", "1.0"), sku: "gpu" },
      ],
    },
    jobs: [{ cpus: 32, gpus: 1, memGib: 256, seconds: hours(1) }],
  },
  "lumi-1": { card: { meters: [core("1")] }, jobs: [{ cpus: 32, seconds: hours(2) }] },
  "lumi-2": { card: { meters: [node("128")] }, jobs: [{ nodes: 16, seconds: hours(12) }] },
  "lumi-3": {
    card: { meters: [formula("max(cores, ceil(mem_gib / 2)) * hours", "core-h")] },
    jobs: [{ cpus: 4, memGib: 4, seconds: hours(24) }],
  },
  "lumi-4": {
    card: { meters: [formula("max(cores, ceil(mem_gib / 2)) * hours", "core-h")] },
    jobs: [{ cpus: 4, memGib: 32, seconds: hours(24) }],
  },
  "lumi-5": {
    card: { meters: [reading("storage", "TB-h", "1")] },
    readings: [{ resource: "storage", quantity: "115.2", unit: "TB-h", days: 4 }],
  },
  "lumi-6": {
    card: { meters: [reading("flash", "TB-h", "10")] },
    readings: [{ resource: "flash", quantity: "115.2", unit: "TB-h", days: 4 }],
  },
  "csc-small": {
    card: {
      meters: [core("0.75"), mem("0.375"), reading("nvme", "GiB-h", "0.02")],
      choices: [{ combine: "max", of: [["cpu"], ["mem"]] }],
    },
    jobs: [{ cpus: 4, memGib: 16, seconds: hours(2) }],
  },
  "csc-gpu": { card: { meters: [gpu("200")] }, jobs: [{ gpus: 2, seconds: hours(5) }] },
  "csc-stor": {
    card: { meters: [reading("allas", "TiB-h", "6")] },
    readings: [{ resource: "allas", quantity: "4320", unit: "TiB-h", days: 180 }],
  },
  "ace-1": {
    card: { meters: [formula("max(cpus, mem_gib * 0.215, gpus * 35) * minutes", "core-min")] },
    jobs: [{ cpus: 1, memGib: 4, seconds: 60 }],
  },
  "ace-2": {
    card: { meters: [formula("max(cpus, mem_gib * 0.215, gpus * 35) * minutes", "core-min")] },
    jobs: [{ cpus: 1, memGib: 10, seconds: 60 }],
  },
  "ace-3": {
    card: { meters: [formula("max(cpus, mem_gib * 0.215, gpus * 35) * minutes", "core-min")] },
    jobs: [{ cpus: 40, gpus: 2, memGib: 186, seconds: 86_400 }],
  },
  "psc-1": { card: { meters: [core("1")] }, jobs: [{ cpus: 28, seconds: hours(1) }] },
  "psc-2": { card: { meters: [core("1")] }, jobs: [{ cpus: 2, seconds: hours(0.5) }] },
  "psc-3": { card: { meters: [gpu("1")] }, jobs: [{ gpus: 8, nodes: 2, seconds: hours(1) }] },
  "psc-4": { card: { meters: [gpu("1")] }, jobs: [{ gpus: 2, seconds: hours(3) }] },
  oxford: { card: { meters: [{ sku: "node", resource: "node", unit: "node-s", price: "16" }] }, jobs: [{ nodes: 1, seconds: 36_000 }] },
  nersc: { card: { meters: [node("90")] }, jobs: [{ nodes: 10, seconds: hours(5) }] },
  savio: { card: { meters: [core("1.00")] }, jobs: [{ cpus: 24, seconds: hours(1) }] },
  "pitt-1": { card: { meters: [core("1")] }, jobs: [{ cpus: 12, seconds: hours(2) }] },
  "pitt-2": {
    card: { basis: "dominant", meters: [core("1")], nodeShapes: { "*": { cpu: 12, mem: 49_152 } } },
    jobs: [{ cpus: 1, memGib: 48, seconds: hours(4) }],
  },
  ehu: {
    card: { meters: [{ sku: "edge", amountFormula: "round(5000 / 0.264, 2)", unit: "job" }] },
    jobs: [{ cpus: 1, seconds: hours(1) }],
  },
  "vat-line": vatOnLines,
  "vat-total": vatOnTotal,
  "grad-autumn": {
    card: ladder("graduated", [
      ["1000", "0.01"],
      ["10000", "0.008"],
      [null, "0.005"],
    ]),
    readings: units("15000"),
  },
  "grad-zuplo": {
    card: ladder("graduated", [
      ["1000", "0.10"],
      ["10000", "0.05"],
      [null, "0.01"],
    ]),
    readings: units("15000"),
  },
  "vol-zuplo": {
    card: ladder("volume", [
      ["1000", "0.10"],
      ["10000", "0.05"],
      [null, "0.01"],
    ]),
    readings: units("15000"),
  },
  "pkg-flex": {
    card: { meters: [{ sku: "units", resource: "reading/units", unit: "unit", price: "1.00", model: { kind: "package", size: "1000" } }] },
    readings: units("4500"),
  },
  trueidc: { card: { meters: [reading("slb", "h", "1000")] }, readings: [{ resource: "slb", quantity: "240", unit: "h", days: 10 }] },
  "fpt-gpu": {
    card: { meters: [gpu("2.31")], rounding: { mode: "half-up", per: "receipt" } },
    jobs: [{ gpus: 1, seconds: 1_800 }],
    exponent: 2,
  },
}

const chargedMinor = (site: SiteCase, lines: readonly RatedLine[], code: string, exponent: number): bigint => {
  const receipt = draftReceipt({
    tenant: "t",
    month: "2026-10",
    zone: "Asia/Bangkok",
    issuer: { nameThai: "", nameEnglish: "", addressThai: "", addressEnglish: "", taxId: "", branch: "00000" },
    payer,
    currency: { code, exponent },
    rounding: { scope: site.card.rounding?.per ?? "receipt", mode: site.card.rounding?.mode ?? "half-up" },
    sequence: 1,
    lines: lines.map((line) => ({ ...line, payerId: "payer" })),
  })
  return site.figure === "tax" ? receipt.taxMinor : receipt.netMinor
}

describe("published worked examples, through real cards", () => {
  const cases = published.filter(({ id }) => !id.startsWith("slurm-"))
  it.each(cases.map((example) => [example.id, example.expected, example.unit ?? "", example.source, example] as const))(
    "%s: %s %s (%s)",
    (id, expected, _, __, example) => {
      const site = sites[id]
      if (site === undefined) throw new Error(`no card for ${id}`)
      const exponent = site.exponent ?? 6
      const code = "SU"
      const lines = linesOf(site, code)
      for (const line of lines) expect(compareDecimals(multiplyDecimals(line.quantity, line.unitPrice), line.amount)).toBe(0)
      const minor = chargedMinor(site, lines, code, exponent)
      const wanted = parseDecimal(example.expected) as Decimal
      expect(compareDecimals({ units: minor, scale: exponent }, wanted), `${minor} at ${exponent} decimals for ${expected}`).toBe(0)
    },
  )

  it("has a card for each of them", () => {
    expect(Object.keys(sites).sort()).toEqual(cases.map(({ id }) => id).sort())
  })
})

describe("Slurm's own billing value", () => {
  it.each(published.filter(({ id }) => /^slurm-\d/.test(id)).map((example) => [example.id, example.expected, example.inputs] as const))(
    "%s: %s",
    (_, expected, inputs) => {
      const { weights, tres, flags } = inputs as {
        readonly weights: string
        readonly tres: readonly (readonly [string, number])[]
        readonly flags: "" | "MAX_TRES" | "MAX_TRES_GRES"
      }
      expect(String(slurmBilling(weights, Object.fromEntries(tres), flags === "" ? "sum" : flags))).toBe(expected)
    },
  )

  it.each(
    published.filter(({ id }) => id.startsWith("slurm-mem")).map((example) => [example.id, example.expected, example.inputs] as const),
  )("%s: %s", (_, expected, inputs) => {
    const { mem_mib, weight } = inputs as { readonly mem_mib: string; readonly weight: string }
    expect(String(slurmBilling(weight, { mem: Number(mem_mib) }, "sum"))).toBe(expected)
  })

  it("says so when weights cannot be read", () => {
    expect(slurmBilling("CPU=abc", {}, "sum")).toBeNull()
  })
})
