import { renderInTestApp } from "@backstage/frontend-test-utils"
import type { Costs, Series } from "@hpc-billing/service/api"
import { fireEvent, screen, waitFor } from "@testing-library/react"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { costs, dataUntil, money } from "../testing/answers.ts"
import { DayFigure, TrendFigure } from "./index.tsx"

const [width, height] = [720, 220]

// jsdom lays nothing out: the chart is told its size
beforeEach(() => {
  vi.spyOn(HTMLElement.prototype, "getBoundingClientRect").mockReturnValue(new DOMRect(0, 0, width, height))
})
afterEach(() => {
  vi.restoreAllMocks()
})

const texts = (selector: string, within: ParentNode = document): readonly string[] =>
  [...within.querySelectorAll(selector)].map(({ textContent }) => textContent ?? "")

const chart = async (): Promise<Element> =>
  waitFor(() => document.querySelector(".recharts-wrapper:has(.recharts-cartesian-grid line)") ?? expect.fail("no chart"))

/** What the chart says of its point: where it lies among the others, from the left. */
const hover = async (point: number, count: number): Promise<readonly [title: string, amounts: Readonly<Record<string, string>>]> => {
  const grid = (await chart()).querySelector(".recharts-cartesian-grid-horizontal line")
  const [from, to] = [Number(grid?.getAttribute("x1")), Number(grid?.getAttribute("x2"))]
  const tooltip = () => document.querySelector(".recharts-tooltip-wrapper") ?? expect.fail("no tooltip")
  fireEvent.mouseLeave(await chart())
  await waitFor(() => expect(texts("p", tooltip())).toEqual([]))
  fireEvent.mouseMove(await chart(), { clientX: from + ((to - from) * (point + 0.5)) / count, clientY: height / 2 })
  const title = await waitFor(() => texts("p", tooltip())[0] ?? expect.fail("the chart says nothing"))
  const values = texts("dd", tooltip())
  return [title, Object.fromEntries(texts("dt", tooltip()).map((name, index) => [name, values[index]?.replace("฿", "") ?? ""]))]
}

/** The same of the table's row: the column's name and the amount. */
const tableRows = (): readonly (readonly [title: string, amounts: Readonly<Record<string, string>>])[] => {
  const [, ...names] = texts("thead th")
  return [...document.querySelectorAll("tbody tr")].map((row) => {
    const values = texts("td", row).map((text) => text.replace("none", ""))
    return [texts("th", row)[0] ?? "", Object.fromEntries(names.map((name, index) => [name, values[index] ?? ""]))]
  })
}

const months = ["2026-02", "2026-03", "2026-04", "2026-05"]
const series = (amounts: Readonly<Record<string, readonly (string | null)[]>>, others: readonly string[]): Series => ({
  by: "partition",
  months: months.map((month) => ({ month, total: money("1.00"), partial: false })),
  series: [
    ...Object.entries(amounts).map(([key, each]) => ({
      key,
      others: 0,
      amounts: each.flatMap((text, index) => (text === null ? [] : [{ month: months[index] ?? "", ...money(text) }])).reverse(),
    })),
    { key: "", others: 3, amounts: others.map((text, index) => ({ month: months[index] ?? "", ...money(text) })) },
  ],
  dataUntil,
})

describe("what a trend says of a month", () => {
  it("is what its table says: each name with its own amount, in any order, with ties, gaps and credits", async () => {
    // ranked by the whole, neither by name nor by any one month
    const amounts = {
      "z-gpu": ["5.00", "900.00", "40.00", "1.00"],
      "a.b": ["800.00", null, "40.00", "2.00"],
      cpu: ["-70.00", "3.00", "-40.00", "3.00"],
      "": ["0.10", "0.10", null, "0.00"],
      "10": ["9.00", "8.00", "7.00", "6.00"],
    }
    renderInTestApp(<TrendFigure series={series(amounts, ["0.11", "0.12", "0.13", "0.14"])} label="Trend" />)
    await chart()
    const rows = tableRows()
    expect(rows.map(([title]) => title)).toEqual(["February 2026", "March 2026", "April 2026", "May 2026"])
    for (const [index, [title, { "Amount (THB)": _, ...named }]] of rows.entries()) {
      const expected = {
        ...Object.fromEntries(Object.entries(amounts).map(([key, each]) => [key === "" ? "None" : key, each[index] ?? "—"])),
      }
      expect(named).toEqual({ ...expected, "Others (3)": `0.1${index + 1}` })
      expect(await hover(index, rows.length)).toEqual([title, named])
    }
  })

  it("is in the order and colours of its legend, no two alike", async () => {
    renderInTestApp(<TrendFigure series={series({ beta: ["1.00", "2.00", "3.00", "4.00"], "": ["2.00"] }, ["9.00"])} label="Trend" />)
    const [, amounts] = await hover(0, 4)
    const legend = [...document.querySelectorAll(".hb-legend li")]
    expect(Object.keys(amounts)).toEqual(legend.map(({ textContent }) => textContent))
    const colours = (selector: string) => [...document.querySelectorAll<HTMLElement>(selector)].map(({ style }) => style.background)
    expect(colours(".hb-legend span")).toEqual(colours(".hb-hover dt span"))
    expect(new Set(colours(".hb-legend span")).size).toBe(3)
  })

  it("draws what is charged above the axis and what is credited below it, and no bar over another", async () => {
    const amounts = {
      gpu: ["900.00", "5.00", "-3.00", "1.00"],
      cpu: ["-400.00", "-5.00", "-2.00", "1.00"],
      fat: ["300.00", "4.00", "-1.00", "1.00"],
    }
    renderInTestApp(<TrendFigure series={series(amounts, ["-50.00", "1.00", "1.00", "1.00"])} label="Trend" />)
    const bars = [...(await chart()).querySelectorAll(".recharts-bar-rectangle path")].map((bar) =>
      ["x", "y", "height"].map((name) => Number(bar.getAttribute(name))),
    )
    expect(bars).toHaveLength(16)
    for (const left of new Set(bars.map(([x]) => x))) {
      const spans = bars.filter(([x]) => x === left).map(([, y = 0, tall = 0]) => [Math.min(y, y + tall), Math.max(y, y + tall)] as const)
      spans.sort(([one], [other]) => one - other)
      for (const [index, [top]] of spans.entries()) expect(top).toBeGreaterThanOrEqual((spans[index - 1]?.[1] ?? 0) - 0.01)
    }
  })

  it("names the account where there is one", async () => {
    const total = {
      ...series({}, []),
      by: "total" as const,
      series: [{ key: "total", others: 0, amounts: [{ month: "2026-04", ...money("7.00") }] }],
    }
    renderInTestApp(<TrendFigure series={total} label="Trend" nameOf={() => "phys-flood"} />)
    expect(await hover(2, 4)).toEqual(["April 2026", { "phys-flood": "7.00" }])
    expect(await hover(3, 4)).toEqual(["May 2026", { "phys-flood": "—" }])
  })
})

describe("what a month of days says", () => {
  const group = (key: string, text: string): Costs["groups"][number] => ({
    key,
    others: 0,
    amount: money(text),
    permille: 0,
    jobs: 1,
    quantities: [],
    change: null,
  })

  it("is what its table says, and late days of other months leave none of its own out", async () => {
    const groups = [group("2026-01-30", "4.00"), group("2026-02-03", "10.00"), group("2026-02-04", "-10.00"), group("2026-02-28", "10.00")]
    renderInTestApp(<DayFigure costs={{ ...costs("day"), month: "2026-02", groups }} label="Days" />)
    await chart()
    const days = ["2026-01-30", ...Array.from({ length: 28 }, (_, index) => `2026-02-${String(index + 1).padStart(2, "0")}`)]
    const rows = new Map(tableRows())
    for (const [index, day] of days.entries()) {
      const [title, amounts] = await hover(index, days.length)
      const date = `${Number(day.slice(8))} ${day.startsWith("2026-01") ? "Jan" : "Feb"} 2026`
      const amount = groups.find(({ key }) => key === day)?.amount.text ?? "—"
      expect([title, Object.values(amounts)]).toEqual([date, [amount]])
      expect(rows.get(title)?.["Amount (THB)"] ?? "—").toBe(amount)
    }
    expect(screen.getByRole("img", { name: "Days" })).toBeInTheDocument()
  })
})
