import type { Locator, Page } from "playwright-core"

/** A point of a chart with what it says of each name, or the row of the table below it with what that says. */
export interface Point {
  readonly title: string
  readonly amounts: Readonly<Record<string, string>>
}

export interface ChartReading {
  /** By the pointer, from left to right. */
  readonly hovered: readonly Point[]
  readonly table: readonly Point[]
}

/** Moves the pointer over each of the points of a chart, and reads the table below it. */
export const readChart = async (page: Page, label: string | RegExp, points?: number): Promise<ChartReading> => {
  const picture = page.getByRole("img", { name: label, ...(typeof label === "string" ? { exact: true } : {}) })
  await picture.locator(".recharts-bar-rectangle").first().waitFor()
  const figure = picture.locator("xpath=..")
  const table = await readTable(figure)
  await picture.scrollIntoViewIfNeeded()
  const plot = await picture.locator(".recharts-cartesian-grid").boundingBox()
  if (plot === null) throw new Error(`${label}: the chart has no plot`)
  const count = points ?? table.length
  const hovered: Point[] = []
  for (let point = 0; point < count; point += 1) {
    await page.mouse.move(plot.x + (plot.width * (point + 0.5)) / count, plot.y + plot.height / 2)
    hovered.push(await readHover(picture, hovered.at(-1)?.title ?? ""))
  }
  return { hovered, table }
}

const readTable = async (figure: Locator): Promise<readonly Point[]> => {
  await figure.locator("summary").click()
  await figure.locator("tbody tr").first().waitFor()
  const [, ...columns] = await figure.locator("thead th").allInnerTexts()
  const rows = await figure
    .locator("tbody tr")
    .evaluateAll((each) => each.map((row) => [...row.querySelectorAll("th, td")].map(({ textContent }) => (textContent ?? "").trim())))
  return rows.map(([title = "", ...amounts]) => ({
    title,
    amounts: Object.fromEntries(columns.map((column, index) => [column, amounts[index] ?? ""])),
  }))
}

/** What the chart says under the pointer, once it says something else than of the point before. */
const readHover = async (picture: Locator, before: string): Promise<Point> => {
  const hover = picture.locator(".hb-hover")
  await hover
    .locator("p")
    .filter({ hasNotText: before === "" ? /^$/ : new RegExp(`^${before}$`) })
    .waitFor()
  const [title, lines] = await hover.evaluate(
    (shown) =>
      [
        shown.querySelector("p")?.textContent ?? "",
        [...shown.querySelectorAll("dl > div")].map((line) => [...line.querySelectorAll("dt, dd")].map((part) => part.textContent ?? "")),
      ] as const,
  )
  return { title, amounts: Object.fromEntries(lines.map(([name = "", amount = ""]) => [name, amount.replace("฿", "")])) }
}
