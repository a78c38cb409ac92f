import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict"
import { makeClient } from "../api/makeClient.ts"
import { roles } from "../api/permissions.ts"
import { type Route, routes } from "../api/routes.ts"
import { creditNotesPrinted, fatesTold, prepaidStory, reportsAgree } from "./booksContract.ts"
import { type ContractHost, clientOf, csvOf, headersOf, key, params, refusedWith } from "./contractClients.ts"
import { contractPayerBook, contractPeople, contractRateBook, contractMonth as month, contractTenant as tenant } from "./contractSite.ts"
import { refusesOversize } from "./limitsContract.ts"

export interface ContractCase {
  readonly name: string
  readonly run: (host: ContractHost) => Promise<void>
}

/**
 * What the service does behind any host, over HTTP alone. The cases run in order on one fresh store: the later ones read what the
 * earlier ones wrote.
 */
export const hostContract: readonly ContractCase[] = [
  { name: "says that it lives, and describes itself, to anybody", run: describesItself },
  { name: "gives nothing away without a sign-in", run: refusesTheUnknown },
  { name: "opens each route to its roles and to no other", run: opensByRole },
  { name: "knows who asks", run: knowsWhoAsks },
  { name: "a researcher sees their own jobs and no other", run: researcherSeesOwn },
  { name: "a project owner sees their accounts and no other", run: ownerSeesOwn },
  { name: "every list pages without loss or repeat", run: listsPage },
  { name: "sums agree with the lines they are made of", run: sumsAgree },
  { name: "a charge is explained to its bottom", run: explainsCharges },
  { name: "finance bills, posts, takes a payment, voids, closes, exports and verifies", run: financeStory },
  { name: "receipts are credited, refunded and written off, each once", run: receiptsAfterIssue },
  { name: "credit notes are printed for who may read their receipt", run: creditNotesPrinted },
  { name: "money paid ahead is taken once, held, given back and told to its payer alone", run: prepaidStory },
  { name: "reports agree with the journal and with their files, per payer too", run: reportsAgree },
  { name: "a closed month is reopened by two people alone", run: reopenStory },
  { name: "lists are files with the same rows", run: listsAsFiles },
  { name: "a planned job is priced for who may see it", run: estimatesJobs },
  { name: "a project owner reads the receipts of their payer alone", run: ownerReadsReceipts },
  { name: "an administrator checks, plans and publishes prices", run: adminStory },
  { name: "an administrator gives other prices for a time", run: overridesStory },
  { name: "formulas of the tiers are read with an ETag and set from a date", run: formulasStory },
  { name: "records are uploaded once", run: uploadsOnce },
  { name: "the audit log tells who did it all, and is whole", run: auditTells },
  { name: "refuses what does not fit with a problem that says where", run: refusesMisfits },
  { name: "refuses texts that are larger than any book before it reads them", run: refusesOversize },
  { name: "serves metrics to who may read them", run: servesMetrics },
]

async function describesItself(host: ContractHost): Promise<void> {
  deepStrictEqual(await makeClient(host.baseUrl).system.health(), { status: "ok" })
  deepStrictEqual(await makeClient(host.baseUrl).system.ready(), { status: "ok" })
  const document = (await (await fetch(`${host.baseUrl}/openapi.json`)).json()) as { readonly openapi: string }
  ok(document.openapi.startsWith("3.1"))
  const page = await (await fetch(`${host.baseUrl}/docs`)).text()
  ok(page.includes("SwaggerUIBundle"))
  deepStrictEqual(page.match(/<(?:script|link|img)[^>]*(?:src|href)="https?:[^"]*"/g), null, "Swagger UI asks no other host")
}

interface NamedRoute extends Route {
  readonly name: string
}

const allRoutes: readonly NamedRoute[] = Object.entries(routes).flatMap(([group, endpoints]) =>
  Object.entries<Route>(endpoints).map(([name, route]) => ({ ...route, name: `${group}.${name}` })),
)

const pathOf = ({ path }: Route): string =>
  path
    .replace(":tenant", tenant)
    .replace(":month", month)
    .replace(":payer", "science")
    .replace(":sequence", "999")
    .replace(":submitSeconds", "1")
    .replaceAll(/:[a-zA-Z]+/g, "none")

const guarded = allRoutes.filter(({ permission }) => permission !== null)

async function refusesTheUnknown(host: ContractHost): Promise<void> {
  for (const route of guarded) {
    const response = await fetch(`${host.baseUrl}${pathOf(route)}`, {
      method: route.method,
      headers: { "content-type": "application/json" },
    })
    const text = await response.text()
    strictEqual(response.status, 401, `${route.name}: ${text}`)
    strictEqual(response.headers.get("content-type"), "application/problem+json", route.name)
    ok(!/science|composites|alice|bob|THB/.test(text), `${route.name} gave away: ${text}`)
  }
}

/** By hand, so that the service's own table is checked against something: which roles get past the gate of each route. */
const everybody = "researcher project-owner finance admin auditor"
const offices = "finance admin auditor"
const openTo: Readonly<Record<string, string>> = {
  "session.me": everybody,
  "session.tenants": everybody,
  "usage.jobs": everybody,
  "usage.jobsCsv": everybody,
  "usage.job": everybody,
  "usage.lines": everybody,
  "usage.linesCsv": everybody,
  "usage.explain": everybody,
  "usage.estimate": everybody,
  "usage.summary": everybody,
  "usage.costs": everybody,
  "usage.series": everybody,
  "usage.facets": everybody,
  "payers.payers": `project-owner ${offices}`,
  "payers.accounts": everybody,
  "payers.unmapped": offices,
  "payers.publish": "admin",
  "receipts.list": `project-owner ${offices}`,
  "receipts.get": `project-owner ${offices}`,
  "receipts.byNumber": `project-owner ${offices}`,
  "receipts.pdf": `project-owner ${offices}`,
  "receipts.preview": "finance",
  "receipts.issue": "finance",
  "receipts.pay": "finance",
  "receipts.void": "finance",
  "receipts.credit": "finance",
  "receipts.refund": "finance",
  "receipts.writeOff": "finance",
  "creditNotes.pdf": `project-owner ${offices}`,
  "prepaid.list": `project-owner ${offices}`,
  "prepaid.get": `project-owner ${offices}`,
  "prepaid.history": `project-owner ${offices}`,
  "prepaid.topUp": "finance",
  "prepaid.hold": "finance",
  "prepaid.release": "finance",
  "reports.trialBalance": offices,
  "reports.trialBalanceCsv": offices,
  "reports.incomeStatement": offices,
  "reports.incomeStatementCsv": offices,
  "reports.balanceSheet": offices,
  "reports.balanceSheetCsv": offices,
  "reports.receivables": `project-owner ${offices}`,
  "reports.receivablesCsv": `project-owner ${offices}`,
  "reports.statement": `project-owner ${offices}`,
  "reports.statementCsv": `project-owner ${offices}`,
  "journal.entries": offices,
  "journal.trialBalance": offices,
  "journal.preview": offices,
  "journal.post": "finance",
  "periods.list": offices,
  "periods.get": offices,
  "periods.fates": offices,
  "periods.close": "finance",
  "periods.requestReopen": "finance",
  "periods.reopen": "finance",
  "periods.impair": "finance",
  "exports.list": offices,
  "exports.create": "finance",
  "exports.files": offices,
  "exports.file": offices,
  "exports.verify": offices,
  "rates.current": everybody,
  "rates.versions": everybody,
  "rates.document": everybody,
  "rates.tiers": "admin",
  "rates.check": "admin",
  "rates.plan": "admin",
  "rates.publish": "admin",
  "rates.addOverride": "admin",
  "rates.endOverride": "admin",
  "formulas.get": everybody,
  "formulas.set": "admin",
  "audit.list": "admin auditor",
  "audit.status": "admin auditor",
  "audit.verify": "admin auditor",
  "dashboard.kpis": offices,
  "ingest.runs": offices,
  "ingest.rejections": offices,
  "ingest.sacct": "admin",
}

async function opensByRole(host: ContractHost): Promise<void> {
  deepStrictEqual(guarded.map(({ name }) => name).sort(), Object.keys(openTo).sort(), "the table names every guarded route")
  for (const role of roles) {
    const headers = await headersOf(host, role)
    for (const route of guarded) {
      // an empty body fits no write, so that who gets past the gate changes nothing
      const response = await fetch(`${host.baseUrl}${pathOf(route)}`, {
        method: route.method,
        headers: { ...headers, "content-type": "application/json" },
        ...(route.method === "POST" ? { body: "{}" } : {}),
      })
      const text = await response.text()
      const isOpen = (openTo[route.name] as string).split(" ").includes(role)
      strictEqual(response.status === 403, !isOpen, `${role} at ${route.name}: ${response.status} ${text.slice(0, 200)}`)
      ok(response.status < 500 && response.status !== 401, `${role} at ${route.name}: ${response.status} ${text.slice(0, 200)}`)
    }
  }
}

async function knowsWhoAsks(host: ContractHost): Promise<void> {
  for (const role of roles) {
    const me = await clientOf(host, role).session.me()
    deepStrictEqual(me.roles, [role])
    const { tenants } = await clientOf(host, role).session.tenants()
    const own = tenants.find((each) => each.tenant === tenant)
    strictEqual(own?.currency, "THB", `${role} sees the tenant`)
    ok(own.dataUntil.instant !== null)
  }
}

async function researcherSeesOwn(host: ContractHost): Promise<void> {
  const client = clientOf(host, "researcher")
  const auditor = clientOf(host, "auditor")
  const [own] = contractPeople.researcher.users
  const all = await auditor.usage.jobs({ params, query: { limit: 200 } })
  const mine = await client.usage.jobs({ params, query: { limit: 200 } })
  deepStrictEqual(
    mine.rows.map(({ usageId }) => usageId),
    all.rows.filter(({ user }) => user === own).map(({ usageId }) => usageId),
  )
  ok(mine.rows.length > 5 && mine.rows.length < all.rows.length)
  deepStrictEqual((await client.usage.jobs({ params, query: { user: "alice" } })).rows, [])
  const foreign = all.rows.find(({ user }) => user === "alice")
  ok(foreign !== undefined)
  const job = { ...params, cluster: foreign.cluster, jobId: foreign.jobId, submitSeconds: foreign.submitSeconds }
  strictEqual((await auditor.usage.job({ params: job })).job.user, "alice")
  await rejects(client.usage.job({ params: job }), refusedWith(404))
  const lines = await auditor.usage.lines({ params, query: { month, user: "alice", limit: 1 } })
  const [line] = lines.rows
  ok(line !== undefined)
  await rejects(client.usage.explain({ params, query: { receiptId: line.receiptId, lineId: line.lineId } }), refusedWith(404))
  const facets = await client.usage.facets({ params, query: { month } })
  deepStrictEqual(facets.users, [own])
  const costs = await client.usage.costs({ params, query: { month, by: "user" } })
  deepStrictEqual(
    costs.groups.map((group) => group.key),
    [own],
  )
  const foreignCosts = await client.usage.costs({ params, query: { month, by: "user", user: "alice" } })
  strictEqual(foreignCosts.total.amountMinor, "0")
}

async function ownerSeesOwn(host: ContractHost): Promise<void> {
  const client = clientOf(host, "project-owner")
  const { accounts, users } = contractPeople["project-owner"]
  const isOwn = (row: { readonly account: string; readonly user: string }): boolean =>
    accounts.includes(row.account) || users.includes(row.user)
  const all = await clientOf(host, "auditor").usage.jobs({ params, query: { limit: 200 } })
  const mine = await client.usage.jobs({ params, query: { limit: 200 } })
  deepStrictEqual(
    mine.rows.map(({ usageId }) => usageId).sort(),
    all.rows
      .filter(isOwn)
      .map(({ usageId }) => usageId)
      .sort(),
  )
  ok(mine.rows.length > 0)
  deepStrictEqual((await client.usage.jobs({ params, query: { account: "physics" } })).rows, [])
  const foreign = all.rows.find((row) => !isOwn(row))
  ok(foreign !== undefined)
  const { cluster, jobId, submitSeconds } = foreign
  await rejects(client.usage.job({ params: { ...params, cluster, jobId, submitSeconds } }), refusedWith(404))
  const costs = await client.usage.costs({ params, query: { month, by: "account" } })
  ok(costs.groups.length > 0 && costs.groups.every((group) => accounts.includes(group.key)))
  strictEqual((await client.usage.summary({ params, query: { month, account: "physics" } })).total.amountMinor, "0")
  deepStrictEqual(
    (await client.payers.payers({ params })).payers.map(({ id }) => id),
    ["composites"],
  )
  deepStrictEqual((await client.payers.accounts({ params })).accounts.map(({ account }) => account).sort(), [...accounts].sort())
  const lines = await client.usage.lines({ params, query: { month, limit: 200 } })
  ok(lines.rows.length > 0 && lines.rows.every(isOwn))
}

async function listsPage(host: ContractHost): Promise<void> {
  const { usage } = clientOf(host, "auditor")
  const whole = (await usage.jobs({ params, query: { limit: 200 } })).rows.map(({ usageId }) => usageId)
  const paged: string[] = []
  let cursor: string | null = null
  do {
    const page: { readonly rows: readonly { readonly usageId: string }[]; readonly next: string | null } = await usage.jobs({
      params,
      query: { limit: 7, ...(cursor === null ? {} : { cursor }) },
    })
    paged.push(...page.rows.map(({ usageId }) => usageId))
    cursor = page.next
  } while (cursor !== null)
  deepStrictEqual(paged, whole)
  strictEqual(new Set(paged).size, paged.length)
  await rejects(usage.jobs({ params, query: { cursor: "bm90LWEtY3Vyc29y" } }), refusedWith(422, "invalid-page"))
}

async function sumsAgree(host: ContractHost): Promise<void> {
  const { usage } = clientOf(host, "finance")
  let sum = 0n
  let cursor: string | null = null
  do {
    const page: Awaited<ReturnType<typeof usage.lines>> = await usage.lines({
      params,
      query: { month, limit: 100, ...(cursor === null ? {} : { cursor }) },
    })
    for (const { billed } of page.rows) sum += BigInt(billed.amountMinor)
    cursor = page.next
  } while (cursor !== null)
  const { unmapped } = clientOf(host, "finance").payers
  for (const { amount } of (await unmapped({ params, query: { month } })).accounts) sum += BigInt(amount?.amountMinor ?? "0")
  for (const by of ["user", "sku", "day", "payer"] as const) {
    const costs = await usage.costs({ params, query: { month, by } })
    strictEqual(BigInt(costs.total.amountMinor), sum, `by ${by}`)
    strictEqual(
      costs.groups.reduce((total, { amount }) => total + BigInt(amount.amountMinor), 0n),
      sum,
      `groups by ${by}`,
    )
  }
  strictEqual(BigInt((await usage.summary({ params, query: { month } })).total.amountMinor), sum)
  const series = await usage.series({ params, query: { month, months: 3, by: "total" } })
  strictEqual(BigInt(series.months.at(-1)?.total.amountMinor ?? "-1"), sum)
  const byPayer = await usage.series({ params, query: { month, months: 3, by: "payer" } })
  for (const { month: of, total } of byPayer.months) {
    const amounts = byPayer.series.flatMap(({ amounts: each }) => each.filter((amount) => amount.month === of))
    strictEqual(amounts.length, byPayer.series.length, `each payer has one amount of ${of}`)
    strictEqual(
      amounts.reduce((minor, { amountMinor }) => minor + BigInt(amountMinor), 0n),
      BigInt(total.amountMinor),
      `payers of ${of}`,
    )
  }
  ok(sum > 0n)
}

async function explainsCharges(host: ContractHost): Promise<void> {
  const client = clientOf(host, "researcher")
  const { rows } = await client.usage.lines({ params, query: { month, limit: 50 } })
  const charged = rows.find(({ zeroReason }) => zeroReason === null)
  ok(charged !== undefined)
  const explained = await client.usage.explain({ params, query: { receiptId: charged.receiptId, lineId: charged.lineId } })
  strictEqual(explained.line.lineId, charged.lineId)
  ok(explained.sentence.includes(charged.quantity.text) && explained.steps.length > 4)
  ok(explained.steps.every(({ textEnglish, textThai }) => textEnglish !== "" && textThai !== ""))
  strictEqual(explained.record?.user, "bob")
  deepStrictEqual(
    [explained.receiptNet, explained.receiptGross],
    [null, null],
    "a researcher does not learn what others on the receipt spent",
  )
  const query = { receiptId: charged.receiptId, lineId: charged.lineId }
  const whole = await clientOf(host, "finance").usage.explain({ params, query })
  ok(whole.receiptNet !== null && BigInt(whole.receiptNet.amountMinor) >= BigInt(charged.billed.amountMinor))
}

async function financeStory(host: ContractHost): Promise<void> {
  const client = clientOf(host, "finance")
  const board = await client.periods.get({ params: { ...params, month } })
  ok(
    board.steps.some(({ blockers }) =>
      blockers.some((blocker) => blocker.text.includes("bio lab") && blocker.params.account === "bio lab"),
    ),
  )
  strictEqual(board.canClose, false)
  await rejects(client.periods.close({ params: { ...params, month }, idempotencyKey: key() }), refusedWith(422, "not-ready"))
  const preview = await client.receipts.preview({ params, query: { month } })
  deepStrictEqual(
    preview.receipts.map(({ payerId }) => payerId),
    ["composites", "science"],
  )
  const issueKey = key()
  const issue = { params, payload: { month, payerId: "composites" }, idempotencyKey: issueKey }
  const [first, twice] = await Promise.all([client.receipts.issue(issue), client.receipts.issue(issue)])
  deepStrictEqual(twice, first, "two clicks at once are one act with one answer")
  strictEqual(first.receipts.length, 1)
  deepStrictEqual(await client.receipts.issue(issue), first, "the same key and body are answered the same")
  await rejects(client.receipts.issue({ ...issue, payload: { month } }), refusedWith(409, "idempotency-conflict"))
  const second = await client.receipts.issue({ params, payload: { month }, idempotencyKey: key() })
  deepStrictEqual(
    second.receipts.map(({ payerId }) => payerId),
    ["science"],
  )
  strictEqual(first.receipts[0]?.gross.amountMinor, preview.receipts[0]?.gross.amountMinor)
  const at = (payer: string, sequence: number) => ({ ...params, month, payer, sequence })
  await rejects(client.receipts.pay({ params: at("science", 1), payload: {}, idempotencyKey: key() }), refusedWith(422, "not-ready"))
  const planned = await client.journal.preview({ params, query: { month } })
  const posting = { params, payload: { month }, idempotencyKey: key() }
  const posted = await client.journal.post(posting)
  strictEqual(posted.sha256, planned.sha256, "what is posted is what the preview showed")
  strictEqual(posted.entriesPosted, planned.entryCount)
  deepStrictEqual(await client.journal.post(posting), posted)
  await rejects(
    client.receipts.pay({ params: at("science", 1), payload: { received: "99999999.00" }, idempotencyKey: key() }),
    refusedWith(422, "receipt-refused"),
  )
  const paying = { params: at("composites", 1), payload: { withheld: "0.01" }, idempotencyKey: key() }
  const paid = await client.receipts.pay(paying)
  strictEqual(paid.status, "paid")
  strictEqual(paid.due.amountMinor, "0")
  deepStrictEqual((await client.receipts.pay(paying)).paidAt, paid.paidAt)
  await rejects(
    client.receipts.void({ params: at("composites", 1), payload: { reason: "wrong" }, idempotencyKey: key() }),
    refusedWith(422, "receipt-refused"),
  )
  const voided = await client.receipts.void({ params: at("science", 1), payload: { reason: "wrong address" }, idempotencyKey: key() })
  strictEqual(voided.voidReason, "wrong address")
  const again = await client.receipts.issue({ params, payload: { month }, idempotencyKey: key() })
  strictEqual(again.receipts[0]?.gross.amountMinor, voided.gross.amountMinor, "what was voided is billed again")
  await client.journal.post({ params, payload: { month }, idempotencyKey: key() })
  await rejects(client.periods.close({ params: { ...params, month }, idempotencyKey: key() }), refusedWith(422, "not-ready"))
  await mapTheRest(host)
  deepStrictEqual((await client.payers.unmapped({ params, query: { month } })).accounts, [])
  const rest = await client.receipts.issue({ params, payload: { month }, idempotencyKey: key() })
  deepStrictEqual(
    rest.receipts.map(({ payerId }) => payerId),
    ["science"],
  )
  await client.journal.post({ params, payload: { month }, idempotencyKey: key() })
  strictEqual((await client.periods.get({ params: { ...params, month } })).canClose, true)
  await fatesTold(host)
  const pdf = await client.receipts.pdf({ params: at("composites", 1) })
  strictEqual(new TextDecoder().decode(pdf.bytes.subarray(0, 5)), "%PDF-")
  const closed = await client.periods.close({ params: { ...params, month }, idempotencyKey: key() })
  strictEqual(closed.status, "closed")
  strictEqual(closed.closedBy, (await client.session.me()).name)
  const exporting = { params, payload: { month }, idempotencyKey: key() }
  const made = await client.exports.create(exporting)
  deepStrictEqual(await client.exports.create(exporting), made)
  const { files } = await client.exports.files({ params: { ...params, exportId: made.id } })
  const manifest = files.find(({ name }) => name === "manifest.json")
  ok(manifest !== undefined)
  const file = await client.exports.file({ params: { ...params, exportId: made.id, name: "manifest.json" } })
  strictEqual(file.bytes.length, manifest.byteCount)
  deepStrictEqual(await client.exports.verify({ params: { ...params, exportId: made.id } }), {
    ok: true,
    checkedFiles: files.length,
    findings: [],
  })
  const balance = await client.journal.trialBalance({ params, query: {} })
  ok(balance.balanced && balance.rows.length > 0)
  const kpis = await client.dashboard.kpis({ params, query: { month, compareMonth: "2026-09" } })
  strictEqual(kpis.unbilled.amountMinor, "0")
  strictEqual(kpis.paidIn30Days.amountMinor, paid.gross.amountMinor)
  ok(kpis.topNodes.length > 0)
  strictEqual(kpis.billed.amountMinor, (await client.periods.get({ params: { ...params, month } })).billed.amountMinor)
  strictEqual(kpis.cost.amountMinor, (await client.usage.summary({ params, query: { month } })).total.amountMinor)
  const ofSeptember = await client.dashboard.kpis({ params, query: { month: "2026-09" } })
  strictEqual(ofSeptember.billed.amountMinor, "0", "what is priced and not billed is no bill")
  ok(BigInt(ofSeptember.cost.amountMinor) > 0n)
  ok(kpis.recentJobs.length > 0 && kpis.recentJobs.every(({ endedAt }) => endedAt === null || endedAt >= month))
  ok(ofSeptember.recentJobs.length > 0 && ofSeptember.recentJobs.every(({ startedAt }) => startedAt === null || startedAt < month))
}

/** After the month was closed: what is posted now stands in the month of today. */
async function receiptsAfterIssue(host: ContractHost): Promise<void> {
  const client = clientOf(host, "finance")
  const at = (payer: string, sequence: number) => ({ ...params, month, payer, sequence })
  const kpisBefore = await client.dashboard.kpis({ params, query: { month } })
  const before = await client.receipts.get({ params: at("science", 2) })
  deepStrictEqual(before.actions, ["pay", "void", "credit", "write-off", "pdf"])
  strictEqual(before.balance?.amountMinor, before.gross.amountMinor)
  const crediting = { params: at("science", 2), payload: { net: "1.00", reason: "agreed discount" }, idempotencyKey: key() }
  const [credited, twice] = await Promise.all([client.receipts.credit(crediting), client.receipts.credit(crediting)])
  deepStrictEqual(twice.creditNotes, credited.creditNotes, "two clicks at once are one credit note")
  const [note] = credited.creditNotes
  ok(note !== undefined && credited.creditNotes.length === 1)
  strictEqual(note.net.text, "1.00")
  strictEqual(note.reason, "agreed discount")
  strictEqual(BigInt(credited.due.amountMinor), BigInt(before.due.amountMinor) - BigInt(note.gross.amountMinor))
  const listed = (await client.receipts.list({ params, query: { month, payerId: "science", limit: 200 } })).rows.find(
    ({ sequence }) => sequence === 2,
  )
  strictEqual(listed?.due.amountMinor, credited.due.amountMinor, "the list says what is owed as the receipt does")
  const kpisAfter = await client.dashboard.kpis({ params, query: { month } })
  strictEqual(
    BigInt(kpisBefore.receivables.amountMinor) - BigInt(kpisAfter.receivables.amountMinor),
    BigInt(note.gross.amountMinor),
    "receivables shrink by the credit note",
  )
  await rejects(
    client.receipts.credit({ params: at("science", 2), payload: { net: "999999999", reason: "too much" }, idempotencyKey: key() }),
    refusedWith(422, "receipt-refused"),
  )
  await rejects(
    client.receipts.refund({ params: at("science", 2), payload: {}, idempotencyKey: key() }),
    refusedWith(422, "receipt-refused"),
  )
  const part = await client.receipts.pay({ params: at("science", 2), payload: { received: "0.50" }, idempotencyKey: key() })
  strictEqual(part.status, "issued")
  strictEqual(part.paid?.text, "0.50")
  strictEqual(BigInt(part.due.amountMinor), BigInt(credited.due.amountMinor) - 50n)
  deepStrictEqual(part.actions, ["pay", "credit", "write-off", "pdf"])
  const given = await client.receipts.writeOff({
    params: at("science", 2),
    payload: { reason: "the laboratory was dissolved" },
    idempotencyKey: key(),
  })
  strictEqual(given.balance?.amountMinor, "0")
  strictEqual(given.due.amountMinor, "0")
  strictEqual(given.writtenOff.amountMinor, part.due.amountMinor)
  deepStrictEqual(given.actions, ["pay", "pdf"])
  const paid = await client.receipts.credit({
    params: at("composites", 1),
    payload: { reason: "billed to the wrong payer" },
    idempotencyKey: key(),
  })
  strictEqual(paid.balance?.amountMinor, `-${paid.gross.amountMinor}`)
  deepStrictEqual(paid.actions, ["refund", "pdf"])
  deepStrictEqual(paid.refundable, { bank: paid.gross, credits: [] })
  const refunding = { params: at("composites", 1), payload: {}, idempotencyKey: key() }
  const refunded = await client.receipts.refund(refunding)
  strictEqual(refunded.balance?.amountMinor, "0")
  strictEqual((await client.receipts.refund(refunding)).entryIds.length, refunded.entryIds.length)
  deepStrictEqual(refunded.actions, ["pdf"])
  strictEqual(refunded.refundable, null)
  // the site names no expected losses
  await rejects(client.periods.impair({ params: { ...params, month }, idempotencyKey: key() }), refusedWith(422, "not-ready"))
}

async function reopenStory(host: ContractHost): Promise<void> {
  const { periods, session } = clientOf(host, "finance")
  const at = { ...params, month }
  await rejects(periods.reopen({ params: at, idempotencyKey: key() }), refusedWith(422, "not-ready"))
  const asked = await periods.requestReopen({ params: at, payload: { reason: "the auditor found a job" }, idempotencyKey: key() })
  strictEqual(asked.status, "closed")
  strictEqual(asked.reopenRequest?.requestedBy, (await session.me()).name)
  strictEqual(asked.reopenRequest.reason, "the auditor found a job")
  ok(!asked.actions.includes("reopen"), "who asked does not approve")
  await rejects(periods.reopen({ params: at, idempotencyKey: key() }), refusedWith(422, "not-ready"))
  strictEqual((await periods.get({ params: at })).status, "closed")
}

async function listsAsFiles(host: ContractHost): Promise<void> {
  for (const role of ["researcher", "project-owner", "auditor"] as const) {
    const { usage } = clientOf(host, role)
    const jobs = await usage.jobsCsv({ params, query: { month } })
    strictEqual(jobs.mediaType, "text/csv")
    strictEqual(jobs.fileName, `jobs-${month}.csv`)
    const listed = await usage.jobs({ params, query: { month, limit: 200 } })
    deepStrictEqual(
      csvOf(jobs.bytes)
        .slice(1)
        .map((row) => row.split(",")[0]),
      listed.rows.map(({ usageId }) => usageId),
      `${role}: the jobs of the file are those of the list`,
    )
    const lines = await usage.linesCsv({ params, query: { month } })
    const shown = await usage.lines({ params, query: { month, limit: 200 } })
    strictEqual(csvOf(lines.bytes).length, 1 + shown.rows.length, `${role}: the lines of the file are those of the list`)
  }
}

async function estimatesJobs(host: ContractHost): Promise<void> {
  const { usage } = clientOf(host, "researcher")
  const text = "#!/bin/bash\n#SBATCH -A physics -n 4 -t 2:00:00\nsrun true\n"
  const { estimate, problems } = await usage.estimate({ params, payload: { text } })
  deepStrictEqual(problems, [])
  ok(estimate !== null)
  strictEqual(estimate.user, contractPeople.researcher.users[0])
  strictEqual(estimate.cores, 4)
  strictEqual(estimate.timeLimitSeconds, 7_200)
  const cpu = estimate.lines.find(({ sku }) => sku === "cpu")
  strictEqual(cpu?.quantity.decimal, "8.000000")
  ok(BigInt(estimate.total.amountMinor) > 0n)
  const array = await usage.estimate({ params, payload: { text: "sbatch -A physics -n 4 -t 2:00:00 -a 0-9 run.sh" } })
  strictEqual(array.estimate?.tasks, 10)
  strictEqual(BigInt(array.estimate.total.amountMinor), 10n * BigInt(estimate.perTask.amountMinor))
  const nameless = await usage.estimate({ params, payload: { text: "sbatch -n 4 run.sh" } })
  strictEqual(nameless.estimate, null, "what nothing prices is not free")
  deepStrictEqual(
    nameless.problems.map(({ option, code }) => [option, code]),
    [["account", "estimate-account-missing"]],
  )
  const unmapped = await usage.estimate({ params, payload: { text: "sbatch -A nobody -n 4 run.sh" } })
  deepStrictEqual(unmapped.problems[0]?.params, { account: "nobody", cluster: "ci" })
  const broken = await usage.estimate({ params, payload: { text: "sbatch --tiem=1 -n four run.sh" } })
  strictEqual(broken.estimate, null)
  ok(broken.problems.some(({ message }) => message.includes("--ntasks=four")))
  await rejects(usage.estimate({ params, payload: { text, user: "alice" } }), refusedWith(404))
}

async function overridesStory(host: ContractHost): Promise<void> {
  const { rates, session } = clientOf(host, "admin")
  const wanted = {
    account: "physics",
    user: "bob",
    effectiveFrom: "2199-01-01",
    effectiveUntil: null,
    reason: "a grant pays half",
    factor: "0.5",
  }
  const adding = { params, payload: wanted, idempotencyKey: key() }
  const { override, problems } = await rates.addOverride(adding)
  deepStrictEqual(problems, [])
  ok(override !== null)
  strictEqual(override.author, (await session.me()).name)
  strictEqual(override.factor, "0.5")
  deepStrictEqual((await rates.addOverride(adding)).override, override, "the same key and body are one override")
  const refused = await rates.addOverride({ params, payload: { ...wanted, tier: "nobody" }, idempotencyKey: key() })
  strictEqual(refused.override, null)
  ok(refused.problems.length > 0)
  const ended = await rates.endOverride({
    params: { ...params, overrideId: override.id },
    payload: { effectiveUntil: "2199-02-01" },
    idempotencyKey: key(),
  })
  strictEqual(ended.override?.effectiveUntil, "2199-02-01")
  const { overrides } = await rates.tiers({ params })
  strictEqual(overrides.filter(({ id }) => id === override.id).length, 1)
  const nowhere = { params: { ...params, overrideId: "none" }, payload: { effectiveUntil: "2199-02-01" }, idempotencyKey: key() }
  await rejects(rates.endOverride(nowhere), refusedWith(404))
}

/** The administrator maps the accounts that lead to no payer, as the board asks. */
async function mapTheRest(host: ContractHost): Promise<void> {
  const { payers } = clientOf(host, "admin")
  const mapped = ["bio lab", "บัญชีวิจัย"].map((account) => ({ ...contractPayerBook.mappings[0], account }))
  const text = JSON.stringify({ ...contractPayerBook, mappings: [...contractPayerBook.mappings, ...mapped] })
  const nobody = await payers.publish({ params, payload: { text: text.replaceAll('"taxable"', '"taxed"') }, idempotencyKey: key() })
  ok(nobody.published === null && nobody.problems.length > 0)
  strictEqual((await payers.publish({ params, payload: { text }, idempotencyKey: key() })).published?.version, 2)
}

async function ownerReadsReceipts(host: ContractHost): Promise<void> {
  const client = clientOf(host, "project-owner")
  const { rows } = await client.receipts.list({ params, query: {} })
  deepStrictEqual([...new Set(rows.map(({ payerId }) => payerId))], ["composites"])
  const [own] = rows
  ok(own?.number != null)
  const receipt = await client.receipts.get({ params: { ...params, month, payer: "composites", sequence: 1 } })
  deepStrictEqual(receipt.findings, [])
  deepStrictEqual(receipt.actions, ["pdf"])
  deepStrictEqual(receipt.entryIds, [])
  strictEqual((await client.receipts.byNumber({ params: { ...params, number: own.number } })).id, own.id)
  await rejects(client.receipts.get({ params: { ...params, month, payer: "science", sequence: 1 } }), refusedWith(404))
  await rejects(client.receipts.pdf({ params: { ...params, month, payer: "science", sequence: 1 } }), refusedWith(404))
  deepStrictEqual((await client.receipts.list({ params, query: { payerId: "science" } })).rows, [])
  const foreign = (await clientOf(host, "finance").receipts.list({ params, query: { payerId: "science" } })).rows.find(
    ({ number }) => number !== null,
  )
  ok(foreign?.number != null)
  await rejects(client.receipts.byNumber({ params: { ...params, number: foreign.number } }), refusedWith(404))
}

async function adminStory(host: ContractHost): Promise<void> {
  const { rates } = clientOf(host, "admin")
  const { text, version } = await rates.document({ params, query: {} })
  const [mine, whole] = await Promise.all(
    (["researcher", "auditor"] as const).map((role) => clientOf(host, role).rates.document({ params, query: {} })),
  )
  deepStrictEqual([mine?.isWhole, /\bdave\b/.test(mine?.text ?? "dave")], [false, false], "what was agreed with others is not told")
  deepStrictEqual([whole?.isWhole, whole?.text], [true, text])
  const broken = await rates.check({ params, payload: { text: text.replace("core-h", "cores") } })
  ok(broken.problems.some(({ path }) => path.includes("cards")))
  deepStrictEqual((await rates.check({ params, payload: { text: "a: [" } })).problems.length > 0, true)
  deepStrictEqual((await rates.check({ params, payload: { text } })).problems, [])
  const dearer = JSON.stringify(contractRateBook).replace('"price":"1"', '"price":"2"')
  const { plan } = await rates.plan({ params, payload: { text: dearer, month } })
  ok(plan !== null && BigInt(plan.change.difference.amountMinor) > 0n)
  const sumOf = (rows: readonly { readonly amount: { readonly amountMinor: string } }[]) =>
    rows.reduce((sum, { amount }) => sum + BigInt(amount.amountMinor), 0n)
  strictEqual(sumOf(plan.tiers), BigInt(plan.total.amountMinor))
  strictEqual(sumOf(plan.payers), BigInt(plan.total.amountMinor))
  deepStrictEqual(
    plan.tiers.map(({ tier }) => tier),
    [...new Set(plan.payers.map(({ tier }) => tier))].sort(),
  )
  const wrongSpans = [
    ["2020-01", "2026-09", /2020-01 to 2026-09 are more than 60 months/],
    ["2026-09", "2026-08", /2026-08 lies before 2026-09/],
  ] as const
  for (const [from, toMonth, words] of wrongSpans)
    await rejects(rates.plan({ params, payload: { text: dearer, month: from, toMonth } }), { detail: words })
  const edited = rates.publish({ params, payload: { text: dearer }, idempotencyKey: key() })
  await rejects(edited, refusedWith(422, "publish-refused"))
  const unchanged = await rates.publish({ params, payload: { text }, idempotencyKey: key() })
  strictEqual(unchanged.published?.version, version)
}

async function formulasStory(host: ContractHost): Promise<void> {
  const { formulas, rates } = clientOf(host, "admin")
  const url = `${host.baseUrl}/v1/tenants/${tenant}/formulas/MU`
  const headers = await headersOf(host, "researcher")
  const first = await fetch(url, { headers })
  const etag = first.headers.get("etag")
  ok(etag !== null)
  strictEqual((await fetch(url, { headers: { ...headers, "if-none-match": etag } })).status, 304)
  const before = await formulas.get({ params: { ...params, tier: "MU" } })
  strictEqual(before.prices.cpu, "1")
  await rejects(
    formulas.set({
      params: { ...params, tier: "MU" },
      payload: { prices: { nothing: "1" }, effectiveFrom: "2199-01-01" },
      idempotencyKey: key(),
    }),
    refusedWith(422, "publish-refused"),
  )
  const setting = {
    params: { ...params, tier: "MU" },
    payload: { prices: { cpu: "1.25" }, effectiveFrom: "2199-01-01" },
    idempotencyKey: key(),
  }
  const set = await formulas.set(setting)
  strictEqual(set.prices.cpu, "1.25")
  strictEqual(set.cardVersion, before.cardVersion + 1)
  deepStrictEqual(await formulas.set(setting), set)
  strictEqual((await formulas.get({ params: { ...params, tier: "MU" } })).prices.cpu, "1", "today's price stands until the date")
  const coming = (await rates.current({ params })).cards.find(({ standing }) => standing === "coming")
  strictEqual(coming?.effectiveFrom, "2199-01-01")
  const then = await rates.current({ params, query: { on: "2199-01-01" } })
  strictEqual(then.on, "2199-01-01")
  const inForce = then.cards.filter(({ tier, standing }) => tier === "MU" && standing === "in-force")
  deepStrictEqual(
    inForce.map(({ version, meters }) => [version, meters.find(({ sku }) => sku === "cpu")?.price]),
    [[set.cardVersion, "1.25"]],
    "on that day the new card is in force, and it alone",
  )
  const dayBefore = await rates.current({ params, query: { on: "2198-12-31" } })
  strictEqual(dayBefore.cards.find(({ tier, standing }) => tier === "MU" && standing === "in-force")?.version, before.cardVersion)
  await rejects(rates.current({ params, query: { on: "2199-02-30" } }), refusedWith(400, "invalid-request"))
  await rejects(formulas.get({ params: { ...params, tier: "nobody" } }), refusedWith(404))
}

async function uploadsOnce(host: ContractHost): Promise<void> {
  const { ingest } = clientOf(host, "admin")
  const text =
    "JobIDRaw|JobID|Cluster|User|Account|Partition|QOS|State|Submit|Eligible|Start|End|ElapsedRaw|Suspended|AllocTRES|ReqTRES|NodeList|ExitCode|DerivedExitCode|JobName|AllocNodes|AllocCPUS|Timelimit|Reservation|WCKey\n"
  const sending = { params, payload: { cluster: "ci", text }, idempotencyKey: key() }
  const run = await ingest.sacct(sending)
  strictEqual(run.read, 0)
  deepStrictEqual(
    run.warnings.map((warning) => warning.split(":")[0]),
    ["columns JobName, WCKey"],
  )
  deepStrictEqual(await ingest.sacct(sending), run)
  await rejects(
    ingest.sacct({ ...sending, payload: { cluster: "ci", text: "no sacct output" }, idempotencyKey: key() }),
    refusedWith(422, "source-unreadable"),
  )
  const runs = await ingest.runs({ params, query: {} })
  ok(runs.rows.length >= 2)

  const running = (jobId: string, since: string): string =>
    `${jobId}|${jobId}|ci|alice|physics|cpu|normal|RUNNING|${since}|${since}|${since}|Unknown|9000|00:00:00|billing=1,cpu=1,mem=1G,node=1|billing=1,cpu=1,mem=1G,node=1|n1|0:0|0:0|job|1|1|1-00:00:00||\n`
  const anHourAgo = new Date(Date.parse(run.startedAt) - 3_600_000).toISOString().slice(0, 19)
  const late = { cluster: "ci", timeZone: "UTC", text: text + running("990001", "2020-01-01T00:00:00") + running("990002", anHourAgo) }
  const { timeZone: _, ...zoneless } = late
  await rejects(ingest.sacct({ ...sending, payload: zoneless, idempotencyKey: key() }), refusedWith(422, "source-unreadable"))
  strictEqual((await ingest.sacct({ ...sending, payload: late, idempotencyKey: key() })).accepted, 2)
  const { usage } = clientOf(host, "auditor")
  const gone = await usage.jobs({ params, query: { only: "probably-runaway" } })
  ok(gone.rows.every(({ probablyRunaway }) => probablyRunaway) && gone.rows.some(({ jobId }) => jobId === "990001"))
  ok(
    gone.rows.every(({ jobId }) => jobId !== "990002"),
    "a job within its limit is none",
  )
  deepStrictEqual((await usage.jobs({ params, query: { only: "probably-runaway", state: "COMPLETED" } })).rows, [])
  const marked = (await usage.jobs({ params, query: { limit: 200 } })).rows.filter(({ probablyRunaway }) => probablyRunaway)
  deepStrictEqual(
    marked.map(({ usageId }) => usageId).sort(),
    gone.rows.map(({ usageId }) => usageId).sort(),
    "the list marks the same jobs",
  )
  const own = (await clientOf(host, "researcher").usage.jobs({ params, query: { only: "probably-runaway" } })).rows
  ok(own.every(({ user }) => contractPeople.researcher.users.includes(user)))
}

async function auditTells(host: ContractHost): Promise<void> {
  const { audit, session } = clientOf(host, "auditor")
  const finance = (await clientOf(host, "finance").session.me()).name
  const admin = (await clientOf(host, "admin").session.me()).name
  const acts: readonly (readonly [string, string])[] = [
    ["receipt.issue", finance],
    ["entry.post", finance],
    ["receipt.pay", finance],
    ["receipt.void", finance],
    ["receipt.pay-part", finance],
    ["receipt.credit", finance],
    ["credit-note.issue", finance],
    ["receipt.refund", finance],
    ["receipt.write-off", finance],
    ["period.reopen-request", finance],
    ["period.close", finance],
    ["export.run", finance],
    ["export.download", finance],
    ["book.publish", admin],
    ["ingest.upload", admin],
  ]
  ok((await session.me()).roles.includes("auditor"))
  for (const [action, actor] of acts) {
    const { rows } = await audit.list({ params, query: { action, actor } })
    ok(rows.length > 0, `${action} by ${actor} stands in the audit log`)
    ok(rows.every((row) => row.action === action && row.actor === actor && row.requestId !== ""))
  }
  const status = await audit.status({ params })
  const verification = await audit.verify({ params })
  ok(verification.ok, verification.text)
  strictEqual(verification.records, status.records)
}

async function refusesMisfits(host: ContractHost): Promise<void> {
  const client = clientOf(host, "finance")
  await rejects(client.usage.summary({ params, query: { month: "2026-13" } }), refusedWith(400, "invalid-request"))
  await rejects(client.usage.summary({ params: { tenant: "nobody" }, query: { month } }), refusedWith(404, "unknown-tenant"))
  await rejects(client.receipts.issue({ params, payload: { month }, idempotencyKey: "" }), refusedWith(400, "invalid-request"))
  const headers = { ...(await headersOf(host, "finance")), "content-type": "application/json", "idempotency-key": key() }
  const malformed = await fetch(`${host.baseUrl}/v1/tenants/${tenant}/receipts`, { method: "POST", headers, body: "{" })
  strictEqual(malformed.status, 400)
  strictEqual(malformed.headers.get("content-type"), "application/problem+json")
  const nowhere = await fetch(`${host.baseUrl}/v1/nowhere`, { headers })
  strictEqual(nowhere.status, 404)
  strictEqual(nowhere.headers.get("content-type"), "application/problem+json")
}

async function servesMetrics(host: ContractHost): Promise<void> {
  const url = `${host.baseUrl}/metrics`
  strictEqual((await fetch(url)).status, 401)
  strictEqual((await fetch(url, { headers: await headersOf(host, "researcher") })).status, 403)
  const text = await (await fetch(url, { headers: await headersOf(host, "admin") })).text()
  ok(/hpc_billing_http_requests_total\{method="GET",route="usage.jobs",status="200"\} \d+/.test(text))
  ok(new RegExp(`hpc_billing_audit_records\\{tenant="${tenant}"\\} [1-9]`).test(text))
}
