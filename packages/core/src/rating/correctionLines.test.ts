import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { allTime, mappingWith, payersOf, payerWith, ratesOf, sampleBook, usageWith } from "../../fixtures/makeUsage.ts"
import { addDecimals, compareDecimals, decimalZero, formatDecimal, normaliseDecimal } from "../money/Decimal.ts"
import type { JobRecord } from "../usage/JobRecord.ts"
import { type BilledLine, correctionLines } from "./correctionLines.ts"
import type { RatedLine } from "./RatedLine.ts"
import { rateUsage } from "./rateUsage.ts"

const month = "2026-10"
const payers = payersOf([payerWith("physics-faculty", "MU")], [mappingWith()])
const moved = payersOf([payerWith("chemistry", "MU")], [mappingWith({ payerId: "chemistry" })])
const rates = ratesOf(sampleBook())
const start = Date.parse("2026-10-05T00:00:00+07:00") / 1000

const linesOf = (over: Partial<JobRecord>, options = { rates, payers }): readonly RatedLine[] =>
  rateUsage(usageWith({ startSeconds: start, endSeconds: start + 3_600, allocated: { cpu: 2 }, ...over }), { ...options, windows: allTime })

const billedAs = (lines: readonly RatedLine[], receiptNumber: string | null = "R-1"): readonly BilledLine[] =>
  lines.map((line) => ({ line, receiptNumber }))

const brief = (line: RatedLine): string =>
  `${line.kind} ${line.payerId} ${line.sku} ${formatDecimal(normaliseDecimal(line.quantity))} x ${formatDecimal(line.unitPrice)} corrects ${line.corrects?.lineId === null ? "nothing" : line.corrects?.receiptNumber}`

describe("correctionLines", () => {
  const before = linesOf({})
  const cases: readonly (readonly [
    what: string,
    billed: readonly BilledLine[],
    rerated: readonly RatedLine[],
    lines: readonly string[],
  ])[] = [
    ["nothing changed", billedAs(before), before, []],
    ["late usage", [], before, ["correction physics-faculty cpu 2 x 1 corrects nothing"]],
    ["late usage that is not charged", [], linesOf({ state: "NODE_FAIL" }), ["zero physics-faculty none 0 x 0 corrects nothing"]],
    ["longer than billed", billedAs(before), linesOf({ endSeconds: start + 7_200 }), ["correction physics-faculty cpu 2 x 1 corrects R-1"]],
    [
      "shorter than billed",
      billedAs(before),
      linesOf({ endSeconds: start + 1_800 }),
      ["correction physics-faculty cpu -1 x 1 corrects R-1"],
    ],
    ["not charged any more", billedAs(before), linesOf({ state: "NODE_FAIL" }), ["correction physics-faculty cpu -2 x 1 corrects R-1"]],
    ["charged after all", billedAs(linesOf({ state: "NODE_FAIL" })), before, ["correction physics-faculty cpu 2 x 1 corrects R-1"]],
    [
      "another price",
      billedAs(before),
      linesOf({ qos: "high" }),
      ["correction physics-faculty cpu 2 x 1.5 corrects R-1", "correction physics-faculty cpu -2 x 1 corrects R-1"],
    ],
    [
      "another payer",
      billedAs(before),
      linesOf({}, { rates, payers: moved }),
      ["correction chemistry cpu 2 x 1 corrects R-1", "correction physics-faculty cpu -2 x 1 corrects R-1"],
    ],
    ["still running", [], linesOf({ endSeconds: null, state: "RUNNING" }), []],
  ]
  it.each(cases)("%s", (_, billed, rerated, lines) => {
    expect([...correctionLines(billed, rerated, { month }).map(brief)].sort()).toEqual([...lines].sort())
  })

  it("gives no number again that a standing correction has, where one before it was voided", () => {
    const longer = (seconds: number) => linesOf({ endSeconds: start + seconds })
    const first = correctionLines(billedAs(before), longer(7_200), { month })
    const second = correctionLines([...billedAs(before), ...billedAs(first)], longer(10_800), { month })
    const standing = [...billedAs(before), ...billedAs(second)]
    const again = correctionLines(standing, longer(10_800), { month })
    expect(again.map(brief)).toEqual(first.map(brief))
    expect(new Set([...standing.map(({ line }) => line.id), ...again.map(({ id }) => id)]).size).toBe(3)
  })

  const gpu = { allocated: { cpu: 2, "gres/gpu": 1 } }
  /** Id, what it corrects and on which receipt. */
  const named = (lines: readonly RatedLine[]) => lines.map(({ id, corrects }) => [id, corrects?.lineId, corrects?.receiptNumber])

  it("names the latest line of the same price, else of the same sku, else of the usage", () => {
    const two = linesOf(gpu)
    expect(two.map(({ sku }) => sku)).toEqual(["cpu", "gpu"])
    const [cpuLine, gpuLine] = two as [RatedLine, RatedLine]
    const billed = [
      { line: cpuLine, receiptNumber: "R-1" },
      { line: gpuLine, receiptNumber: "R-2" },
    ]
    const key = (line: RatedLine, price: string) => `correction/2026-10/${line.usageId}/${line.sku}/physics-faculty/${line.unit}/${price}`

    const longer = linesOf({ ...gpu, endSeconds: start + 7_200 })
    const first = correctionLines(billed, longer, { month })
    expect(named(first)).toEqual([
      [`${key(cpuLine, "1")}/1`, cpuLine.id, "R-1"],
      [`${key(gpuLine, "5")}/1`, gpuLine.id, "R-2"],
    ])
    const second = correctionLines([...billed, ...billedAs(first, "R-3")], linesOf({ ...gpu, endSeconds: start + 10_800 }), { month })
    expect(named(second)).toEqual([
      [`${key(cpuLine, "1")}/2`, first[0]?.id, "R-3"],
      [`${key(gpuLine, "5")}/2`, first[1]?.id, "R-3"],
    ])
    const dearer = correctionLines(billed, linesOf({ ...gpu, qos: "high" }), { month })
    expect(named(dearer)).toEqual([
      [`${key(cpuLine, "1.5")}/1`, cpuLine.id, "R-1"],
      [`${key(cpuLine, "1")}/1`, cpuLine.id, "R-1"],
      [`${key(gpuLine, "5")}/1`, gpuLine.id, "R-2"],
      [`${key(gpuLine, "7.5")}/1`, gpuLine.id, "R-2"],
    ])
    const added = correctionLines([{ line: cpuLine, receiptNumber: "R-1" }], two, { month })
    expect(named(added)).toEqual([[`${key(gpuLine, "5")}/1`, cpuLine.id, "R-1"]])
  })

  it("takes a zero line for what was billed of a usage, and for nothing of its price", () => {
    const zero = linesOf({ state: "NODE_FAIL" })
    const charged = correctionLines(billedAs(zero, "R-9"), before, { month })
    expect(named(charged).map(([, ...rest]) => rest)).toEqual([[zero[0]?.id, "R-9"]])
    expect(charged[0]).toMatchObject({ kind: "correction", zeroReason: null, amount: before[0]?.amount })
    expect(correctionLines(billedAs(zero), zero, { month })).toEqual([])
    expect(named(correctionLines([], zero, { month }))).toEqual([[`${zero[0]?.id}/late/2026-10`, null, null]])
  })

  it("keeps lines of different tax apart, and those of a period by whom it counts", () => {
    const taxed = (code: string): RatedLine => ({ ...(before[0] as RatedLine), id: code, tax: { code, ratePercent: "7", basis: "" } })
    const moved = correctionLines(billedAs([taxed("VAT7")]), [taxed("VAT0")], { month })
    expect(moved.map(({ tax, quantity }) => [tax?.code, formatDecimal(normaliseDecimal(quantity))])).toEqual([
      ["VAT0", "2"],
      ["VAT7", "-2"],
    ])
    const period = (user: string, units: bigint): RatedLine => ({
      ...(before[0] as RatedLine),
      id: `minimum of ${user}`,
      usageId: null,
      user,
      quantity: { units, scale: 0 },
    })
    const corrections = correctionLines(billedAs([period("ann", 1n), period("bob", 1n)]), [period("ann", 1n), period("bob", 4n)], { month })
    expect(corrections.map(({ user, quantity }) => [user, quantity.units])).toEqual([["bob", 3n]])
    expect(corrections[0]?.corrects).toEqual({ month, lineId: "minimum of bob", receiptNumber: "R-1" })
    expect(corrections[0]?.id).toContain("/period/ci/physics/bob/")
  })

  it("after its corrections are billed there is nothing left to correct, and ids stay apart", () => {
    const outcomes = fc.record({
      state: fc.constantFrom("COMPLETED" as const, "NODE_FAIL" as const),
      qos: fc.constantFrom("normal", "high", "gratis"),
      endSeconds: fc.integer({ min: start, max: start + 100_000 }),
      cpu: fc.nat(8),
    })
    fc.assert(
      fc.property(fc.array(outcomes, { minLength: 1, maxLength: 5 }), (versions) => {
        let billed: readonly BilledLine[] = []
        for (const { state, qos, endSeconds, cpu } of versions) {
          const today = linesOf({ state, qos, endSeconds, allocated: { cpu } })
          const corrections = correctionLines(billed, today, { month })
          billed = [...billed, ...billedAs(corrections, "R-2")]
          const sum = (lines: readonly RatedLine[]) => lines.reduce((total, line) => addDecimals(total, line.amount), decimalZero)
          expect(compareDecimals(sum(billed.map(({ line }) => line)), sum(today))).toBe(0)
          expect(correctionLines(billed, today, { month })).toEqual([])
        }
        expect(new Set(billed.map(({ line }) => line.id)).size).toBe(billed.length)
      }),
      { numRuns: 200 },
    )
  })
})
