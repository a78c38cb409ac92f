import { mkdirSync } from "node:fs"
import { fileURLToPath } from "node:url"
import axe from "axe-core"
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core"
import type { Person } from "../src/backend/sampleSignIn.ts"

export type Language = "en" | "th"

/** A person at the portal, in a browser of their own, with what must not happen counted. */
export interface Visit {
  readonly page: Page
  readonly person: Person
  readonly language: Language
  /** Asks the service past the pages, as this person or with the token of another. */
  readonly ask: (path: string, init?: RequestInit & { readonly token?: string }) => Promise<Response>
  /** Keeps a picture and lets axe look at what is ours. */
  readonly look: (name: string) => Promise<void>
  /** Console errors, failed requests and foreign hosts; empty when all is well. */
  readonly faults: readonly string[]
  readonly close: () => Promise<void>
}

const pictures = fileURLToPath(new URL("../dist/pictures", import.meta.url))

/** The sidebar, catalog pages and their widgets are Backstage's own. */
const ours = ["main", ".hb-top", ".hb", "[role=dialog]"]

const signInButtons: Readonly<Record<Language, Readonly<Record<Person, string>>>> = {
  en: {
    researcher: "Researcher",
    "project-owner": "Project owner",
    finance: "Finance",
    "second-finance": "Second of finance",
    admin: "Billing admin",
    auditor: "Auditor",
  },
  th: {
    researcher: "นักวิจัย",
    "project-owner": "หัวหน้าโครงการ",
    finance: "การเงิน",
    "second-finance": "การเงินคนที่สอง",
    admin: "ผู้ดูแลค่าบริการ",
    auditor: "ผู้ตรวจสอบ",
  },
}

export const openBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  })

/** Opens the portal, chooses the language on the sign-in page, and signs in. */
export const visit = async (browser: Browser, baseUrl: string, person: Person, language: Language): Promise<Visit> => {
  const context = await browser.newContext({ viewport: { width: 1440, height: 1000 }, acceptDownloads: true })
  const page = await context.newPage()
  page.setDefaultTimeout(45_000)
  const faults: string[] = []
  let token = ""
  watch(context, page, faults, (found) => {
    token = found
  })
  await page.goto(baseUrl)
  await page.getByRole("button", { name: language === "th" ? "ไทย" : "English", exact: true }).click()
  await page.getByRole("button", { name: signInButtons[language][person], exact: true }).click()
  await page.getByRole("heading", { name: language === "th" ? "ค่าบริการ HPC" : "HPC billing" }).waitFor()
  const look = async (name: string): Promise<void> => {
    mkdirSync(pictures, { recursive: true })
    await page.screenshot({ path: `${pictures}/${person}-${name}-${language}.png`, fullPage: true })
    faults.push(...(await axeFaults(page, name)))
  }
  const ask: Visit["ask"] = (path, { token: given, ...init } = {}) =>
    fetch(`${baseUrl}/api/hpc-billing${path}`, {
      ...init,
      headers: {
        ...(init.headers as Record<string, string> | undefined),
        authorization: given === undefined ? token : `Bearer ${given}`,
      },
    })
  return { page, person, language, ask, look, faults, close: () => context.close() }
}

const watch = (context: BrowserContext, page: Page, faults: string[], onToken: (token: string) => void): void => {
  page.on("console", (message) => {
    if (message.type() === "error") faults.push(`console: ${message.text().slice(0, 300)}`)
  })
  page.on("pageerror", (error) => faults.push(`page: ${String(error).slice(0, 300)}`))
  page.on("response", (response) => {
    if (response.status() >= 400) faults.push(`${response.status()} ${response.url()}`)
  })
  context.on("request", (request) => {
    const { protocol, hostname } = new URL(request.url())
    if (/^https?:$/.test(protocol) && !["127.0.0.1", "localhost"].includes(hostname)) faults.push(`foreign host: ${request.url()}`)
    const authorization = request.headers().authorization
    if (authorization !== undefined && request.url().includes("/api/hpc-billing/")) onToken(authorization)
  })
}

interface AxeViolation {
  readonly id: string
  readonly impact: string | null
  readonly nodes: readonly { readonly html: string }[]
}

const axeFaults = async (page: Page, name: string): Promise<readonly string[]> => {
  await page.evaluate(axe.source)
  const violations = (await page.evaluate(
    `axe.run({ include: ${JSON.stringify(ours)}.filter((one) => document.querySelector(one) !== null).map((one) => [one]) },
      { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"] }).then(({ violations }) => violations)`,
  )) as readonly AxeViolation[]
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `axe on ${name}: ${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`)
}
