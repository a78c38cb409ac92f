import assert from "node:assert/strict"
import { randomUUID } from "node:crypto"
import { mkdtempSync, rmSync } from "node:fs"
import { readFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { after, before, test } from "node:test"
import type {
  AccountView,
  BillingPreview,
  Costs,
  ExportView,
  LineView,
  PeriodView,
  Rates,
  ReceiptHeaderView,
  ReceiptView,
  TenantView,
} from "@hpc-billing/service/api"
import { parse } from "csv-parse/sync"
import type { Browser, Page } from "playwright-core"
import { buildApp } from "../src/backend/buildApp.ts"
import { people } from "../src/backend/sampleSignIn.ts"
import { type RunningPortal, servePortal } from "../src/backend/servePortal.ts"
import { type Language, openBrowser, type Visit, visit } from "./Portal.ts"
import { limits, measurePlugin } from "./pluginSize.ts"
import { prepareBooks } from "./prepareBooks.ts"
import { type Point, readChart } from "./readChart.ts"
import { visitMenu } from "./visitMenu.ts"

/** A portal that runs already, on books with months to bill; without it one is started on books made for this. */
let baseUrl = process.env.HPC_PORTAL_URL ?? ""

const words = {
  en: {
    explain: /^Explain [\d,.]+ of job/,
    drawer: "Explain amount",
    closeDrawer: "Close explanation",
    forbidden: "This is not open to you",
    people: "People",
    preview: "Preview billing",
    issue: "Issue receipts",
    issued: /receipts? issued/,
    pay: "Take payment",
    paid: "Payment taken.",
    journal: "Preview journal",
    post: "Post journal",
    posted: /entr(y|ies) posted/,
    close: /^Close [A-Z]/,
    closed: /is closed/,
    export: /^Export [A-Z]/,
    exported: /signed manifest/,
    verify: "Verify",
    verified: /files verified/,
    files: "Files",
    download: /^Download manifest\.json$/,
    publish: /^Publish from/,
    published: /^Published: version/,
    coming: "Coming",
    credit: "Credit note",
    net: "Net amount",
    reason: "Reason",
    credited: "The credit note is issued.",
    askReopen: /^Ask to reopen/,
    ask: "Ask",
    asked: "Asked. Another person of finance approves it.",
    approve: "Approve and reopen",
    approved: /is open again/,
    another: /who asks does not approve/,
    topUp: "Take money paid ahead",
    toppedUp: /added to/,
    project: "Project",
    payer: "Payer",
    amount: "Amount (THB)",
    reference: "Bank reference",
    prepaidOf: "Prepaid credit of ",
    paidAhead: "Paid ahead",
    allAccounts: "All accounts",
    inForce: "In force",
    today: "Today",
    example: "Try an example",
    price: "Price it",
    costs: /would cost at most/,
    csv: "Jobs as CSV",
    verifyChain: "Verify the chain",
    whole: "The record is whole",
    receipts: "Receipts",
    cost: "HPC cost",
    by: "By",
    trend: "Cost by month",
    days: /^Cost by day, /,
    accountTrend: "Last 13 months",
    unmapped: "No Slurm account is named for this entity",
  },
  th: {
    explain: /^อธิบาย [\d,.]+ ของงาน/,
    drawer: "คำอธิบายจำนวนเงิน",
    closeDrawer: "ปิดคำอธิบาย",
    forbidden: "ส่วนนี้ไม่เปิดให้คุณ",
    people: "ผู้ใช้งาน",
    preview: "ดูตัวอย่างการเรียกเก็บ",
    issue: "ออกใบเสร็จ",
    issued: /ออกใบเสร็จแล้ว/,
    pay: "รับชำระ",
    paid: "รับชำระแล้ว",
    journal: "ดูตัวอย่างรายการบัญชี",
    post: "ลงบัญชี",
    posted: /ลงบัญชีแล้ว/,
    close: /^ปิดเดือน/,
    closed: /ปิดแล้ว|แล้ว$/,
    export: /^ส่งออก/,
    exported: /ลงลายเซ็นแล้ว/,
    verify: "ตรวจสอบ",
    verified: /ตรวจแล้ว/,
    files: "แฟ้ม",
    download: /^ดาวน์โหลด manifest\.json$/,
    publish: /^ประกาศใช้ตั้งแต่/,
    published: /^ประกาศแล้ว/,
    coming: "จะมีผล",
    credit: "ออกใบลดหนี้",
    net: "จำนวนเงินก่อนภาษี",
    reason: "เหตุผล",
    credited: "ออกใบลดหนี้แล้ว",
    askReopen: /^ขอเปิด/,
    ask: "ส่งคำขอ",
    asked: "ส่งคำขอแล้ว การเงินอีกคนหนึ่งต้องอนุมัติ",
    approve: "อนุมัติและเปิดอีกครั้ง",
    approved: /^เปิด.*อีกครั้งแล้ว$/,
    another: /ผู้ขอไม่อาจอนุมัติเอง/,
    topUp: "รับเงินล่วงหน้า",
    toppedUp: /^เพิ่ม .* แล้ว$/,
    project: "โครงการ",
    payer: "ผู้ชำระเงิน",
    amount: "จำนวนเงิน (THB)",
    reference: "เลขอ้างอิงธนาคาร",
    prepaidOf: "เงินรับล่วงหน้าของ ",
    paidAhead: "จ่ายล่วงหน้า",
    allAccounts: "บัญชีทั้งหมด",
    inForce: "มีผลอยู่",
    today: "วันนี้",
    example: "ลองตัวอย่าง",
    price: "คิดราคา",
    costs: /มีค่าใช้จ่ายไม่เกิน/,
    csv: "งานเป็น CSV",
    verifyChain: "ตรวจสอบสายบันทึก",
    whole: "บันทึกครบถ้วน",
    receipts: "ใบเสร็จ",
    cost: "ค่าใช้จ่าย HPC",
    by: "แยกตาม",
    trend: "ค่าใช้จ่ายรายเดือน",
    days: /^ค่าใช้จ่ายรายวัน /,
    accountTrend: "13 เดือนล่าสุด",
    unmapped: "ยังไม่ได้ระบุบัญชี Slurm ของรายการนี้",
  },
} as const

let browser: Browser
let portal: RunningPortal | null = null
const folder = mkdtempSync(join(tmpdir(), "hpc-portal-"))

before(async () => {
  if (baseUrl === "") {
    process.env.LOG_LEVEL ??= "warn"
    const appFolder = await buildApp((line) => console.log(line))
    const { dataFolder, keysFolder } = await prepareBooks(folder)
    portal = await servePortal({ books: { dataFolder }, keysFolder, port: 7008, appFolder })
    baseUrl = portal.url
  }
  browser = await openBrowser()
})

after(async () => {
  await browser.close()
  // it waits for connections that browsers keep; the process ends with the tests (--test-force-exit)
  void portal?.close()
  rmSync(folder, { recursive: true, force: true })
})

const json = async <Value>(response: Response | Promise<Response>): Promise<Value> => {
  const answered = await response
  assert.equal(answered.status, 200, `${answered.url} answered ${answered.status}`)
  return (await answered.json()) as Value
}

const tenantOf = async (portal: Visit): Promise<TenantView> => {
  const { tenants } = await json<{ tenants: readonly TenantView[] }>(portal.ask("/v1/tenants"))
  const tenant = tenants.find(({ months }) => months.length > 0)
  assert.ok(tenant, "no tenant with data is open to this person")
  return tenant
}

const story = (name: string, role: Parameters<typeof visit>[2], tell: (portal: Visit, say: (typeof words)[Language]) => Promise<void>) => {
  for (const language of ["en", "th"] as const)
    test(`${name} (${language})`, async () => {
      const portal = await visit(browser, baseUrl, role, language)
      try {
        await tell(portal, words[language])
        assert.deepEqual(portal.faults, [])
      } catch (error) {
        console.error(name, language, error)
        await portal.look("failure").catch(() => undefined)
        throw error
      } finally {
        await portal.close()
      }
    })
}

const open = async ({ page }: Visit, path: string, search: Readonly<Record<string, string>> = {}): Promise<Page> => {
  await page.goto(`${baseUrl}/hpc-billing/${path}?${new URLSearchParams(search)}`)
  return page
}

const refused = async (portal: Visit, pages: readonly string[], routes: readonly string[]): Promise<void> => {
  for (const path of pages) {
    const page = await open(portal, path)
    await page.getByText(words[portal.language].forbidden).waitFor()
  }
  for (const route of routes) {
    const { status } = await portal.ask(route)
    assert.ok(status === 403 || status === 404, `${portal.person} got ${status} of ${route}`)
  }
}

test("the plugin's own JavaScript is small, and none of it is loaded before it is asked for", async () => {
  const size = measurePlugin(await buildApp((line) => console.log(line)))
  console.log("JavaScript of the plugin in KiB:", JSON.stringify(size), "limits:", JSON.stringify(limits))
  for (const [name, maximum] of Object.entries(limits) as readonly [keyof typeof limits, number][])
    assert.ok(size[name] <= maximum, `${name} is ${size[name]}, more than ${maximum}`)
  assert.ok(size.lazyChunks >= 10 && size.chartsAreLazy, "pages and charts are chunks of their own")
})

story("a researcher opens a charge and its explanation", "researcher", async (portal, say) => {
  const { tenant, months } = await tenantOf(portal)
  let month = ""
  for (const one of months) {
    const { rows } = await json<{ rows: readonly { charge: { amountMinor: string } | null }[] }>(
      portal.ask(`/v1/tenants/${tenant}/jobs?month=${one}&limit=25`),
    )
    if (rows.some(({ charge }) => charge !== null && charge.amountMinor !== "0")) {
      month = one
      break
    }
  }
  assert.notEqual(month, "", "the researcher has no priced job in any month")
  const page = await open(portal, "usage", { tenant, month })
  const amount = page.getByRole("button", { name: say.explain }).first()
  await amount.waitFor()
  await page.locator(".recharts-bar-rectangle").first().waitFor()
  await portal.look("usage")
  await amount.click()
  const drawer = page.getByRole("complementary", { name: say.drawer })
  await drawer.locator(".hb-pre").first().waitFor()
  await drawer.locator(".hb-steps li").first().waitFor()
  await portal.look("explain")
  assert.match(page.url(), /[?&](job|line)=/, "the open drawer is part of the address")
  await page.keyboard.press("Escape")
  await drawer.waitFor({ state: "detached" })
  const [list] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: say.csv, exact: true }).click()])
  assert.ok((await readFile(await list.path(), "utf8")).includes(",charge,currency,"))
  await open(portal, "plan", { tenant })
  await page.getByRole("button", { name: say.example, exact: true }).click()
  await page.getByRole("button", { name: say.price, exact: true }).click()
  await page.getByText(say.costs).waitFor()
  await portal.look("plan")
  await refused(
    portal,
    ["month", "audit", "dashboard"],
    [
      `/v1/tenants/${tenant}/periods`,
      `/v1/tenants/${tenant}/audit`,
      `/v1/tenants/${tenant}/receipts`,
      `/v1/tenants/${tenant}/kpis?month=${month}`,
    ],
  )
})

story("a project owner sees who spent what", "project-owner", async (portal, say) => {
  const { tenant, months } = await tenantOf(portal)
  const month = months[1] ?? months[0] ?? ""
  const page = await open(portal, "account", { tenant, month })
  const people = page.getByRole("region", { name: say.people, exact: true })
  await people.getByRole("rowheader").first().waitFor()
  await page.locator(".recharts-surface").first().waitFor()
  await portal.look("account")
  await refused(portal, ["month", "audit", "dashboard"], [`/v1/tenants/${tenant}/periods`, `/v1/tenants/${tenant}/audit/verification`])
})

/** The oldest month that has ended, has something to bill or billed, and is not closed; months close in order. */
const monthToClose = async (portal: Visit, { tenant, months, currentMonth }: TenantView): Promise<PeriodView | null> => {
  for (const month of [...months].sort()) {
    if (month >= currentMonth) continue
    const period = await json<PeriodView>(portal.ask(`/v1/tenants/${tenant}/periods/${month}`))
    if (period.status === "closed") continue
    const { receipts } = await json<BillingPreview>(portal.ask(`/v1/tenants/${tenant}/receipts-preview?month=${month}`))
    if (receipts.length > 0 || period.receipts.issued > 0) return period
  }
  return null
}

/** Previews the journal and posts what is left of it. */
const postJournal = async (portal: Visit, say: (typeof words)[Language]): Promise<void> => {
  const { page } = portal
  await page.getByRole("button", { name: say.journal, exact: true }).click()
  const dialog = page.getByRole("dialog")
  await dialog.locator(".hb-scroll, .hb-state").first().waitFor()
  const post = dialog.getByRole("button", { name: say.post, exact: true })
  if (await post.isEnabled()) {
    await portal.look("journal")
    await post.click()
    await page.getByText(say.posted).first().waitFor()
  } else await page.keyboard.press("Escape")
  await dialog.waitFor({ state: "detached" })
}

story("finance bills, takes a payment, credits, posts, closes, exports and asks to reopen a month", "finance", async (portal, say) => {
  const books = await tenantOf(portal)
  const { tenant } = books
  const period = await monthToClose(portal, books)
  assert.ok(period, "every month is closed already")
  const { month } = period
  const page = await open(portal, "month", { tenant, month })
  await page.getByRole("button", { name: say.preview, exact: true }).click()
  const dialog = page.getByRole("dialog")
  await dialog.locator(".hb-scroll, .hb-state").first().waitFor()
  await portal.look("preview")
  const issue = dialog.getByRole("button", { name: say.issue, exact: true })
  if (await issue.isEnabled()) {
    await issue.click()
    await page.getByText(say.issued).first().waitFor()
  } else await page.keyboard.press("Escape")
  await dialog.waitFor({ state: "detached" })
  await portal.look("month")
  await postJournal(portal, say)
  await portal.look("posted")

  const { rows } = await json<{ rows: readonly ReceiptHeaderView[] }>(
    portal.ask(`/v1/tenants/${tenant}/receipts?month=${month}&status=issued`),
  )
  const receipt = rows[0]
  assert.ok(receipt, `no issued receipt in ${month}`)
  await page.getByRole("link", { name: receipt.number ?? "", exact: true }).click()
  await page.getByRole("button", { name: say.pay, exact: true }).click()
  await dialog.getByRole("button", { name: say.pay, exact: true }).click()
  await page.getByText(say.paid).first().waitFor()
  await dialog.waitFor({ state: "detached" })
  await portal.look("receipt")
  const [pdf] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "PDF", exact: true }).click()])
  assert.equal((await readFile(await pdf.path())).subarray(0, 5).toString(), "%PDF-")

  await page.getByRole("button", { name: say.credit, exact: true }).click()
  await dialog.getByLabel(say.net).fill("1.00")
  await dialog.getByLabel(say.reason).fill("agreed discount")
  await portal.look("credit")
  await dialog.getByRole("button", { name: say.credit, exact: true }).click()
  await page.getByText(say.credited).first().waitFor()
  await dialog.waitFor({ state: "detached" })
  const { creditNotes } = await json<ReceiptView>(
    portal.ask(`/v1/tenants/${tenant}/receipts/${month}/${receipt.payerId}/${receipt.sequence}`),
  )
  assert.deepEqual(
    creditNotes.map(({ net, reason }) => [net.text, reason]),
    [["1.00", "agreed discount"]],
  )
  await portal.look("credited")

  await open(portal, "month", { tenant, month })
  await postJournal(portal, say)
  await page.getByRole("button", { name: say.close }).click()
  await dialog.getByRole("button", { name: say.close }).click()
  await dialog.waitFor({ state: "detached" })
  const closed = await json<PeriodView>(portal.ask(`/v1/tenants/${tenant}/periods/${month}`))
  assert.equal(closed.status, "closed")

  await page.getByRole("button", { name: say.export }).click()
  await page.getByText(say.exported).first().waitFor()
  await page.getByRole("button", { name: say.verify, exact: true }).first().click()
  await page.getByText(say.verified).first().waitFor()
  await page.getByRole("button", { name: say.files, exact: true }).first().click()
  const [manifest] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: say.download }).first().click()])
  const { exports } = await json<{ exports: readonly ExportView[] }>(portal.ask(`/v1/tenants/${tenant}/exports?month=${month}`))
  assert.ok(exports.length > 0)
  assert.ok((await readFile(await manifest.path(), "utf8")).includes(month))
  await portal.look("closed")
  await page.getByRole("button", { name: say.askReopen }).click()
  await dialog.getByLabel(say.reason).fill("a job came late")
  await dialog.getByRole("button", { name: say.ask, exact: true }).click()
  await page.getByText(say.asked).first().waitFor()
  await dialog.waitFor({ state: "detached" })
  const waiting = await json<PeriodView>(portal.ask(`/v1/tenants/${tenant}/periods/${month}`))
  assert.equal(waiting.status, "closed", "one person reopens nothing")
  assert.equal(waiting.reopenRequest?.reason, "a job came late")
  await portal.look("reopen")
  await refused(portal, ["audit"], [`/v1/tenants/${tenant}/audit`, `/v1/tenants/${tenant}/rates/tiers`])
})

/** Bills, posts and closes the month as the person, past the pages. */
const closeByHand = async (portal: Visit, tenant: string, month: string): Promise<void> => {
  const post = async (path: string, body: object = {}): Promise<unknown> =>
    json(
      portal.ask(`/v1/tenants/${tenant}/${path}`, {
        method: "POST",
        headers: { "content-type": "application/json", "idempotency-key": randomUUID() },
        body: JSON.stringify(body),
      }),
    )
  await post("receipts", { month })
  await post("journal/entries", { month })
  await post(`periods/${month}/close`)
}

const sacctHead =
  "JobIDRaw|JobID|Cluster|User|Account|Partition|QOS|State|Submit|Eligible|Start|End|ElapsedRaw|Suspended|AllocTRES|ReqTRES|NodeList|ExitCode|DerivedExitCode|JobName|AllocNodes|AllocCPUS|Timelimit|Reservation|WCKey"

/** The feed reads one more job of the month: four cores for ten hours. */
const readLateJob = async (portal: Visit, { tenant, clusters }: TenantView, month: string, jobId: string): Promise<void> => {
  const at = (hour: string): string => `${month}-15T${hour}:00:00`
  const held = "billing=4,cpu=4,mem=8G,node=1"
  const job = [
    jobId,
    jobId,
    clusters[0],
    "anan.w",
    "civil-cfd",
    "cpu",
    "normal",
    "COMPLETED",
    at("01"),
    at("01"),
    at("02"),
    at("12"),
    "36000",
  ]
  const text = `${sacctHead}\n${[...job, "00:00:00", held, held, "n001", "0:0", "0:0", "late", "1", "4", "12:00:00", "", ""].join("|")}\n`
  const session = await json<{ backstageIdentity: { token: string } }>(
    fetch(`${baseUrl}/api/auth/sample/refresh`, { headers: { "x-hpc-billing-person": "admin" } }),
  )
  const run = await json<{ accepted: number }>(
    portal.ask(`/v1/tenants/${tenant}/ingest/sacct`, {
      method: "POST",
      headers: { "content-type": "application/json", "idempotency-key": randomUUID() },
      body: JSON.stringify({ cluster: clusters[0], timeZone: "UTC", text }),
      token: session.backstageIdentity.token,
    }),
  )
  assert.equal(run.accepted, 1, "the late job is read")
}

story("a closed month is reopened by two people of finance, bills what came late, and is closed again", "finance", async (portal, say) => {
  const books = await tenantOf(portal)
  const { tenant } = books
  const { month } = (await monthToClose(portal, books)) ?? assert.fail("every month is closed already")
  await closeByHand(portal, tenant, month)
  const read = (): Promise<PeriodView> => json(portal.ask(`/v1/tenants/${tenant}/periods/${month}`))
  const receiptsBefore = (await read()).receipts.issued

  const page = await open(portal, "month", { tenant, month })
  const asking = page.getByRole("dialog")
  await page.getByRole("button", { name: say.askReopen }).click()
  await asking.getByLabel(say.reason).fill("A job of the month came late")
  await asking.getByRole("button", { name: say.ask, exact: true }).click()
  await asking.waitFor({ state: "detached" })
  await page.getByText(say.another).waitFor()
  assert.equal(await page.getByRole("button", { name: say.approve, exact: true }).count(), 0, "who asked is offered no approval")
  await portal.look("reopen-asked")
  const alone = await portal.ask(`/v1/tenants/${tenant}/periods/${month}/reopen`, {
    method: "POST",
    headers: { "idempotency-key": randomUUID() },
  })
  assert.equal(alone.status, 422, "and is refused past the page too")
  assert.equal((await read()).status, "closed")

  const second = await visit(browser, baseUrl, "second-finance", portal.language)
  try {
    const theirs = await open(second, "month", { tenant, month })
    const dialog = theirs.getByRole("dialog")
    await theirs.getByText("A job of the month came late").waitFor()
    await second.look("reopen-waits")
    await theirs.getByRole("button", { name: say.approve, exact: true }).click()
    await second.look("reopen-approve")
    await dialog.getByRole("button", { name: say.approve, exact: true }).click()
    await theirs.getByText(say.approved).first().waitFor()
    await dialog.waitFor({ state: "detached" })
    assert.equal((await read()).status, "open")

    const jobId = portal.language === "en" ? "99000001" : "99000002"
    await readLateJob(portal, books, month, jobId)
    await theirs.reload()
    await theirs.getByRole("button", { name: say.preview, exact: true }).click()
    await dialog.getByRole("button", { name: say.issue, exact: true }).click()
    await theirs.getByText(say.issued).first().waitFor()
    await dialog.waitFor({ state: "detached" })
    await postJournal(second, say)
    await theirs.getByRole("button", { name: say.close }).click()
    await dialog.getByRole("button", { name: say.close }).click()
    await dialog.waitFor({ state: "detached" })
    await second.look("reopen-closed-again")
    const again = await read()
    assert.equal(again.status, "closed")
    assert.equal(again.reopenRequest, null, "the request is used up")
    assert.equal(again.receipts.issued, receiptsBefore + 1, "what came late has a receipt of its own")
    const { rows } = await json<{ rows: readonly LineView[] }>(second.ask(`/v1/tenants/${tenant}/lines?month=${month}&jobId=${jobId}`))
    assert.ok(rows.length > 0 && rows.every(({ receiptStatus }) => receiptStatus === "issued"), "its lines are billed")
    assert.deepEqual(second.faults, [])
  } finally {
    await second.close()
  }
})

story("finance takes money paid ahead and reads the reports; the project's own people see what is left", "finance", async (portal, say) => {
  const { tenant, months } = await tenantOf(portal)
  const month = months[1] ?? months[0] ?? ""
  const account = "civil-cfd"
  const { accounts } = await json<{ accounts: readonly AccountView[] }>(portal.ask(`/v1/tenants/${tenant}/accounts`))
  const payer = accounts.find((one) => one.account === account)
  assert.ok(payer?.payerId, `${account} has a payer`)
  const project = `wind-tunnel-${portal.language}`
  const page = await open(portal, "month", { tenant, month })
  await page.getByRole("button", { name: say.topUp, exact: true }).click()
  const dialog = page.getByRole("dialog")
  await dialog.getByLabel(say.project).fill(project)
  await dialog.getByRole("button", { name: say.payer }).click()
  await page
    .getByRole("option", { name: (portal.language === "th" ? payer.payerNameThai : payer.payerNameEnglish) ?? "", exact: true })
    .click()
  await dialog.getByLabel(say.amount).fill("5000.00")
  await dialog.getByLabel(say.reference).fill(`bank ${project}`)
  await portal.look("prepaid-top-up")
  await dialog.getByRole("button", { name: say.topUp, exact: true }).click()
  await page.getByText(say.toppedUp).first().waitFor()
  await dialog.waitFor({ state: "detached" })
  await page.getByRole("button", { name: say.prepaidOf + project }).click()
  await dialog.getByText(say.paidAhead).first().waitFor()
  await portal.look("prepaid-history")

  for (const report of ["income", "balance-sheet", "receivables", "trial-balance"]) {
    await open(portal, "reports", { tenant, report })
    await page.locator(".hb-card-head h2").first().waitFor()
    await portal.look(`reports-${report}`)
  }
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "CSV", exact: true }).click()])
  assert.match(await readFile(await file.path(), "utf8"), /^\uFEFF?[a-z_,]+\r\n/)
  await page.locator("button.hb-amount").first().click()
  await page.getByRole("button", { name: say.allAccounts, exact: true }).waitFor()
  await portal.look("reports-statement")

  const owner = await visit(browser, baseUrl, "project-owner", portal.language)
  try {
    const theirs = await open(owner, "account", { tenant, month, account })
    await theirs.getByRole("button", { name: say.prepaidOf + project }).click()
    await theirs.getByRole("dialog").getByText(say.paidAhead).first().waitFor()
    await owner.look("prepaid")
    await refused(owner, ["reports"], [`/v1/tenants/${tenant}/reports/balance-sheet`])
    assert.deepEqual(owner.faults, [])
  } finally {
    await owner.close()
  }
})

story("an admin publishes prices from next month and sees them in force then", "admin", async (portal, say) => {
  const { tenant } = await tenantOf(portal)
  const page = await open(portal, "rates", { tenant })
  const price = page.locator(".hb-price input").first()
  await price.waitFor()
  const raised = `${await price.inputValue()}`.replace(/^(\d+)/, (whole) => String(Number(whole) + 1))
  await price.fill(raised)
  await portal.look("prices")
  await page.getByRole("button", { name: say.publish }).click()
  const dialog = page.getByRole("dialog")
  await dialog.getByRole("button", { name: say.publish }).click()
  await page.getByText(say.published).first().waitFor()
  // the page now stands on the first day of the new prices; today they are still to come
  await page.waitForURL(/[?&]on=\d{4}-\d{2}-01/)
  const on = new URL(page.url()).searchParams.get("on") ?? ""
  await page.getByText(say.inForce, { exact: true }).first().waitFor()
  await portal.look("rates-then")
  const then = await json<Rates>(portal.ask(`/v1/tenants/${tenant}/rates?on=${on}`))
  assert.ok(then.cards.some(({ standing, meters }) => standing === "in-force" && meters.some((meter) => meter.price === raised)))
  await page.getByRole("button", { name: say.today, exact: true }).click()
  await page.getByText(say.coming, { exact: true }).first().waitFor()
  await portal.look("rates")
  const { cards, today } = await json<Rates>(portal.ask(`/v1/tenants/${tenant}/rates`))
  const coming = cards.filter(({ standing, meters }) => standing === "coming" && meters.some((meter) => meter.price === raised))
  assert.ok(coming.length > 0 && coming.every(({ effectiveFrom }) => effectiveFrom > today && effectiveFrom.endsWith("-01")))
  await open(portal, "dashboard", { tenant })
  await page.locator(".hb-tiles").waitFor()
  await page.locator(".recharts-surface").first().waitFor()
  await portal.look("dashboard")
  const { status } = await portal.ask(`/v1/tenants/${tenant}/receipts`, {
    method: "POST",
    headers: { "content-type": "application/json", "idempotency-key": "admin-may-not-bill" },
    body: JSON.stringify({ month: today.slice(0, 7) }),
  })
  assert.equal(status, 403, "an admin moves no money")
})

story("an auditor verifies the chain", "auditor", async (portal, say) => {
  const { tenant } = await tenantOf(portal)
  const page = await open(portal, "audit", { tenant })
  await page.getByRole("button", { name: say.verifyChain }).click()
  await page.getByText(say.whole).waitFor()
  await page.getByRole("rowheader").first().waitFor()
  await portal.look("audit")
  const { status } = await portal.ask(`/v1/tenants/${tenant}/periods/2026-01/close`, {
    method: "POST",
    headers: { "idempotency-key": "auditor-may-not-close" },
  })
  assert.equal(status, 403, "an auditor changes nothing")
})

story("an entity shows its cost, or says how to name its account", "finance", async (portal, say) => {
  const { page } = portal
  const entities = (
    await json<readonly CatalogEntity[]>(fetch(`${baseUrl}/api/catalog/entities`, { headers: { authorization: await tokenOf(portal) } }))
  )
    .filter(({ kind }) => ["Group", "Component", "System", "Resource"].includes(kind))
    .sort((left, right) => (left.metadata.name < right.metadata.name ? -1 : 1))
  const named = entities.find(({ metadata }) => metadata.annotations?.["hpc-billing.io/slurm-account"] !== undefined)
  const bare = entities.find(
    ({ kind, metadata }) => kind === "Component" && metadata.annotations?.["hpc-billing.io/slurm-account"] === undefined,
  )
  assert.ok(named !== undefined && bare !== undefined, "the catalog has an entity with an account and one without")
  const { tenant, months } = await tenantOf(portal)
  const account = named.metadata.annotations?.["hpc-billing.io/slurm-account"]?.split("/").at(-1) ?? ""
  let month = ""
  for (const one of months) {
    const { groups } = await json<Costs>(portal.ask(`/v1/tenants/${tenant}/costs?month=${one}&by=user&account=${account}`))
    if (groups.length === 0) continue
    month = one
    break
  }
  assert.notEqual(month, "", `${account} has usage in a month`)
  await page.goto(`${baseUrl}${entityPath(named)}/hpc-cost?month=${month}`)
  await page.getByRole("region", { name: say.people, exact: true }).waitFor()
  await portal.look("entity")
  await page.goto(`${baseUrl}${entityPath(named)}`)
  await page.getByRole("heading", { name: say.cost }).waitFor()
  await portal.look("entity-card")
  await page.goto(`${baseUrl}${entityPath(bare)}/hpc-cost`)
  await page.getByText(say.unmapped).waitFor()
  await portal.look("entity-unmapped")
})

interface CatalogEntity {
  readonly kind: string
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly annotations?: Readonly<Record<string, string>> }
}

const entityPath = ({ kind, metadata }: CatalogEntity): string =>
  `/catalog/${metadata.namespace ?? "default"}/${kind.toLowerCase()}/${metadata.name}`

const tokenOf = async ({ page }: Visit): Promise<string> => {
  const [request] = await Promise.all([
    page.waitForRequest((one) => one.url().includes("/api/hpc-billing/v1/") && one.headers().authorization !== undefined),
    page.goto(`${baseUrl}/hpc-billing/rates`),
  ])
  return request.headers().authorization ?? ""
}

type CsvLine = Readonly<Record<string, string>>

/** The lines of a month as its CSV has them. */
const csvLines = async (portal: Visit, tenant: string, month: string): Promise<readonly CsvLine[]> => {
  const csv = await (await portal.ask(`/v1/tenants/${tenant}/lines.csv?month=${month}`)).text()
  return parse(csv, { bom: true, columns: true }) as readonly CsvLine[]
}

type NamedMinor = readonly (readonly [name: string, minor: bigint])[]

/** Without what is nothing: a chart names every tier in every month, a CSV those that it has. */
const charged = (sums: NamedMinor): NamedMinor => sums.filter(([, minor]) => minor !== 0n).sort(([one], [other]) => (one < other ? -1 : 1))

const sumBilled = (lines: readonly CsvLine[], keyOf: (line: CsvLine) => string): NamedMinor => {
  const sums = new Map<string, bigint>()
  for (const line of lines) sums.set(keyOf(line), (sums.get(keyOf(line)) ?? 0n) + minorOf(line.amount_billed ?? ""))
  return charged([...sums])
}

const minorOf = (text: string): bigint => (text === "—" ? 0n : BigInt(text.replaceAll(/[,.]/g, "")))

const chargedNames = ({ amounts }: Point): NamedMinor => charged(Object.entries(amounts).map(([name, text]) => [name, minorOf(text)]))

const onlyAmount = ({ title, amounts }: Point) => [title, ...Object.values(amounts)] as const

/** The months that end with this one, oldest first. */
const monthsUntil = (last: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) =>
    new Date(Date.UTC(Number(last.slice(0, 4)), Number(last.slice(5)) - count + index, 1)).toISOString().slice(0, 7),
  )

story("a chart says of every month and day what its table and the CSV say", "admin", async (portal, say) => {
  const { tenant, months } = await tenantOf(portal)
  const month = months[0] ?? ""
  const page = await open(portal, "dashboard", { tenant, month })
  const choices = page
    .locator(".hb-choose")
    .filter({ has: page.getByText(say.by, { exact: true }) })
    .locator("select option")
  await choices.first().waitFor({ state: "attached" })
  const dimensions = await choices.evaluateAll((options) => options.map((option) => (option as HTMLOptionElement).value).filter(Boolean))
  assert.ok(dimensions.includes("tier") && dimensions.includes("total"), `the dashboard groups by ${dimensions}`)
  const shown = monthsUntil(month, 13)
  const lines = await Promise.all(shown.map((of) => csvLines(portal, tenant, of)))
  for (const by of dimensions) {
    await open(portal, "dashboard", { tenant, month, by })
    const { hovered, table } = await readChart(page, say.trend)
    assert.equal(new Set(table.map(({ title }) => title)).size, shown.length)
    assert.ok(hovered.flatMap(chargedNames).length > 0, `something is charged by ${by}`)
    // the last column is the total of the month, which a chart of totals shows under a name of its own
    const columns = table.map(({ title, amounts }) => ({ title, amounts: Object.entries(amounts) }))
    if (by === "total")
      assert.deepEqual(
        hovered.map(onlyAmount),
        columns.map(({ title, amounts }) => [title, amounts[0]?.[1]]),
      )
    else
      assert.deepEqual(
        hovered,
        columns.map(({ title, amounts }) => ({ title, amounts: Object.fromEntries(amounts.slice(0, -1)) })),
        by,
      )
    if (by !== "tier") continue
    assert.deepEqual(
      hovered.map(chargedNames),
      lines.map((each) => sumBilled(each, ({ tier = "" }) => tier)),
    )
    await portal.look("dashboard-hover")
  }

  const spent = shown.flatMap((of, index) =>
    sumBilled(lines[index] ?? [], ({ account = "" }) => account).map(([name, minor]) => ({ of, name, minor })),
  )
  const most = spent.reduce((left, right) => (right.minor > left.minor ? right : left))
  await open(portal, "account", { tenant, account: most.name, month: most.of })
  const daysInMonth = new Date(Date.UTC(Number(most.of.slice(0, 4)), Number(most.of.slice(5)), 0)).getUTCDate()
  const days = await readChart(page, say.days, daysInMonth)
  const rows = new Map(days.table.map(({ title, amounts }) => [title, Object.values(amounts).at(-1)]))
  assert.equal(new Set(days.hovered.map(({ title }) => title)).size, daysInMonth)
  assert.deepEqual(
    days.hovered.map(onlyAmount),
    days.hovered.map(({ title }) => [title, rows.get(title) ?? "—"]),
  )
  assert.equal(
    days.hovered.map(onlyAmount).reduce((sum, [, text = ""]) => sum + minorOf(text), 0n),
    most.minor,
  )
  const trend = await readChart(page, say.accountTrend)
  assert.deepEqual(
    trend.hovered,
    trend.table.map(({ title, amounts }) => ({ title, amounts: { [most.name]: Object.values(amounts)[0] } })),
  )
})

for (const person of people)
  story(`every item of the menu of ${person} leads to a page that works`, person, async (portal) => {
    const { visited, problems } = await visitMenu(portal)
    console.log(`${person} (${portal.language}) visited ${visited.join(", ")}`)
    assert.deepEqual(problems, [])
    assert.ok(new Set(visited).size > 5, "the page has a sidebar and tabs")
  })
