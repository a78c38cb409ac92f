import { Result } from "effect"
import { describe, expect, it } from "vitest"
import { allTime, mappingWith, payersOf, payerWith, ratesOf, recordWith, sampleBook, usageWith } from "../../fixtures/makeUsage.ts"
import { normalise } from "../usage/normalise.ts"
import { explainJob, explainLine } from "./explainLine.ts"
import { explanationText } from "./explanationText.ts"
import { periodLines } from "./periodLines.ts"
import { readReadings } from "./Reading.ts"
import { rateReading, usageOfReading } from "./rateReading.ts"
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
        "It ran from 2026-09-30 23:00:00 to 2026-10-01 01:00:01 (Asia/Bangkok), 2 h 1 s (7201 s), and ended as COMPLETED.",
        "All that time it held 4 cores, 1 GPU (a100), 8 GiB of memory, 1 node.",
        "Part from 2026-09-30 23:00:00 to 2026-10-01 00:00:00:",
        "physics-faculty pays for it.",
        "The price is that of tier MU.",
        "Rate card mu, version 2, in force from 2026-04-16 until further notice; its hash begins fb2ba5f924b9.",
        "It counts what the job held, used or not (basis allocated).",
        "Override alice-thesis by somchai applies from 2026-07-01 to 2026-12-31: Thesis support by the graduate school, letter 12/2569",
        "Prices are multiplied by 1.5 for QOS high.",
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

  it("says nothing of a name that no source gave", () => {
    const nameless = usageWith({ name: "" })
    const said = (["en", "th"] as const).map((language) => explanationText(explainJob([], nameless, { rates, payers }), language)[0])
    expect(said[0]).toBe("Job 1 of dave, account physics, cluster ci, partition cpu, QOS normal.")
    expect(said[1]).toMatch(/^งาน 1 ของ dave /)
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
    expect(explanationText(explainLine(line, job, { rates: own, payers }), "en").slice(7)).toMatchInlineSnapshot(`
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
      "physics-faculty pays for it.",
      "It is for all of the payer's usage from 2026-09-01 00:00:00 to 2026-10-01 00:00:00, not for one job.",
      expect.stringMatching(/^Rate card mu, version 1, in force from 2010-01-01 until further notice; its hash begins [0-9a-f]{12}\.$/),
      "A month under this card costs at least 500 THB; this is what was missing.",
      expect.stringMatching(/^minimum: 1 period x [\d.]+ THB = [\d.]+ THB\.$/),
    ])
  })

  const base = { id: "p", version: 1, tier: null, effectiveFrom: "2020-01-01", effectiveUntil: null, basis: "allocated" as const }
  const cpu = { sku: "cpu", resource: "cpu", unit: "core-h" }
  const month = { startSeconds: at("2026-09-01T00:00:00"), endSeconds: at("2026-10-01T00:00:00") }
  const job = usageWith({
    startSeconds: at("2026-09-05T00:00:00"),
    endSeconds: at("2026-09-05T02:00:00"),
    allocated: { cpu: 4, mem: 1_000, node: 2, "gres/gpu": 1, "gres/gpu:a100": 1, "license/matlab": 1, "gres/fpga": 2 },
  })
  const bands = [
    { upTo: "3", price: "1" },
    { upTo: null, price: "0.50" },
  ]

  it.each<readonly [what: string, card: object, sentences: readonly string[], thai: RegExp]>([
    [
      "an allowance",
      { meters: [{ ...cpu, price: "1", allowance: "2" }] },
      ["The first 2 core-h of cpu cost nothing: what the lines of the jobs charge for them is taken back."],
      /cpu 2 core-h แรกไม่คิดค่าบริการ/,
    ],
    [
      "a band, at a factor",
      {
        meters: [{ ...cpu, model: { kind: "graduated", bands } }],
        factors: [
          { by: "qos", name: "normal", factor: "2" },
          { by: "qos", name: "high", factor: "3" },
        ],
      },
      ["5 core-h of cpu cost the price of band 2, 0.5 THB; the lines of the jobs stand at 1 THB, and this is the difference."],
      /cpu 5 core-h อยู่ในขั้นราคาที่ 2 ราคา 0\.5 THB ส่วนรายการของงานคิดไว้ที่ 1 THB/,
    ],
    [
      "packages",
      { meters: [{ ...cpu, price: "100", model: { kind: "package", size: "1000" } }] },
      ["cpu is sold in begun packages of 1000 core-h: 1 of them."],
      /ชุดละ 1000 core-h/,
    ],
    [
      "a cap of one meter",
      { meters: [{ ...cpu, price: "1", cap: "5" }] },
      ["A month of cpu costs at most 5 THB; what is beyond it is taken back."],
      /cpu หนึ่งเดือนคิดไม่เกิน 5 THB/,
    ],
    [
      "a minimum counted by user",
      { meters: [{ ...cpu, price: "1" }], minimum: "500", countedPer: "user" },
      ["A month under this card costs at least 500 THB; this is what was missing."],
      /หนึ่งเดือนตามอัตรานี้คิดอย่างน้อย 500 THB/,
    ],
  ])("says of %s which rule of the card it is", (_, card, sentences, thai) => {
    const own = ratesOf(sampleBook({ cards: [{ ...base, ...card } as never], overrides: [] }))
    const rated = rateUsage(job, { rates: own, payers, windows: [month] })
    const [line] = periodLines(rated, own, month)
    if (line === undefined) throw new Error("no line")
    const said = (language: "en" | "th") => explanationText(explainLine(line, null, { rates: own, payers }), language)
    expect(said("en")).toEqual(expect.arrayContaining([...sentences]))
    expect(said("th").join("\n")).toMatch(thai)
    expect([...said("en"), ...said("th")].join("\n")).not.toMatch(/[{}]|undefined|until -/)
  })

  it("says what a job held and noted in words, and what the month will add", () => {
    const own = ratesOf(
      sampleBook({ cards: [{ ...base, basis: "consumed", meters: [{ ...cpu, price: "1", allowance: "2" }] }], overrides: [] }),
    )
    const text = (language: "en" | "th") =>
      explanationText(explainJob(rateUsage(job, { rates: own, payers, windows: [month] }), job, { rates: own, payers }), language)
    expect(text("en")).toEqual(
      expect.arrayContaining([
        "All that time it held 4 cores, 2 gres/fpga, 1 GPU (a100), 1000 MiB of memory, 2 nodes, 1 licence of matlab.",
        "It counts the cpu time and memory that the job really used (basis consumed).",
        "Slurm did not record what the job really used, so what it held is counted.",
        "What cpu costs in the end depends on the whole month: a line of the month adds the difference.",
      ]),
    )
    expect(text("th").join("\n")).toMatch(/จองไว้ 4 คอร์ 2 gres\/fpga GPU a100 1 ตัว หน่วยความจำ 1000 MiB 2 โหนด ไลเซนส์ matlab 1 สิทธิ์/)
  })

  it("says what a correction corrects, and what came late", () => {
    const [before] = lines
    if (before === undefined) throw new Error("no line")
    const of = (lineId: string | null, receiptNumber: string | null) => {
      const corrects = { month: "2026-09", lineId, receiptNumber }
      return explanationText(explainLine({ ...before, kind: "correction", corrects }, usage, { rates, payers }), "en").join("\n")
    }
    expect(of("a/line", "R1")).toContain(
      "It corrects the bill of 2026-09 (receipt R1): the difference between what is known now and what was billed then.\nThe line that it corrects: a/line\n",
    )
    expect(of("a/line", null)).toContain("It corrects the bill of 2026-09: the difference")
    expect(of(null, null)).toContain("It belongs to 2026-09, but became known only after that month was billed.")
  })

  it("names a payer and its exact share", () => {
    const named = [{ ...payerWith("a", "MU"), nameEnglish: "Faculty of Science", nameThai: "คณะวิทยาศาสตร์" }, payerWith("b", "MU")]
    const shared = payersOf(named, [
      mappingWith({ payerId: "a", sharePercent: "33.5" }),
      mappingWith({ payerId: "b", sharePercent: "66.5" }),
    ])
    const [line] = rateUsage(job, { rates, payers: shared, windows: allTime })
    if (line === undefined) throw new Error("no line")
    expect(explanationText(explainLine(line, job, { rates, payers: shared }), "en")).toContain("Faculty of Science (a) pays 33.5 % of it.")
    expect(explanationText(explainLine(line, job, { rates, payers: shared }), "th")).toContain("คณะวิทยาศาสตร์ (a) เป็นผู้ชำระ 33.5 %")
  })

  it("tells a reading from a job, and a job that still runs from one that ended", () => {
    const csv =
      "service,id,account,resource,quantity,unit,start,end,description\nci,disk-9,physics,storage,12.5,TiB-h,2026-09-01,2026-10-01,scratch\n"
    const [reading] = Result.getOrThrow(readReadings(csv, "Asia/Bangkok"))
    if (reading === undefined) throw new Error("no reading")
    const own = ratesOf(
      sampleBook({
        cards: [{ ...base, meters: [{ sku: "disk", resource: "reading/storage", unit: "TiB-h", price: "2" }] }],
        overrides: [],
      }),
    )
    const [line] = rateReading(reading, { rates: own, payers, windows: [month] })
    if (line === undefined) throw new Error("no line")
    expect(explanationText(explainLine(line, usageOfReading(reading), { rates: own, payers }), "en")).toEqual([
      "Reading disk-9 of ci, account physics: scratch",
      "It covers 2026-09-01 00:00:00 to 2026-10-01 00:00:00 (Asia/Bangkok), 30 days.",
      "physics-faculty pays for it.",
      "The price is that of tier MU.",
      expect.stringMatching(/^Rate card p, version 1, in force from 2020-01-01 until further notice/),
      "disk: 12.5 TiB-h x 2 THB = 25 THB.",
    ])
    const record = recordWith({ state: "RUNNING", startSeconds: at("2026-09-05T00:00:00"), endSeconds: null })
    const [running] = normalise([record], { asOfSeconds: at("2026-09-06T01:00:00") }).usages
    if (running === undefined) throw new Error("no usage")
    const said = explanationText(explainJob(rateUsage(running, { rates, payers, windows: allTime }), running, { rates, payers }), "en")
    expect(said[1]).toBe(
      "It has run since 2026-09-05 00:00:00 (Asia/Bangkok) and has not ended: counted until 2026-09-06 01:00:00, 1 day 1 h (90000 s), state RUNNING.",
    )
    expect(said.at(-1)).toMatch(/^Total so far: [\d.]+ THB, not billed yet\.$/)
  })

  it("says the figures of a line whose usage is not at hand", () => {
    const [line] = lines
    if (line === undefined) throw new Error("no line")
    expect(explanationText(explainLine(line, null, { rates, payers }), "en").at(-1)).toMatch(/^cpu: 4 core-h x /)
  })
})
