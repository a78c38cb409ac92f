import type { Client } from "../../api/makeClient.ts"
import { code } from "./codes.ts"
import { plantedTenant as tenant } from "./people.ts"
import { plantedMonth as month } from "./plantBooks.ts"

/** One request: where, and the body of a write. */
export interface Ask {
  readonly path: string
  readonly body?: object
}

/** What there is to ask for, as those see it who see all. */
export interface Found {
  readonly jobs: readonly string[]
  readonly lines: readonly { readonly receiptId: string; readonly lineId: string }[]
  /** `month/payer/sequence`. */
  readonly receipts: readonly string[]
  readonly receiptNumbers: readonly string[]
  readonly creditNotes: readonly string[]
  readonly exports: readonly { readonly id: string; readonly files: readonly string[] }[]
}

const months = ["2026-09", month]
const payers = ["guild", "faculty", "hospital"]
const projects = [code("project of the guild"), code("project of the faculty")]
const accounts = ["weave", "dye", "physics", "chem", "ward", code("account without payer")]
const users = ["ann", "ben", "cat", "dan", code("user in dye")]
const chart = ["1000", "1100", "1150", "2000", "4000"]

export const findAll = async (auditor: Client): Promise<Found> => {
  const params = { tenant }
  const jobs = await auditor.usage.jobs({ params, query: { limit: 200 } })
  const lines = await Promise.all(months.map((each) => auditor.usage.lines({ params, query: { month: each, limit: 200 } })))
  const receipts = (await auditor.receipts.list({ params, query: { limit: 200 } })).rows
  const notes = await Promise.all(
    receipts.map(({ month: of, payerId, sequence }) =>
      auditor.receipts.get({ params: { ...params, month: of, payer: payerId, sequence } }),
    ),
  )
  const { exports } = await auditor.exports.list({ params, query: {} })
  return {
    jobs: jobs.rows.map(({ usageId }) => usageId),
    lines: lines.flatMap(({ rows }) => rows.map(({ receiptId, lineId }) => ({ receiptId, lineId }))),
    receipts: receipts.map(({ month: of, payerId, sequence }) => `${of}/${payerId}/${sequence}`),
    receiptNumbers: receipts.flatMap(({ number }) => number ?? []),
    creditNotes: notes.flatMap(({ creditNotes }) => creditNotes.map(({ number }) => number)),
    exports: await Promise.all(
      exports.map(async ({ id }) => ({
        id,
        files: (await auditor.exports.files({ params: { ...params, exportId: id } })).files.map(({ name }) => name),
      })),
    ),
  }
}

const paths = (...of: readonly string[]): readonly Ask[] => of.map((path) => ({ path }))
const withQuery = (queries: readonly Readonly<Record<string, string>>[]): readonly Ask[] =>
  queries.map((query) => ({ path: `?${new URLSearchParams(query)}` }))
const whoever = [{}, ...users.map((user) => ({ user })), ...accounts.map((account) => ({ account }))]
const each = <Value>(of: readonly Value[], query: (value: Value) => Readonly<Record<string, string>>) => withQuery(of.map(query))
const ofPayers = [{}, ...payers.map((payerId) => ({ payerId }))]
const statements = chart.flatMap((account) => ofPayers.map((of) => ({ account, from: "2020-01-01", ...of })))
const reportsSince = ofPayers.map((of) => ({ from: "2020-01-01", ...of }))
const encoded = encodeURIComponent
const dimensions = ["day", "sku", "account", "user", "partition", "state", "qos", "tier", "payer", "cluster"]
const books = { rates: "cards: []", payers: "payers: []" }

/**
 * What is asked of each route, as the path behind the route's own; the parameters of the path come first. Writes are such that a rule
 * refuses them, since what a refusal tells is told too. A route that is not named here fails the test.
 */
export const asksOf = (found: Found): Readonly<Record<string, readonly Ask[]>> => ({
  "system.health": paths(""),
  "system.ready": paths(""),
  "session.me": paths(""),
  "session.tenants": paths(""),
  "usage.jobs": withQuery([...whoever.map((who) => ({ limit: "200", ...who })), ...months.map((of) => ({ month: of, limit: "200" }))]),
  "usage.jobsCsv": withQuery(whoever),
  "usage.job": paths(...found.jobs.map((id) => `/${id}`)),
  "usage.lines": withQuery(months.flatMap((of) => whoever.map((who) => ({ month: of, limit: "200", ...who })))),
  "usage.linesCsv": withQuery(months.flatMap((of) => whoever.map((who) => ({ month: of, ...who })))),
  "usage.explain": withQuery(found.lines),
  "usage.summary": withQuery(months.flatMap((of) => whoever.map((who) => ({ month: of, ...who })))),
  "usage.costs": withQuery(
    months.flatMap((of) =>
      dimensions.flatMap((by) => [
        { month: of, by },
        { month: of, by, compareMonth: "2026-09" },
      ]),
    ),
  ),
  "usage.series": each([...dimensions, "total"], (by) => ({ month, months: "2", by })),
  "usage.facets": each(months, (of) => ({ month: of })),
  "usage.estimate": [
    ...accounts.map((account) => ({ path: "", body: { text: `sbatch -A ${account} -n 4 -t 1:00:00 x.sh` } })),
    ...users.map((user) => ({ path: "", body: { text: "sbatch -A weave -n 4 x.sh", user } })),
    { path: "", body: { text: "sbatch -n four x.sh" } },
  ],
  "payers.payers": paths(""),
  "payers.accounts": paths(""),
  "payers.unmapped": each(months, (of) => ({ month: of })),
  "payers.publish": [{ path: "", body: { text: books.payers } }],
  "receipts.list": withQuery([...ofPayers, ...months.map((of) => ({ month: of })), { status: "void" }, { status: "paid" }]),
  "receipts.get": paths(...found.receipts.map((id) => `/${id}`)),
  "receipts.byNumber": paths(...found.receiptNumbers.map((number) => `/${encoded(number)}`)),
  "receipts.pdf": paths(...found.receipts.map((id) => `/${id}`)),
  "receipts.preview": withQuery(months.flatMap((of) => [{ month: of }, ...payers.map((payerId) => ({ month: of, payerId }))])),
  "receipts.issue": [{ path: "", body: { month: "2199-01" } }],
  "receipts.pay": found.receipts.map((id) => ({ path: `/${id}`, body: { received: "99999999" } })),
  "receipts.void": found.receipts.map((id) => ({ path: `/${id}`, body: { reason: "again" } })),
  "receipts.credit": found.receipts.map((id) => ({ path: `/${id}`, body: { net: "99999999", reason: "again" } })),
  "receipts.refund": found.receipts.map((id) => ({ path: `/${id}`, body: { amount: "99999999" } })),
  "receipts.writeOff": [{ path: `/${month}/faculty/1`, body: { reason: "again" } }],
  "creditNotes.pdf": paths(...found.creditNotes.map((number) => `/${encoded(number)}`)),
  "prepaid.list": withQuery(ofPayers),
  "prepaid.get": paths(...projects.map((project) => `/${project}`)),
  "prepaid.history": paths(...projects.map((project) => `/${project}`)),
  "prepaid.topUp": projects.map((project) => ({ path: `/${project}`, body: { id: "again", payerId: "hospital", amount: "1" } })),
  "prepaid.hold": projects.map((project) => ({ path: `/${project}`, body: { id: "again", amount: "99999999" } })),
  "prepaid.release": projects.map((project) => ({ path: `/${project}`, body: { id: "nothing" } })),
  "reports.trialBalance": withQuery(ofPayers),
  "reports.trialBalanceCsv": withQuery(ofPayers),
  "reports.incomeStatement": withQuery(reportsSince),
  "reports.incomeStatementCsv": withQuery(reportsSince),
  "reports.balanceSheet": withQuery(ofPayers),
  "reports.balanceSheetCsv": withQuery(ofPayers),
  "reports.receivables": withQuery(ofPayers),
  "reports.receivablesCsv": withQuery(ofPayers),
  "reports.statement": withQuery(statements),
  "reports.statementCsv": withQuery(statements),
  "journal.entries": withQuery([{ limit: "200" }, ...months.map((of) => ({ month: of, limit: "200" }))]),
  "journal.trialBalance": withQuery([{}, { month }]),
  "journal.preview": each(months, (of) => ({ month: of })),
  "journal.post": [{ path: "", body: { month: "2199-01" } }],
  "periods.list": paths(""),
  "periods.get": paths(...months.map((of) => `/${of}`)),
  "periods.fates": months.flatMap((of) => [{ path: `/${of}?limit=200` }, { path: `/${of}?kind=held` }]),
  "periods.close": [{ path: "/2199-01" }],
  "periods.requestReopen": [{ path: "/2199-01", body: { reason: "again" } }],
  "periods.reopen": [{ path: "/2199-01" }],
  "periods.impair": [{ path: "/2199-01" }],
  "exports.list": paths(""),
  "exports.create": [{ path: "", body: { month: "2199-01" } }],
  "exports.files": paths(...found.exports.map(({ id }) => `/${id}`)),
  "exports.file": paths(...found.exports.flatMap(({ id, files }) => files.map((name) => `/${id}/${encoded(name)}`))),
  "exports.verify": paths(...found.exports.map(({ id }) => `/${id}`)),
  "rates.current": withQuery([{}, { on: "2199-01-01" }]),
  "rates.versions": paths(""),
  "rates.document": withQuery([{}, { version: "1" }, { version: "99" }]),
  "rates.tiers": paths(""),
  "rates.check": [{ path: "", body: { text: books.rates } }],
  "rates.plan": [{ path: "", body: { text: books.rates, month } }],
  "rates.publish": [{ path: "", body: { text: books.rates } }],
  "rates.addOverride": [
    { path: "", body: { account: "weave", user: null, effectiveFrom: "2025-01-01", effectiveUntil: null, reason: "again", factor: "0.1" } },
  ],
  "rates.endOverride": [{ path: "/none", body: { effectiveUntil: "2199-01-01" } }],
  "formulas.get": paths("/crafts", "/none"),
  "formulas.set": [{ path: "/crafts", body: { prices: { nothing: "1" }, effectiveFrom: "2199-01-01" } }],
  "audit.list": withQuery([{ limit: "200" }, { action: "receipt.void" }]),
  "audit.status": paths(""),
  "audit.verify": paths(""),
  "dashboard.kpis": each(months, (of) => ({ month: of, compareMonth: "2026-09" })),
  "ingest.runs": paths(""),
  "ingest.rejections": paths(""),
  "ingest.sacct": [{ path: "", body: { cluster: "ci", text: "no sacct output" } }],
})
