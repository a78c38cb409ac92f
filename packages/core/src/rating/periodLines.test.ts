import { Result } from "effect"
import { describe, expect, it } from "vitest"
import { allTime, mappingWith, payersOf, payerWith, ratesOf, sampleBook, usageWith } from "../../fixtures/makeUsage.ts"
import { addDecimals, decimalZero, formatDecimal, normaliseDecimal } from "../money/Decimal.ts"
import { monthWindow } from "../time/Month.ts"
import { correctionLines } from "./correctionLines.ts"
import { periodLines } from "./periodLines.ts"
import type { RateCard } from "./RateBook.ts"
import type { RatedLine } from "./RatedLine.ts"
import { readReadings } from "./Reading.ts"
import { rateReading } from "./rateReading.ts"
import { rateUsage } from "./rateUsage.ts"

const month = monthWindow("2026-10", "Asia/Bangkok")
const payers = payersOf([payerWith("physics-faculty", "MU")], [mappingWith()])

const book = (card: Partial<RateCard>) =>
  sampleBook({
    overrides: [
      {
        id: "own",
        account: null,
        user: "zoe",
        effectiveFrom: "2026-01-01",
        effectiveUntil: null,
        author: "a",
        reason: "r",
        prices: { cpu: "9" },
      },
    ],
    cards: [
      { id: "c", version: 1, tier: null, effectiveFrom: "2026-01-01", effectiveUntil: null, basis: "allocated", meters: [], ...card },
    ],
  })

const cpu = (over: object) => ({ meters: [{ sku: "cpu", resource: "cpu", unit: "core-h", price: "1", ...over }] })

const text = (line: RatedLine): string =>
  `${line.sku} ${line.flags.join()}: ${formatDecimal(normaliseDecimal(line.quantity))} ${line.unit} x ${formatDecimal(line.unitPrice)}`

const priced = (card: Partial<RateCard>, jobs: readonly (readonly [hours: number, user?: string, qos?: string])[]) => {
  const rates = ratesOf(book(card))
  const lines = jobs.flatMap(([hours, user = "dave", qos = "normal"], index) =>
    rateUsage(
      usageWith({
        jobId: String(index),
        user,
        qos,
        startSeconds: month.startSeconds,
        endSeconds: month.startSeconds + hours * 3_600,
        allocated: { cpu: 1 },
      }),
      { rates, payers, windows: allTime },
    ),
  )
  const period = periodLines(lines, rates, month)
  const sum = [...lines, ...period].reduce((total, line) => addDecimals(total, line.amount), decimalZero)
  return { lines: period.map(text), period, total: formatDecimal(normaliseDecimal(sum)) }
}

describe("periodLines", () => {
  it.each<readonly [what: string, card: Partial<RateCard>, hours: readonly number[], lines: readonly string[], total: string]>([
    ["nothing that counts periods", cpu({}), [10, 20], [], "30"],
    ["an allowance not used up", cpu({ allowance: "50" }), [10, 20], ["cpu allowance: 30 core-h x -1"], "0"],
    ["an allowance used up", cpu({ allowance: "25.5" }), [10, 20], ["cpu allowance: 25.5 core-h x -1"], "4.5"],
    ["included", cpu({ model: { kind: "included", quantity: "25" } }), [10, 20], ["cpu allowance: 25 core-h x -1"], "5"],
    [
      "graduated after an allowance",
      cpu({
        price: undefined,
        allowance: "5",
        model: {
          kind: "graduated",
          bands: [
            { upTo: "10", price: "2" },
            { upTo: null, price: "1" },
          ],
        },
      }),
      [10, 20],
      ["cpu allowance: 5 core-h x -2", "cpu band-2: 15 core-h x -1"],
      "35",
    ],
    [
      "volume at its edge",
      cpu({
        price: undefined,
        model: {
          kind: "volume",
          bands: [
            { upTo: "30", price: "2" },
            { upTo: null, price: "1" },
          ],
        },
      }),
      [10, 20],
      [],
      "60",
    ],
    [
      "volume past its edge",
      cpu({
        price: undefined,
        model: {
          kind: "volume",
          bands: [
            { upTo: "29", price: "2" },
            { upTo: null, price: "1" },
          ],
        },
      }),
      [10, 20],
      ["cpu band-2: 30 core-h x -1"],
      "30",
    ],
    ["packages", cpu({ price: "7", model: { kind: "package", size: "8" } }), [10, 20], ["cpu package: 4 package x 7"], "28"],
    ["a meter's minimum", cpu({ minimum: "100" }), [10, 20], ["cpu minimum: 1 period x 70"], "100"],
    ["a meter's cap", cpu({ cap: "25" }), [10, 20], ["cpu cap: 1 period x -5"], "25"],
    ["a card's minimum", { ...cpu({}), minimum: "31" }, [10, 20], ["minimum minimum: 1 period x 1"], "31"],
    ["a card's cap", { ...cpu({}), cap: "12" }, [10, 20], ["cap cap: 1 period x -18"], "12"],
  ])("%s", (_, card, hours, lines, total) => {
    const drop = JSON.parse(JSON.stringify(card)) as Partial<RateCard>
    expect(
      priced(
        drop,
        hours.map((each) => [each]),
      ),
    ).toMatchObject({ lines, total })
  })

  it("counts each user alone where the card says so", () => {
    const card = { ...cpu({ allowance: "15" }), countedPer: "user" as const }
    expect(
      priced(card, [
        [10, "a"],
        [20, "b"],
      ]),
    ).toMatchObject({ lines: ["cpu allowance: 10 core-h x -1", "cpu allowance: 15 core-h x -1"], total: "5" })
  })

  it.each([
    ["payer", ["// "], ["60"]],
    ["account", ["ci/chem/ ", "ci/physics/ "], ["30", "30"]],
    ["user", ["ci/chem/ann ", "ci/chem/bob ", "ci/physics/ann ", "ci/physics/bob "], ["10", "20", "10", "20"]],
  ] as const)("names and counts by %s", (countedPer, whose, free) => {
    const rates = ratesOf(book({ ...cpu({ allowance: "1000" }), countedPer }))
    const both = payersOf([payerWith("physics-faculty", "MU")], [mappingWith(), mappingWith({ account: "chem" })])
    const lines = ["physics", "chem"].flatMap((account) =>
      ["ann", "bob"].flatMap((user, index) =>
        rateUsage(
          usageWith({
            jobId: `${account}${user}`,
            account,
            user,
            startSeconds: month.startSeconds,
            endSeconds: month.startSeconds + (index + 1) * 36_000,
            allocated: { cpu: 1 },
          }),
          { rates, payers: both, windows: allTime },
        ),
      ),
    )
    const period = periodLines(lines, rates, month)
    expect(period.map((line) => `${line.cluster}/${line.account}/${line.user} `)).toEqual(whose)
    expect(period.map(({ quantity }) => formatDecimal(normaliseDecimal(quantity)))).toEqual(free)
    expect(periodLines(lines.toReversed(), rates, month)).toEqual(period)
    for (const line of period) {
      expect(line).toMatchObject({
        kind: "period",
        usageId: null,
        jobId: "",
        jobName: "",
        partition: "",
        qos: "",
        state: "",
        window: month,
      })
      expect(line.id).toContain(`period/${month.startSeconds}-${month.endSeconds}/`)
    }
  })

  it("counts neither running jobs, nor corrections, nor lines of a card that is not in the book", () => {
    const rates = ratesOf(book(cpu({ allowance: "100" })))
    const [line] = rateUsage(
      usageWith({ startSeconds: month.startSeconds, endSeconds: month.startSeconds + 36_000, allocated: { cpu: 1 } }),
      { rates, payers, windows: allTime },
    ) as [RatedLine]
    const count = (...lines: readonly RatedLine[]) => periodLines(lines, rates, month).map(text)
    expect(count(line)).toEqual(["cpu allowance: 10 core-h x -1"])
    expect(count(line, { ...line, id: "r", provisional: true })).toEqual(["cpu allowance: 10 core-h x -1"])
    expect(count(line, { ...line, id: "c", kind: "correction" })).toEqual(["cpu allowance: 10 core-h x -1"])
    expect(count(line, { ...line, id: "o", rate: { ...line.rate, cardVersion: 9 } })).toEqual(["cpu allowance: 10 core-h x -1"])
    expect(count(line, { ...line, id: "s" })).toEqual(["cpu allowance: 20 core-h x -1"])
  })

  it.each<[string, Partial<RateCard>, readonly number[], readonly string[]]>([
    [
      "a meter that counted nothing has no minimum",
      { meters: [...cpu({}).meters, { sku: "gpu", resource: "gres/gpu", unit: "GPU-h", price: "1", minimum: "50" }] },
      [10],
      [],
    ],
    ["a minimum that is just reached", cpu({ minimum: "10" }), [10], []],
    ["a cap that is just reached", cpu({ cap: "10" }), [10], []],
    ["an allowance of nothing", cpu({ allowance: "0" }), [10], []],
    ["an allowance that is just used up", cpu({ allowance: "10" }), [10], ["cpu allowance: 10 core-h x -1"]],
    ["jobs of no time", cpu({ allowance: "10", minimum: "3" }), [0], []],
    [
      "a minimum after an allowance, and the card's after the meter's",
      { ...cpu({ allowance: "4", minimum: "8" }), minimum: "20" },
      [10],
      ["minimum minimum: 1 period x 12", "cpu allowance: 4 core-h x -1", "cpu minimum: 1 period x 2"],
    ],
    [
      "three bands, the middle one used in part",
      cpu({
        price: undefined,
        model: {
          kind: "graduated",
          bands: [
            { upTo: "2", price: "3" },
            { upTo: "50", price: "2" },
            { upTo: null, price: "1" },
          ],
        },
      }),
      [10],
      ["cpu band-2: 8 core-h x -1"],
    ],
    [
      "three bands, the last one used",
      cpu({
        price: undefined,
        model: {
          kind: "graduated",
          bands: [
            { upTo: "2", price: "3" },
            { upTo: "5", price: "2" },
            { upTo: null, price: "1" },
          ],
        },
      }),
      [10],
      ["cpu band-2: 3 core-h x -1", "cpu band-3: 5 core-h x -2"],
    ],
    [
      "bands that the use just fills",
      cpu({
        price: undefined,
        model: {
          kind: "graduated",
          bands: [
            { upTo: "4", price: "3" },
            { upTo: "10", price: "2" },
            { upTo: null, price: "1" },
          ],
        },
      }),
      [10],
      ["cpu band-2: 6 core-h x -1"],
    ],
    ["a package begun", cpu({ price: "7", model: { kind: "package", size: "100" } }), [10], ["cpu package: 1 package x 7"]],
    [
      "packages beyond an allowance",
      cpu({ price: "7", allowance: "4", model: { kind: "package", size: "3" } }),
      [10],
      ["cpu package: 2 package x 7"],
    ],
    ["no package where the allowance takes all", cpu({ price: "7", allowance: "10", model: { kind: "package", size: "3" } }), [10], []],
  ])("of %s", (_, card, hours, lines) => {
    const plain = JSON.parse(JSON.stringify(card)) as Partial<RateCard>
    expect(
      [
        ...priced(
          plain,
          hours.map((each) => [each]),
        ).lines,
      ].sort(),
    ).toEqual([...lines].sort())
  })

  it("multiplies by the factor of the tier that a line was priced at, and of the partition", () => {
    const factors = [
      { by: "tier" as const, name: "MU", factor: "3" },
      { by: "partition" as const, name: "cpu", factor: "0.5" },
      { by: "tier" as const, name: "Gov", factor: "100" },
    ]
    expect(priced({ ...cpu({ allowance: "4" }), factors, tier: null }, [[10]]).lines).toEqual(["cpu allowance: 4 core-h x -1.5"])
  })

  it("leaves an override's own price out of the count, and multiplies by factors", () => {
    const card = { ...cpu({ allowance: "15" }), factors: [{ by: "qos" as const, name: "high", factor: "2" }] }
    expect(
      priced(card, [
        [10, "zoe"],
        [20, "a", "high"],
        [10, "a"],
      ]),
    ).toMatchObject({
      lines: ["cpu allowancex1: 5 core-h x -1", "cpu allowancex2: 10 core-h x -2"],
      total: "115",
    })
  })

  it("corrects a closed month's period line by the difference", () => {
    const card = cpu({ allowance: "25" })
    const before = priced(card, [[10]]).period.map((line) => ({ line, receiptNumber: "R-1" }))
    const corrections = correctionLines(before, priced(card, [[10], [20]]).period, { month: "2026-10" })
    expect(corrections.map((line) => `${text(line)} ${line.corrects?.receiptNumber}`)).toEqual(["cpu allowance: 15 core-h x -1 R-1"])
  })
})

describe("readings", () => {
  const header = "service,id,account,user,resource,quantity,unit,start,end,description"
  const rates = ratesOf({
    ...book({ meters: [{ sku: "disk", resource: "reading/storage", unit: "TiB-h", price: "0.25" }] }),
    overrides: [],
  })
  const read = (row: string) => Result.getOrThrow(readReadings(`${header}\r\n${row}\r\n`, "Asia/Bangkok"))

  it("are cut at the month's end, and their parts sum to them", () => {
    const [reading] = read('ci,d1,physics,,storage,1000.000001,TiB-h,2026-09-16,2026-10-16,"fast, ""scratch"""')
    if (reading === undefined) throw new Error("no reading")
    const windows = [monthWindow("2026-09", "Asia/Bangkok"), month]
    const lines = rateReading(reading, { rates, payers, windows })
    expect(lines.map((line) => formatDecimal(line.quantity))).toEqual(["500.000001", "500.000000"])
    expect(lines[0]).toMatchObject({ payerId: "physics-faculty", jobId: "d1", jobName: 'fast, "scratch"', unit: "TiB-h" })
  })

  it("in a unit that no meter has cost nothing, and say so", () => {
    const [reading] = read("ci,d1,physics,,storage,10,GiB-h,2026-10-01,2026-10-02,")
    expect(reading === undefined ? [] : rateReading(reading, { rates, payers, windows: [month] }).map((line) => line.zeroReason)).toEqual([
      "nothing-priced",
    ])
  })

  it.each([
    ["service,id\n", /line 1: the column account is missing/],
    [`${header},colour\n`, /"colour" is not a column/],
    [`${header.replace("quantity", "quantiti")}\n`, /did you mean "quantity"\?/],
    [`${header}\nci,d1,physics,,storage,-1,TiB-h,2026-10-01,2026-10-02,`, /line 2: quantity "-1" is not a number/],
    [`${header}\nci,d1,physics,,storage,1,TiB-h,2026-10-32,2026-10-02,`, /line 2: start "2026-10-32"/],
    [`${header}\nci,d1,physics,,storage,1,TiB-h,2026-10-02,2026-10-02,`, /its end is not after its start/],
    [`${header}\nci,d1,physics,,storage`, /line 2: it has 5 fields where the header has 10/],
    [`${header}\nci,d1,,,storage,1,TiB-h,2026-10-01,2026-10-02,`, /line 2: account is empty/],
    [
      `${header}\nci,d1,a,,storage,1,TiB-h,2026-10-01,2026-10-02,\nci,d1,a,,storage,1,TiB-h,2026-10-01,2026-10-02,`,
      /line 3: ci\/d1 stands already in line 2/,
    ],
    [`${header}\nci,d1,a,"x"y,storage,1,TiB-h,2026-10-01,2026-10-02,`, /line 2/],
  ])("%s", (csv, message) => {
    const result = readReadings(csv, "Asia/Bangkok")
    expect(Result.isFailure(result) ? result.failure.map((problem) => problem.message).join("\n") : "").toMatch(message)
  })
})
