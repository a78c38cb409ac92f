import { describe, expect, it } from "vitest"
import { allTime, mappingWith, payersOf, payerWith, ratesOf, sampleBook, usageWith } from "../../fixtures/makeUsage.ts"
import { explainJob, explainLine } from "./explainLine.ts"
import { explanationText } from "./explanationText.ts"
import { periodLines } from "./periodLines.ts"
import { rateUsage } from "./rateUsage.ts"

const rates = ratesOf(sampleBook())
const payers = payersOf([payerWith("physics-faculty", "MU")], [mappingWith()])
const at = (text: string): number => Date.parse(`${text}+07:00`) / 1000

const usage = usageWith({
  jobId: "500004",
  user: "alice",
  startSeconds: at("2026-09-30T23:00:00"),
  endSeconds: at("2026-10-01T01:00:01"),
  qos: "high",
  partition: "gpu",
  allocated: { cpu: 4, mem: 8_192, node: 1, "gres/gpu": 1, "gres/gpu:a100": 1 },
})
const lines = rateUsage(usage, {
  rates,
  payers,
  windows: [
    { startSeconds: at("2026-09-01T00:00:00"), endSeconds: at("2026-10-01T00:00:00") },
    { startSeconds: at("2026-10-01T00:00:00"), endSeconds: at("2026-11-01T00:00:00") },
  ],
})

describe("explainJob", () => {
  it("says in about twenty lines why a job costs what it costs", () => {
    expect(explanationText(explainJob(lines, usage, { rates, payers }), "en")).toMatchInlineSnapshot(`
      [
        "Job 500004 "job" of alice, account physics, cluster ci, partition gpu, QOS high.",
        "It ran from 2026-09-30 23:00:00 to 2026-10-01 01:00:01 (Asia/Bangkok), 7201 s, and stands as COMPLETED.",
        "Each second it held cpu=4, mem=8192, node=1, gres/gpu:a100=1.",
        "Part from 2026-09-30 23:00:00 to 2026-10-01 00:00:00:",
        "physics-faculty pays 100 % of it.",
        "The price is that of tier MU.",
        "Rate card mu, version 2, in force from 2026-04-16 until -; it counts what was allocated; its hash begins fb2ba5f924b9.",
        "Override alice-thesis by somchai applies from 2026-07-01 until 2027-01-01: Thesis support by the graduate school, letter 12/2569",
        "Prices are multiplied by 1.5 for qos high.",
        "cpu: 14400 core-s = 4 core-h; 4 core-h x 1.2 THB = 4.8 THB.",
        "gpu-a100: 3600 GPU-s = 1 GPU-h; 1 GPU-h x 18.75 THB = 18.75 THB.",
        "mem: 29491200 MiB-s = 8 GiB-h; 8 GiB-h x 0.75 THB = 6 THB.",
        "Part from 2026-10-01 00:00:00 to 2026-10-01 01:00:01:",
        "cpu: 8.001111 core-h since the start less 4 before this part (14404 core-s); 4.001111 core-h x 1.2 THB = 4.8013332 THB.",
        "gpu-a100: 2.000278 GPU-h since the start less 1 before this part (3601 GPU-s); 1.000278 GPU-h x 18.75 THB = 18.7552125 THB.",
        "mem: 16.002222 GiB-h since the start less 8 before this part (29499392 MiB-s); 8.002222 GiB-h x 0.75 THB = 6.0016665 THB.",
        "Total: 59.1082122 THB.",
      ]
    `)
  })

  it("says the same in Thai", () => {
    const thai = explanationText(explainJob(lines, usage, { rates, payers }), "th")
    expect(thai).toHaveLength(explanationText(explainJob(lines, usage, { rates, payers }), "en").length)
    expect(thai.at(-1)).toMatch(/^รวม \d/)
    expect(thai.join("\n")).not.toMatch(/[{}]|undefined/)
  })
})

describe("explainLine", () => {
  it("explains why nothing is charged", () => {
    const failed = usageWith({ state: "NODE_FAIL" })
    const [line] = rateUsage(failed, { rates, payers, windows: allTime })
    const text = line === undefined ? [] : explanationText(explainLine(line, failed, { rates, payers }), "en")
    expect(text.at(-1)).toBe("Nothing is charged: jobs that end in this state are not charged.")
  })

  it("says so when the line's card is not in the book", () => {
    const [line] = lines
    if (line === undefined) throw new Error("no line")
    const other = { ...line, rate: { ...line.rate, cardHash: "0".repeat(64) } }
    expect(explanationText(explainLine(other, usage, { rates, payers }), "en").join("\n")).toMatch(/is not in the rate book given/)
  })

  it("shows a formula with its numbers, step by step, and which alternative won", () => {
    const card = {
      id: "f",
      version: 1,
      tier: null,
      effectiveFrom: "2020-01-01",
      effectiveUntil: null,
      basis: "allocated" as const,
      constants: { discount: "0.1" },
      meters: [
        { sku: "compute", amountFormula: "max(cpu_hours * 0.85, node_hours * 3) * (1 - discount)", unit: "job" },
        { sku: "cpu", resource: "cpu", unit: "core-h", price: "1" },
        { sku: "mem", resource: "mem", unit: "GiB-h", price: "0.1" },
      ],
      choices: [{ combine: "max" as const, of: [["cpu"], ["mem"]] }],
    }
    const own = ratesOf(sampleBook({ cards: [card], overrides: [] }))
    const job = usageWith({
      startSeconds: at("2026-09-05T00:00:00"),
      endSeconds: at("2026-09-05T02:00:00"),
      allocated: { cpu: 4, mem: 8_192, node: 1 },
    })
    const [line] = rateUsage(job, { rates: own, payers, windows: allTime })
    if (line === undefined) throw new Error("no line")
    expect(explanationText(explainLine(line, job, { rates: own, payers }), "en").slice(6)).toMatchInlineSnapshot(`
      [
        "Of the alternatives the dearest is charged: cpu (8 THB), not mem (1.6 THB).",
        "compute: max(cpu_hours * 0.85, node_hours * 3) * (1 - discount)",
        "  cpu_hours = 8",
        "  cpu_hours * 0.85 = 6.8",
        "  node_hours = 2",
        "  node_hours * 3 = 6",
        "  max(cpu_hours * 0.85, node_hours * 3) = 6.8",
        "  discount = 0.1",
        "  1 - discount = 0.9",
        "  max(cpu_hours * 0.85, node_hours * 3) * (1 - discount) = 6.12",
        "compute: 1 job x 6.12 THB = 6.12 THB.",
      ]
    `)
  })

  it("explains a line of the whole period without a job", () => {
    const card = sampleBook().cards.find(({ id, version }) => id === "mu" && version === 1)
    if (card === undefined) throw new Error("no card")
    const own = ratesOf(
      sampleBook({
        cards: [
          { ...card, minimum: "500" },
          { ...card, id: "all", tier: null },
        ],
        overrides: [],
      }),
    )
    const month = { startSeconds: at("2026-09-01T00:00:00"), endSeconds: at("2026-10-01T00:00:00") }
    const [minimum] = periodLines(rateUsage(usage, { rates: own, payers, windows: allTime }), own, month)
    if (minimum === undefined) throw new Error("no line")
    expect(explanationText(explainLine(minimum, null, { rates: own, payers }), "en")).toEqual([
      "physics-faculty pays 100 % of it.",
      "Part from 2026-09-01 00:00:00 to 2026-10-01 00:00:00:",
      "It prices the whole period, not one job: minimum.",
      expect.stringMatching(/^Rate card mu, version 1, in force from 2010-01-01 until -; it counts what was allocated/),
      expect.stringMatching(/^minimum: 1 period x [\d.]+ THB = [\d.]+ THB\.$/),
    ])
  })
})
