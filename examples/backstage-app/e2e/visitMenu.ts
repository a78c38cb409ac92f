import type { Page } from "playwright-core"
import type { Visit } from "./Portal.ts"

interface MenuItem {
  readonly name: string
  /** Where a link leads; what is no link is known by its name. */
  readonly path: string | null
}

export interface MenuVisit {
  /** Where each item led, in the order in which they were pressed. */
  readonly visited: readonly string[]
  /** What no page of a menu may show or do, by item. */
  readonly problems: readonly string[]
}

/** The sidebar, the tabs of a page, its breadcrumbs. */
const items = "nav a[href], nav button, [role=tablist] [role=tab]"
const keyOf = ({ name, path }: MenuItem): string => path ?? name

/**
 * Presses every item of the page's own navigation, and of that of each page which it leads to. What is no link comes last: it can
 * end the visit.
 */
export const visitMenu = async ({ page, faults }: Visit): Promise<MenuVisit> => {
  const isQuiet = watchRequests(page)
  const visited = new Map<string, string>()
  const problems: string[] = []
  const waiting = new Map<string, { readonly item: MenuItem; readonly foundOn: string }>()
  const find = async (): Promise<void> => {
    for (const item of await itemsOf(page))
      if (!visited.has(keyOf(item)) && !waiting.has(keyOf(item))) waiting.set(keyOf(item), { item, foundOn: page.url() })
  }
  await settle(page, isQuiet)
  await find()
  for (;;) {
    const next = [...waiting.values()].sort((left, right) => Number(left.item.path === null) - Number(right.item.path === null))[0]
    if (next === undefined) break
    const { item, foundOn } = next
    const faultsBefore = faults.length
    if ((await placeOf(page, item)) < 0) {
      await page.goto(foundOn)
      await settle(page, isQuiet)
    }
    await page
      .locator(items)
      .nth(await placeOf(page, item))
      .click()
    waiting.delete(keyOf(item))
    const isSettled = await settle(page, isQuiet, item.path)
    visited.set(keyOf(item), new URL(page.url()).pathname)
    const errors = [...faults.slice(faultsBefore), ...(await errorsOn(page)), ...(isSettled ? [] : ["stays empty or keeps loading"])]
    problems.push(...errors.map((error) => `${item.name} (${page.url()}): ${error}`))
    await find()
  }
  return { visited: [...visited.values()], problems }
}

const itemsOf = (page: Page): Promise<readonly MenuItem[]> =>
  page.locator(items).evaluateAll((elements) =>
    elements.map((element) => ({
      name: (element.textContent ?? "").trim(),
      path: element instanceof HTMLAnchorElement ? element.pathname : null,
    })),
  )

const placeOf = async (page: Page, item: MenuItem): Promise<number> => (await itemsOf(page)).findIndex((one) => keyOf(one) === keyOf(item))

const watchRequests = (page: Page): (() => boolean) => {
  let open = 0
  let changedAt = Date.now()
  const count = (change: number) => (): void => {
    open += change
    changedAt = Date.now()
  }
  page.on("request", count(1))
  page.on("requestfinished", count(-1))
  page.on("requestfailed", count(-1))
  return () => open <= 0 && Date.now() - changedAt > 250
}

const settleSecondsMaximum = 45

/** Until the page has its content, nothing of it is loading, and it asks for nothing more. */
const settle = async (page: Page, isQuiet: () => boolean, path: string | null = null): Promise<boolean> => {
  const isThere = async (): Promise<boolean> =>
    (path === null || new URL(page.url()).pathname.startsWith(path)) && isQuiet() && (await page.evaluate(hasContent))
  for (const until = Date.now() + settleSecondsMaximum * 1_000; Date.now() < until; await page.waitForTimeout(100))
    if (await isThere().catch(() => false)) return true
  return false
}

/** Runs in the page: whether there is text besides the navigation and the headers, and nothing that says "loading". */
const hasContent = (): boolean => {
  if (document.querySelector("[role=progressbar], [class*='bui-Skeleton']") !== null) return false
  const area = document.querySelector("main") ?? document.querySelector("#root")
  if (area === null) return false
  const around = "nav, [role=tablist], [role=status], [class*='bui-PluginHeader'], [class*='bui-Header'], [class*='Toast'], style, script"
  const texts = document.createTreeWalker(area, NodeFilter.SHOW_TEXT)
  while (texts.nextNode() !== null) {
    const parent = texts.currentNode.parentElement
    const isText = (texts.currentNode.textContent ?? "").trim() !== ""
    if (isText && parent !== null && parent.closest(around) === null && parent.checkVisibility()) return true
  }
  return false
}

/** What says that something broke: alerts of this plugin and of Backstage's boundaries, and Backstage's page for an address that is none. */
const errorsOn = async (page: Page): Promise<readonly string[]> => {
  const alerts = await page.locator("[role=alert]:visible").allInnerTexts()
  const pages = await page.getByText(/^ERROR \d+|^(Page not found|Something went wrong)/i).allInnerTexts()
  return [...alerts, ...pages].map((text) => `shows an error: ${text.replaceAll(/\s+/g, " ").slice(0, 200)}`)
}
