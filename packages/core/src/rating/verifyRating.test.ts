import { readdirSync } from "node:fs"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { sha256 } from "../../fixtures/makeUsage.ts"
import { inputOf, readCase } from "../../fixtures/ratingCase.ts"
import { canonicalJson } from "../canonicalJson.ts"
import { compareDecimals, multiplyDecimals } from "../money/Decimal.ts"
import { lineJson } from "./lineJson.ts"
import type { RatedLine } from "./RatedLine.ts"
import { ratePeriod, ratingRecord } from "./ratingRecord.ts"
import { verifyRating } from "./verifyRating.ts"

const files = readdirSync(new URL("../../fixtures/frozen/", import.meta.url)).sort()

describe("frozen rating records", () => {
  it("are there", () => {
    expect(files).toEqual(expect.arrayContaining(["engine-1-formulas.json", "engine-1-meters.json", "engine-1-periods.json"]))
  })

  it.each(files)("%s verifies in this version", (file) => {
    const frozen = readCase(file)
    const input = inputOf(frozen)
    const lines = ratePeriod(input)
    for (const { record, lines: stored } of frozen.rated) {
      const own = lines.filter((line) => line.payerId === record.payerId)
      expect(own.map((line) => JSON.parse(canonicalJson(lineJson(line))))).toEqual(stored)
      expect(verifyRating(record, own, input, sha256)).toEqual({ same: true, lineCount: record.lineCount })
    }
  })

  it.each(files)("%s: quantity x unit price = amount on each line, and no id stands twice", (file) => {
    const lines = ratePeriod(inputOf(readCase(file)))
    for (const line of lines) expect(compareDecimals(multiplyDecimals(line.quantity, line.unitPrice), line.amount)).toBe(0)
    expect(new Set(lines.map((line) => line.id)).size).toBe(lines.length)
  })

  it.each(files)("%s: the order of the input never changes a bill, and a late job changes no other line of a job", (file) => {
    const input = inputOf(readCase(file))
    const whole = ratePeriod(input).map((line) => canonicalJson(lineJson(line)))
    fc.assert(
      fc.property(
        fc.shuffledSubarray([...input.usages], { minLength: input.usages.length }),
        fc.shuffledSubarray([...input.usages]),
        (shuffled, some) => {
          expect(ratePeriod({ ...input, usages: shuffled }).map((line) => canonicalJson(lineJson(line)))).toEqual(whole)
          const known = new Set(whole)
          const before = ratePeriod({ ...input, usages: some }).filter((line) => line.kind !== "period")
          for (const line of before) expect(known.has(canonicalJson(lineJson(line)))).toBe(true)
        },
      ),
      { numRuns: 20 },
    )
  })
})

describe("verifyRating", () => {
  const input = inputOf(readCase("engine-1-periods.json"))
  const lines = ratePeriod(input).filter((line) => line.payerId === "physics")
  const record = ratingRecord("physics", lines, input, sha256)
  const [first, ...rest] = lines as [RatedLine, ...RatedLine[]]
  const jobLine = lines.find((line) => line.kind === "usage") as RatedLine

  it.each<readonly [reason: string, ...Parameters<typeof verifyRating>]>([
    ["newer-engine", { ...record, engineVersion: 99 }, lines, input, sha256],
    ["line-missing", record, rest, input, sha256],
    ["line-added", record, [{ ...first, id: "more" }, ...lines], input, sha256],
    ["line-differs", record, lines.map((line) => (line === jobLine ? { ...line, amount: { units: 1n, scale: 2 } } : line)), input, sha256],
    [
      "line-differs",
      record,
      lines,
      { ...input, usages: input.usages.map((usage) => ({ ...usage, record: { ...usage.record, name: "other" } })) },
      sha256,
    ],
    ["cards-differ", { ...record, cards: [] }, lines, input, sha256],
    ["slices-differ", { ...record, slicesSha256: "0" }, lines, input, sha256],
    ["record-differs", { ...record, total: "0" }, lines, input, sha256],
  ])("%s", (reason, ...call) => {
    const verdict = verifyRating(...call)
    expect(verdict).toMatchObject({ same: false, reason })
  })

  it("names the line and the field", () => {
    const changed = lines.map((line) => (line === jobLine ? { ...line, unit: "h" } : line))
    const verdict = verifyRating(record, changed, input, sha256)
    expect(verdict.same ? "" : verdict.message).toBe(`line ${jobLine.id} differs in unit: "h" stands, "${jobLine.unit}" comes out.`)
  })
})
