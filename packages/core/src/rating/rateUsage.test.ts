import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { allTime, mappingWith, payersOf, payerWith, ratesOf, sampleBook, usageWith } from "../../fixtures/makeUsage.ts"
import { addDecimals, compareDecimals, decimalZero, formatDecimal, multiplyDecimals, normaliseDecimal } from "../money/Decimal.ts"
import { monthWindow } from "../time/Month.ts"
import type { JobRecord } from "../usage/JobRecord.ts"
import type { RateBook } from "./RateBook.ts"
import type { RatedLine } from "./RatedLine.ts"
import { rateUsage } from "./rateUsage.ts"

const zone = "Asia/Bangkok"
const payers = payersOf([payerWith("physics-faculty", "MU"), payerWith("ministry", "Gov")], [mappingWith()])
const rates = ratesOf(sampleBook())
const at = (text: string): number => Date.parse(`${text}+07:00`) / 1000

const totalOf = (lines: readonly RatedLine[]): string =>
  formatDecimal(normaliseDecimal(lines.reduce((sum, line) => addDecimals(sum, line.amount), decimalZero)))

const brief = (line: RatedLine): string =>
  `${line.sku} ${formatDecimal(normaliseDecimal(line.quantity))} x ${formatDecimal(line.unitPrice)} = ${formatDecimal(normaliseDecimal(line.amount))}`

const ran = (start: string, end: string): Partial<JobRecord> => ({ startSeconds: at(start), endSeconds: at(end) })

describe("rateUsage", () => {
  it("gives a line for each sku", () => {
    const usage = usageWith({
      ...ran("2026-10-05T00:00:00", "2026-10-05T02:00:00"),
      allocated: { cpu: 4, mem: 8_192, node: 1, "gres/gpu": 2, "gres/gpu:a100": 1 },
    })
    expect(rateUsage(usage, { rates, payers, windows: allTime }).map(brief)).toEqual([
      "cpu 8 x 1 = 8",
      "gpu 2 x 5 = 10",
      "gpu-a100 2 x 12.5 = 25",
      "mem 16 x 0.5 = 8",
    ])
  })

  it("cuts at the month's end and at the price change, and rates only the month asked for", () => {
    const usage = usageWith({ ...ran("2026-04-15T22:00:00", "2026-05-01T01:00:00"), allocated: { cpu: 1 } })
    const april = rateUsage(usage, { rates, payers, windows: [monthWindow("2026-04", zone)] })
    const may = rateUsage(usage, { rates, payers, windows: [monthWindow("2026-05", zone)] })
    expect(april.map(brief)).toEqual(["cpu 2 x 0.9 = 1.8", "cpu 360 x 1 = 360"])
    expect(may.map(brief)).toEqual(["cpu 1 x 1 = 1"])
    expect(rateUsage(usage, { rates, payers, windows: [monthWindow("2026-03", zone)] })).toEqual([])
  })

  const october = { ...ran("2026-10-05T00:00:00", "2026-10-05T01:00:00") }
  it.each<readonly [reason: string, record: Partial<JobRecord>]>([
    ["never-started", { startSeconds: null, endSeconds: at("2026-10-05T00:00:00"), state: "CANCELLED", allocated: {} }],
    ["zero-seconds", { ...ran("2026-10-05T00:00:00", "2026-10-05T00:00:00") }],
    ["state-not-charged", { ...october, state: "NODE_FAIL" }],
    ["factor-zero", { ...october, qos: "gratis" }],
    ["nothing-priced", { ...october, allocated: { "license/matlab": 1 } }],
    ["quantity-rounds-to-zero", { ...ran("2026-10-05T00:00:00", "2026-10-05T00:00:01"), allocated: { mem: 1 } }],
    ["no-card-in-force", { ...ran("1999-10-05T00:00:00", "1999-10-05T01:00:00") }],
  ])("one zero line with its reason: %s", (reason, record) => {
    const lines = rateUsage(usageWith(record), { rates, payers, windows: allTime })
    expect(lines.map((line) => [line.kind, line.zeroReason, formatDecimal(line.amount)])).toEqual([["zero", reason, "0"]])
  })

  it("does not charge what ran shorter than the card's minimum", () => {
    const book = sampleBook()
    const short = ratesOf({ ...book, cards: book.cards.map((card) => ({ ...card, charged: { minimumSeconds: 60 } })) })
    const lines = (seconds: number): readonly RatedLine[] =>
      rateUsage(usageWith({ startSeconds: 1_790_000_000, endSeconds: 1_790_000_000 + seconds }), { rates: short, payers, windows: allTime })
    expect(lines(59)[0]?.zeroReason).toBe("below-minimum-seconds")
    expect(lines(60)[0]?.zeroReason).toBeNull()
  })

  it("resolves user in project, user, project, tier, everyone, in this order", () => {
    const override = { author: "a", reason: "r", effectiveFrom: "2026-01-01", effectiveUntil: null }
    const book = sampleBook({
      overrides: [
        { ...override, id: "both", account: "physics", user: "alice", prices: { cpu: "7" } },
        { ...override, id: "user", account: null, user: "alice", prices: { cpu: "8" } },
        { ...override, id: "project", account: "physics", user: null, prices: { cpu: "9" } },
        { ...override, id: "other-project", account: "chem", user: null, prices: { cpu: "6" } },
      ],
    })
    const price = (account: string, user: string): string => {
      const usage = usageWith({ ...october, account, user, allocated: { cpu: 1 } })
      return rateUsage(usage, { rates: ratesOf(book), payers, windows: allTime })
        .map((line) => `${formatDecimal(line.unitPrice)} ${line.rate.overrideId}`)
        .join()
    }
    expect(price("physics", "alice")).toBe("7 both")
    expect(price("chem", "alice")).toBe("8 user")
    expect(price("physics", "bob")).toBe("9 project")
    expect(price("chem", "bob")).toBe("6 other-project")
    expect(price("bio", "bob")).toBe("5 null")
  })

  it("goes back to the card's price where an override ends", () => {
    const book = sampleBook({
      overrides: [
        {
          id: "o",
          account: null,
          user: "alice",
          effectiveFrom: "2026-10-05",
          effectiveUntil: "2026-10-06",
          author: "a",
          reason: "r",
          prices: { cpu: "7" },
        },
      ],
    })
    const usage = usageWith({ ...ran("2026-10-04T23:00:00", "2026-10-06T02:00:00"), user: "alice", allocated: { cpu: 1 } })
    expect(rateUsage(usage, { rates: ratesOf(book), payers, windows: allTime }).map(brief)).toEqual([
      "cpu 1 x 1 = 1",
      "cpu 24 x 7 = 168",
      "cpu 2 x 1 = 2",
    ])
  })

  it("multiplies by the QOS factor in the unit price", () => {
    const lines = rateUsage(usageWith({ ...october, qos: "high", allocated: { cpu: 2 } }), { rates, payers, windows: allTime })
    expect(lines.map(brief)).toEqual(["cpu 2 x 1.5 = 3"])
  })

  it("takes the tier of the rule before the tier of the payer, and follows an override's tier", () => {
    const book = sampleBook()
    const ruled = ratesOf({
      ...book,
      tiers: book.tiers.map((tier) => (tier.name === "Gov" ? { ...tier, rules: [{ account: "phys*" }] } : tier)),
    })
    expect(rateUsage(usageWith(october), { rates: ruled, payers, windows: allTime })[0]?.rate.tier).toBe("Gov")
    const overridden = ratesOf(
      sampleBook({
        overrides: [
          {
            id: "o",
            account: "physics",
            user: null,
            effectiveFrom: "2026-01-01",
            effectiveUntil: null,
            author: "a",
            reason: "r",
            tier: "Private",
          },
        ],
      }),
    )
    expect(rateUsage(usageWith(october), { rates: overridden, payers, windows: allTime })[0]?.rate).toMatchObject({
      tier: "Private",
      cardId: "private",
      overrideId: "o",
    })
  })

  it("bills nobody and loses nothing where no payer is known", () => {
    const lines = rateUsage(usageWith({ ...october, account: "stray" }), { rates, payers, windows: allTime })
    expect(lines.map((line) => line.payerId)).toEqual(["unmapped", "unmapped"])
    expect(totalOf(lines)).toBe("7")
  })

  it("shares a usage between payers so that each line multiplies and the quantities sum", () => {
    const shared = payersOf(
      [payerWith("one", "MU"), payerWith("two", "MU"), payerWith("three", "MU")],
      [
        mappingWith({ payerId: "one", sharePercent: "33.4" }),
        mappingWith({ payerId: "two", sharePercent: "33.3" }),
        mappingWith({ payerId: "three", sharePercent: "33.3" }),
      ],
    )
    const usage = usageWith({ ...ran("2026-10-05T00:00:00", "2026-10-05T00:00:01"), allocated: { cpu: 36 } })
    const lines = rateUsage(usage, { rates, payers: shared, windows: allTime })
    expect(lines.map((line) => `${line.payerId} ${brief(line)}`)).toEqual([
      "one cpu 0.00334 x 1 = 0.00334",
      "three cpu 0.00333 x 1 = 0.00333",
      "two cpu 0.00333 x 1 = 0.00333",
    ])
  })

  it("marks the lines of a running job", () => {
    const usage = usageWith({ startSeconds: 1_790_000_000, endSeconds: null, state: "RUNNING" })
    expect(rateUsage(usage, { rates, payers, windows: allTime }).every((line) => line.provisional)).toBe(true)
  })

  it("counts all GPUs of a type without a meter of its own in the meter of GPUs", () => {
    const usage = usageWith({ ...october, allocated: { "gres/gpu": 3, "gres/gpu:v100": 2 } })
    expect(rateUsage(usage, { rates, payers, windows: allTime }).map(brief)).toEqual(["gpu 3 x 5 = 15"])
  })

  const records = fc
    .record({
      startSeconds: fc.integer({ min: at("2026-03-01T00:00:00"), max: at("2026-06-01T00:00:00") }),
      seconds: fc.integer({ min: 0, max: 90 * 86_400 }),
      cpu: fc.nat(512),
      mem: fc.nat(4_000_000),
      gpu: fc.nat(8),
      qos: fc.constantFrom("normal", "high", "scav", "gratis"),
    })
    .map(({ startSeconds, seconds, cpu, mem, gpu, qos }) =>
      usageWith({
        startSeconds,
        endSeconds: startSeconds + seconds,
        elapsedSeconds: seconds,
        qos,
        allocated: { cpu, mem, node: 1, "gres/gpu": gpu },
      }),
    )

  it("quantity x unit price = amount on every line", () => {
    fc.assert(
      fc.property(records, (usage) => {
        for (const line of rateUsage(usage, { rates, payers, windows: allTime })) {
          expect(compareDecimals(multiplyDecimals(line.quantity, line.unitPrice), line.amount)).toBe(0)
        }
      }),
      { numRuns: 300 },
    )
  })

  it("cutting a job at any instants never changes the sum, and every part lies in one window", () => {
    fc.assert(
      fc.property(
        records,
        fc.array(fc.integer({ min: at("2026-02-20T00:00:00"), max: at("2026-09-01T00:00:00") }), { maxLength: 5 }),
        (usage, cuts) => {
          const bounds = [Number.NEGATIVE_INFINITY, ...[...new Set(cuts)].sort((left, right) => left - right), Number.POSITIVE_INFINITY]
          const windows = bounds.slice(1).map((endSeconds, index) => ({ startSeconds: bounds[index] as number, endSeconds }))
          const whole = rateUsage(usage, { rates, payers, windows: allTime })
          const together = rateUsage(usage, { rates, payers, windows })
          const apart = windows.flatMap((window) => rateUsage(usage, { rates, payers, windows: [window] }))
          expect(totalOf(together)).toBe(totalOf(whole))
          expect(apart).toEqual(together)
          expect(new Set(together.map((line) => line.id)).size).toBe(together.length)
        },
      ),
      { numRuns: 300 },
    )
  })

  describe("formulas and choices", () => {
    const card = { id: "f", version: 1, tier: null, effectiveFrom: "2020-01-01", effectiveUntil: null, basis: "allocated" as const }
    const april = monthWindow("2026-04", zone)
    const may = monthWindow("2026-05", zone)
    const across = { ...ran("2026-04-30T22:00:00", "2026-05-01T03:00:00"), allocated: { cpu: 4, mem: 65_536, node: 1 } }
    const linesOf = (cards: RateBook["cards"], record: Partial<JobRecord>, windows = [april, may]) =>
      rateUsage(usageWith(record), { rates: ratesOf(sampleBook({ cards, overrides: [] })), payers, windows })

    it("a formula that time cuts evenly is cut; one that it does not is rated whole, at the end", () => {
      const even = linesOf(
        [{ ...card, meters: [{ sku: "use", formula: "max(cpus, ceil(mem_gib / 8)) * hours", unit: "core-h", price: "2" }] }],
        across,
      )
      expect(even.map(brief)).toEqual(["use 16 x 2 = 32", "use 24 x 2 = 48"])
      const whole = linesOf(
        [{ ...card, meters: [{ sku: "use", formula: "ceil(cpu_hours / 16) * 16", unit: "core-h", price: "2" }] }],
        across,
      )
      expect(whole.map((line) => [brief(line), line.window.endSeconds - line.window.startSeconds])).toEqual([["use 32 x 2 = 64", 18_000]])
      expect(
        linesOf([{ ...card, meters: [{ sku: "use", formula: "ceil(cpu_hours / 16) * 16", unit: "core-h", price: "2" }] }], across, [april]),
      ).toEqual([])
    })

    it("a formula counts licences by name, and GPU types and licences whose names hold a hyphen", () => {
      const tools = {
        ...card,
        gpuTypes: ["a100-sxm4"],
        licenses: ["matlab", "ansys-hpc"],
        meters: [
          {
            sku: "tools",
            amountFormula: "license_matlab_hours * 10 + licenses_ansys_hpc * hours * 100 + gpu_a100_sxm4_hours * 1000",
            unit: "job",
          },
        ],
      }
      const held = { cpu: 4, node: 1, "license/matlab": 3, "license/ansys-hpc": 2, "gres/gpu": 1, "gres/gpu:a100-sxm4": 1 }
      expect(linesOf([tools], { ...across, allocated: held }).map(brief)).toEqual(["tools 1 x 2460 = 2460", "tools 1 x 3690 = 3690"])
    })

    it("a formula for the amount gives one job at that price, in parts that sum", () => {
      const meters = [{ sku: "compute", amountFormula: "max(cpu_hours * 0.85, node_hours * 1) * (1 - discount)", unit: "job" }]
      const lines = linesOf([{ ...card, constants: { discount: "0.1" }, meters }], across)
      expect(lines.map((line) => `${brief(line)} ${line.unit}`)).toEqual(["compute 1 x 6.12 = 6.12 job", "compute 1 x 9.18 = 9.18 job"])
    })

    it("charges the dearest alternative alone, the same one in every part", () => {
      const meters = [
        { sku: "cpu", resource: "cpu", unit: "core-h", price: "1" },
        { sku: "mem", resource: "mem", unit: "GiB-h", price: "0.1" },
        { sku: "node", resource: "node", unit: "node-h", price: "3" },
      ]
      const cards = [{ ...card, meters, choices: [{ combine: "max" as const, of: [["cpu"], ["mem"]] }] }]
      expect(linesOf(cards, across).map(brief)).toEqual([
        "mem 128 x 0.1 = 12.8",
        "node 2 x 3 = 6",
        "mem 192 x 0.1 = 19.2",
        "node 3 x 3 = 9",
      ])
    })

    it("a suspended job is rated whole where suspension could turn the choice", () => {
      const meters = [
        { sku: "cpu", resource: "cpu", unit: "core-h", price: "1" },
        { sku: "mem", resource: "mem", unit: "GiB-h", price: "0.05" },
      ]
      const suspendedWindows = [{ startSeconds: at("2026-04-30T22:00:00"), endSeconds: at("2026-05-01T00:00:00") }]
      const cards = [{ ...card, meters, choices: [{ combine: "max" as const, of: [["cpu"], ["mem"]] }] }]
      const lines = linesOf(cards, { ...across, suspendedSeconds: 7_200, suspendedWindows })
      expect(lines.map((line) => [brief(line), line.window.startSeconds])).toEqual([["mem 320 x 0.05 = 16", at("2026-04-30T22:00:00")]])
    })

    it("counts what a job blocked, what it consumed, or its dominant share, by the card's basis", () => {
      const meters = [{ sku: "cpu", resource: "cpu", unit: "core-h", price: "1" }]
      const one = { ...ran("2026-04-05T00:00:00", "2026-04-05T01:00:00"), allocated: { cpu: 4, mem: 65_536, node: 1 } }
      const consumed = { consumedCpuMilliseconds: 1_800_500, consumedMemoryBytesMaximum: 1 }
      expect(linesOf([{ ...card, basis: "consumed", meters }], { ...one, ...consumed }).map(brief)).toEqual(["cpu 0.500139 x 1 = 0.500139"])
      expect(
        linesOf([{ ...card, basis: "consumed", meters }], one).map((line) => [brief(line), line.flags.includes("consumption-unknown")]),
      ).toEqual([["cpu 4 x 1 = 4", true]])
      const nodeShapes = { "*": { cpu: 64, mem: 262_144 } }
      expect(linesOf([{ ...card, basis: "dominant", nodeShapes, meters }], one).map(brief)).toEqual(["cpu 16 x 1 = 16"])
      const imputed = [{ partition: null, whenAtLeast: { mem: 60_000 }, perNode: { cpu: 32 } }]
      expect(linesOf([{ ...card, imputed, meters }], one).map((line) => [brief(line), line.flags.includes("imputed")])).toEqual([
        ["cpu 32 x 1 = 32", true],
      ])
      const two = { ...one, allocated: { cpu: 4, mem: 131_072, node: 2 } }
      expect(linesOf([{ ...card, imputed, meters }], two).map(brief)).toEqual(["cpu 64 x 1 = 64"])
      expect(linesOf([{ ...card, imputed, meters }], { ...two, allocated: { cpu: 4, mem: 65_536, node: 2 } }).map(brief)).toEqual([
        "cpu 4 x 1 = 4",
      ])
    })
  })
})
