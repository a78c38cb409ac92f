import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { Effect, Exit, Scope, Stream } from "effect"
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest"
import { type Client, makeClient } from "../api/makeClient.ts"
import { receivablesText } from "../cli/text/reportText.ts"
import { billMonth } from "../run/billMonth.ts"
import { creditReceipt } from "../run/creditReceipt.ts"
import { impairMonth } from "../run/impairMonth.ts"
import { ingestSource } from "../run/ingestSource.ts"
import { loadReports } from "../run/loadReports.ts"
import { payReceipt } from "../run/payReceipt.ts"
import { postMonthJournal } from "../run/postMonthJournal.ts"
import { publishBooks } from "../run/publishBooks.ts"
import { refundReceipt } from "../run/refundReceipt.ts"
import { writeOffReceipt } from "../run/writeOffReceipt.ts"
import { BillingStore, openStore, type StoreFunctions } from "../store/index.ts"
import { clockAt } from "../testing/clockAt.ts"
import { fullBooksKeys, fullJob, fullPayerBook, fullRateBook, fullSite } from "../testing/fullBooks.ts"
import { testingChain } from "../testing/testingChain.ts"
import { testingStorage } from "../testing/testingStorage.ts"
import { makeNodeHandler } from "./makeNodeHandler.ts"

const tenant = "debts"
const actor = { name: "malee", requestId: "debts" }
const scope = Scope.makeUnsafe()
const server = { client: undefined as unknown as Client, close: async (): Promise<void> => {} }
let store: StoreFunctions

const run = <A, E>(work: Effect.Effect<A, E, BillingStore>, instant: string): Promise<A> =>
  Effect.runPromise(work.pipe(Effect.provideService(BillingStore, store), clockAt(instant)))

const receipt = (month: string, payer: string): string => `${tenant}/${month}/${payer}/1`
const pay = (id: string, receivedMinor: bigint) => payReceipt(tenant, id, { receivedMinor, withheldMinor: 0n }, actor)
const bill = (month: string, payerId: string, instant: string) => run(billMonth(tenant, month, actor, { dryRun: false, payerId }), instant)

/** Every receipt is over 10.70 THB, and 21.40 those of eel. */
beforeAll(async () => {
  store = await Effect.runPromise(Scope.provide(openStore({ location: await testingStorage(), chain: testingChain }), scope))
  const records = [
    fullJob(5, "2026-05-20T03:00:00Z"),
    fullJob(6, "2026-11-03T03:00:00Z"),
    fullJob(7, "2026-11-04T03:00:00Z"),
    fullJob(8, "2026-11-05T03:00:00Z"),
    fullJob(9, "2026-11-06T03:00:00Z"),
    fullJob(14, "2026-11-07T03:00:00Z"),
    fullJob(10, "2026-11-08T03:00:00Z"),
    fullJob(15, "2026-12-09T03:00:00Z"),
  ].map((record) => ({ _tag: "Record" as const, record }))
  const site = {
    ...fullSite(tenant),
    expectedLosses: [30, 60, null].map((untilDays, at) => ({ untilDays, rate: ["0.01", "0.1", "0.5"][at] ?? "" })),
  }
  await run(
    Effect.gen(function* () {
      yield* publishBooks(site, fullRateBook, fullPayerBook, actor)
      yield* ingestSource(Stream.make(records), { tenant, clusters: ["ci"], source: "test", actor })
    }),
    "2026-12-01T00:00:00Z",
  )
  // seven months after the service
  await bill("2026-05", "anemone", "2026-12-01T03:00:00Z")
  for (const payer of ["anemone", "dugong", "eel"]) await bill("2026-11", payer, "2026-12-15T03:00:00Z")
  // a minute around the year's end in Bangkok: 31 December and 1 January
  await bill("2026-11", "barnacle", "2026-12-31T16:59:30Z")
  await bill("2026-11", "clam", "2026-12-31T17:00:30Z")
  // issued, and not posted
  await bill("2026-12", "anemone", "2027-01-02T03:00:00Z")
  for (const month of ["2026-05", "2026-11"]) await run(postMonthJournal(tenant, month, actor), "2027-01-03T03:00:00Z")
  const acts = Effect.gen(function* () {
    yield* pay(receipt("2026-05", "anemone"), 470n)
    yield* pay(receipt("2026-11", "dugong"), 1_070n)
    yield* creditReceipt(tenant, receipt("2026-11", "dugong"), { netMinor: 500n, reason: "outage" }, actor)
    yield* refundReceipt(tenant, receipt("2026-11", "dugong"), { amountMinor: 35n, to: "as-paid" }, actor)
    yield* creditReceipt(tenant, receipt("2026-11", "clam"), { netMinor: 300n, reason: "outage" }, actor)
    yield* writeOffReceipt(tenant, receipt("2026-11", "eel"), "insolvent", actor)
    yield* pay(receipt("2026-11", "anemone"), 1_070n)
  })
  await run(acts, "2027-01-20T03:00:00Z")
  const handler = await makeNodeHandler({
    store,
    tenants: new Map([[tenant, fullBooksKeys]]),
    identify: async () => ({ name: "malee", displayName: "", roles: ["finance"], users: [], accounts: [], tenants: null }),
    log: () => {},
  })
  const listening = createServer(handler.handle)
  await new Promise<void>((done) => listening.listen(0, "127.0.0.1", done))
  server.client = makeClient(`http://127.0.0.1:${(listening.address() as AddressInfo).port}`, fetch, {})
  server.close = async () => {
    listening.closeAllConnections()
    listening.close()
    await handler.close()
  }
})

afterEach(() => vi.useRealTimers())

afterAll(async () => {
  await server.close()
  await Effect.runPromise(Scope.close(scope, Exit.void))
})

const params = { tenant }
const minor = ({ amountMinor }: { readonly amountMinor: string }): bigint => BigInt(amountMinor)

/** Payer, date of the document, age and what is open. */
type Row = readonly [payerId: string, issued: string, ageDays: number, openMinor: bigint]

const onBefore: readonly Row[] = [
  ["anemone", "2026-12-01", 60, 600n],
  ["barnacle", "2026-12-31", 30, 1_070n],
  ["clam", "2027-01-01", 29, 749n],
  ["dugong", "2026-12-15", 46, -500n],
]
const onAfter: readonly Row[] = [
  ["anemone", "2026-12-01", 61, 600n],
  ["barnacle", "2026-12-31", 31, 1_070n],
  ["clam", "2027-01-01", 30, 749n],
  ["dugong", "2026-12-15", 47, -500n],
]

test.each([
  ["half an hour before midnight in Bangkok", "2027-01-30T16:30:00Z", onBefore, [1_819n, 100n, 0n, 0n], [2, 2, 0, 0]],
  ["half an hour after it", "2027-01-30T17:30:00Z", onAfter, [749n, 570n, 600n, 0n], [1, 2, 1, 0]],
] as const)(
  "report, month page, dashboard and list of receipts agree on every debt and its age, %s",
  async (_, instant, rows, sums, counts) => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.parse(instant) })
    const { client } = server
    const reports = await run(loadReports(tenant, null), instant)
    const report = await run(reports.receivables(reports.today), instant)
    expect(report.map(({ payerId, issuedDate, ageDays, openMinor }) => [payerId, issuedDate, ageDays, openMinor])).toEqual(rows)
    for (const [payerId, issued, days] of rows) {
      expect(receivablesText(report)).toMatch(new RegExp(`${payerId} +${issued} +${days} days`))
    }
    const totalMinor = rows.reduce((sum, [, , , openMinor]) => sum + openMinor, 0n)

    const overHttp = await client.reports.receivables({ params, query: {} })
    expect(overHttp.rows.map(({ payerId, issuedOn, ageDays, open }) => [payerId, issuedOn, ageDays, minor(open)])).toEqual(rows)
    expect(overHttp.ages.map(({ open, receipts }) => [minor(open), receipts])).toEqual(sums.map((sum, index) => [sum, counts[index]]))
    expect(overHttp.totals.map(minor)).toEqual([totalMinor])

    const period = await client.periods.get({ params: { tenant, month: "2026-11" } })
    expect(period.receivables.map(({ ageText, amount, count }) => [ageText, minor(amount), count])).toEqual(
      ["0-30", "31-60", "61-90", "91+"].map((ageText, index) => [ageText, sums[index], counts[index]]),
    )
    const kpis = await client.dashboard.kpis({ params, query: { month: "2026-11" } })
    expect(minor(kpis.receivables)).toBe(totalMinor)
    for (const { notPosted } of [period, kpis]) expect([minor(notPosted.amount), notPosted.count]).toEqual([1_070n, 1])

    const { rows: balances } = await client.reports.trialBalance({ params, query: {} })
    expect(balances.find(({ account }) => account === "1100")?.balance.amountMinor).toBe(String(totalMinor))

    const listed = await client.receipts.list({ params, query: { status: "issued" } })
    const ages = new Map(listed.rows.map(({ id, ageDays }) => [id, ageDays]))
    for (const { receiptId, ageDays, payerId } of report) {
      if (payerId === "dugong") continue
      expect(ages.get(receiptId)).toBe(ageDays)
      const [, month = "", payer = ""] = receiptId.split("/")
      expect((await client.receipts.get({ params: { tenant, month, payer, sequence: 1 } })).ageDays).toBe(ageDays)
    }
  },
)

test("impairment takes its rates from the ages of the report on the last day of its month", async () => {
  const instant = "2027-02-01T03:00:00Z"
  const dry = { dryRun: true }
  expect(await run(impairMonth(tenant, "2027-01", actor, dry), instant)).toBe(1)
  const allowance = async (asOf: string): Promise<bigint> => {
    const { trialBalance } = await run(loadReports(tenant, null), instant)
    return trialBalance(asOf).accounts.find(({ account }) => account === "1190")?.balanceMinor ?? 0n
  }
  const rates = [1n, 10n, 50n]
  for (const [month, lastDay] of [
    ["2026-12", "2026-12-31"],
    ["2027-01", "2027-01-31"],
  ] as const) {
    const reports = await run(loadReports(tenant, null), instant)
    const rows = await run(reports.receivables(lastDay), instant)
    const needed = rows.reduce((sum, { openMinor, ageDays }) => {
      const rate = rates[ageDays <= 30 ? 0 : ageDays <= 60 ? 1 : 2] ?? 0n
      return openMinor > 0n ? sum + (openMinor * rate + 50n) / 100n : sum
    }, 0n)
    await run(impairMonth(tenant, month, actor), instant)
    expect(await allowance(lastDay)).toBe(-needed)
  }
  // 6.00 of anemone at 50 %, 10.70 of barnacle at 10 %, 7.49 of clam at 1 %
  expect(await allowance("2027-01-31")).toBe(-(300n + 107n + 7n))
})

test("what was settled in earlier months is not read for the debts of today", async () => {
  const ids = async (asOf: string) =>
    (await run(store.openEntries(tenant, "1100", asOf), "2027-03-01T00:00:00Z")).map(({ source }) => source.receiptId)
  expect(await ids("2027-03-01")).not.toContain(receipt("2026-11", "eel"))
  expect(await ids("2027-01-19")).toContain(receipt("2026-11", "eel"))
  expect(await ids("2027-03-01")).toContain(receipt("2026-05", "anemone"))
})
