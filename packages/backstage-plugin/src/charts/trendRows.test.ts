import { expect, it } from "vitest"
import { money } from "../testing/answers.ts"
import { trendRows } from "./trendRows.ts"

const months = ["2026-05", "2026-06", "2026-07"].map((month) => ({ month, total: money("0.00"), partial: false }))
const of = (key: string, amounts: Readonly<Record<string, string>>, others = 0) => ({
  key,
  others,
  amounts: Object.entries(amounts).map(([month, text]) => ({ month, ...money(text) })),
})
const series = [
  of("Teaching", { "2026-05": "20.00", "2026-06": "7.00", "2026-07": "7.00" }),
  of("Academic", { "2026-05": "1.00", "2026-07": "7.00" }),
  of("Clinic", { "2026-05": "-3.50", "2026-06": "0.00", "2026-07": "900.00" }),
  of("", { "2026-06": "0.25" }),
  of("", { "2026-05": "0.10", "2026-06": "0.20", "2026-07": "0.30" }, 4),
]

it("gives each name its own amount of a month, and none where it has none", () => {
  expect(
    trendRows({ months, series }).map(({ month, amounts }) => [
      month,
      Object.fromEntries(Object.entries(amounts).map(([id, { text }]) => [id, text])),
    ]),
  ).toEqual([
    ["2026-05", { "of-Teaching": "20.00", "of-Academic": "1.00", "of-Clinic": "-3.50", others: "0.10" }],
    ["2026-06", { "of-Teaching": "7.00", "of-Clinic": "0.00", "of-": "0.25", others: "0.20" }],
    ["2026-07", { "of-Teaching": "7.00", "of-Academic": "7.00", "of-Clinic": "900.00", others: "0.30" }],
  ])
})

it("answers the same whatever order names and months come in", () => {
  const turned = <Value>(values: readonly Value[], by: number): readonly Value[] => [...values.slice(by), ...values.slice(0, by)]
  for (const by of series.keys()) {
    const shuffled = turned(series, by).map((group, index) => ({ ...group, amounts: turned(group.amounts, index % group.amounts.length) }))
    expect(trendRows({ months, series: shuffled })).toEqual(trendRows({ months, series }))
    expect(trendRows({ months, series: shuffled.toReversed() })).toEqual(trendRows({ months, series }))
  }
})
