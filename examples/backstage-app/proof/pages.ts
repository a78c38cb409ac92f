import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout } from "node:timers/promises"
import type { Role } from "@hpc-billing/service/api"
import type { Page } from "playwright-core"
import { openBrowser, visit } from "../e2e/Portal.ts"
import { prepareBooks } from "../e2e/prepareBooks.ts"
import { buildApp } from "../src/backend/buildApp.ts"
import { servePortal } from "../src/backend/servePortal.ts"

/**
 * With 200 000 lines in the store behind the sample portal, each page is opened in Chromium from another page of the portal, three
 * times, the first with its code to load: from the address that changes to the first content on the screen.
 */
const [jobs, closedMonths, linesMinimum] = [105_000, 12, 200_000]
const millisecondsMaximum = 1_000
const visits = 3

const [closed, open] = ["month=2026-09", "month=2026-10"]
const [sentence, board, tiles] = [".hb-sentence", ".hb-board", ".hb-tiles"]
const pages: readonly (readonly [role: Role, path: string, content: string])[] = [
  ["researcher", `usage?${closed}`, sentence],
  ["researcher", `usage?${open}`, sentence],
  ["project-owner", `account?${closed}`, sentence],
  ["project-owner", `account?${open}`, sentence],
  ["finance", `month?${closed}`, board],
  ["finance", `month?${open}`, board],
  ["admin", "rates", sentence],
  ["admin", `dashboard?${closed}`, tiles],
  ["admin", `dashboard?${open}`, tiles],
  ["auditor", "audit", sentence],
]

/** As a link within the portal does it. */
const go = async (page: Page, path: string, content: string): Promise<number> => {
  const startedMilliseconds = performance.now()
  await page.evaluate(`history.pushState({}, "", ${JSON.stringify(`/hpc-billing/${path}`)}); dispatchEvent(new PopStateEvent("popstate"))`)
  await page.locator(`main ${content}`).first().waitFor()
  return Math.round(performance.now() - startedMilliseconds)
}

const folder = mkdtempSync(join(tmpdir(), "hpc-portal-pages-"))
process.env.LOG_LEVEL ??= "warn"
const appFolder = await buildApp((line) => console.log(line))
const { dataFolder, keysFolder, lines } = await prepareBooks(folder, jobs, closedMonths)
console.log(`${lines} lines on receipts, and an open month`)
if (lines < linesMinimum) throw new Error(`only ${lines} lines: draw more jobs`)
const portal = await servePortal({ books: { dataFolder }, keysFolder, port: 7_009, appFolder })
// the service reads its months when it starts
await setTimeout(10_000)
const browser = await openBrowser()
const slow: string[] = []
for (const [role, path, content] of pages) {
  const { page, close } = await visit(browser, portal.url, role, "en")
  const took: number[] = []
  for (let round = 0; round < visits; round += 1) {
    await go(page, "plan", "textarea")
    took.push(await go(page, path, content))
  }
  await close()
  console.log(`${role.padEnd(14)} ${path.padEnd(24)} ${took.map((each) => `${each} ms`).join(", ")}`)
  if (Math.max(...took) > millisecondsMaximum) slow.push(`${role} ${path} ${Math.max(...took)} ms`)
}
await browser.close()
rmSync(folder, { recursive: true, force: true })
if (slow.length > 0) console.log(`slower than ${millisecondsMaximum} ms: ${slow.join(", ")}`)
else console.log(`${lines.toLocaleString("en")} lines: the first content of each page within ${millisecondsMaximum} ms, in Chromium`)
// the backend waits for connections that browsers keep
process.exit(slow.length > 0 ? 1 : 0)
