import { expect, it } from "vitest"
import { allTime, mappingWith, payersOf, payerWith, ratesOf, sampleBook, usageWith } from "../../fixtures/makeUsage.ts"
import { firstDifference } from "./firstDifference.ts"
import type { RatedLine } from "./RatedLine.ts"
import { rateUsage } from "./rateUsage.ts"

const payers = payersOf([payerWith("physics-faculty", "MU")], [mappingWith()])
const lines = rateUsage(usageWith({ allocated: { cpu: 2, mem: 2_048, node: 1 } }), {
  rates: ratesOf(sampleBook()),
  payers,
  windows: allTime,
})
const [cpu, mem] = lines as [RatedLine, RatedLine]
const computed = (...all: readonly RatedLine[]) => new Map(all.map((line) => [line.id, line]))

it.each<[string, readonly RatedLine[], readonly RatedLine[], object | null]>([
  ["the same lines in another order", [mem, cpu], [cpu, mem], null],
  [
    "a quantity written with other zeros",
    [{ ...cpu, quantity: { units: cpu.quantity.units * 10n, scale: cpu.quantity.scale + 1 } }],
    [cpu],
    null,
  ],
  [
    "a line too many",
    [cpu, mem],
    [cpu],
    { reason: "line-added", lineId: mem.id, message: `line ${mem.id} stands on file, but nothing that was used gives it.` },
  ],
  [
    "a line too few",
    [cpu],
    [cpu, mem],
    { reason: "line-missing", lineId: mem.id, message: `line ${mem.id} comes out, but does not stand on file.` },
  ],
  [
    "nothing on file",
    [],
    [cpu],
    { reason: "line-missing", lineId: cpu.id, message: `line ${cpu.id} comes out, but does not stand on file.` },
  ],
  [
    "a changed field",
    [cpu, { ...mem, user: "eve" }],
    [cpu, mem],
    { reason: "line-differs", lineId: mem.id, message: `line ${mem.id} differs in user: "eve" stands, "dave" comes out.` },
  ],
  [
    "a changed part of a field",
    [{ ...cpu, rate: { ...cpu.rate, tier: "Gov" } }],
    [cpu],
    {
      reason: "line-differs",
      lineId: cpu.id,
      message: expect.stringMatching(/differs in rate: \{.*"tier":"Gov"\} stands, \{.*"tier":"MU"\} comes out\.$/),
    },
  ],
  [
    "a tax rule that came out alone",
    [cpu],
    [{ ...cpu, tax: { code: "VAT7", ratePercent: "7", basis: "" } }],
    {
      reason: "line-differs",
      message: `line ${cpu.id} differs in tax: null stands, {"basis":"","code":"VAT7","ratePercent":"7"} comes out.`,
    },
  ],
  [
    "a correction's reference",
    [{ ...cpu, corrects: { month: "2026-09", lineId: "x", receiptNumber: null } }],
    [cpu],
    { message: `line ${cpu.id} differs in corrects: {"lineId":"x","month":"2026-09","receiptNumber":null} stands, null comes out.` },
  ],
])("finds in %s the first difference or none", (_, stored, again, difference) => {
  const found = firstDifference(stored, computed(...again))
  if (difference === null) expect(found).toBe(null)
  else expect(found).toMatchObject(difference)
})
