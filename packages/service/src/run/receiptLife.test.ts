import { fingerprintOf } from "@hpc-billing/ledger"
import { Effect, Exit, Scope } from "effect"
import { afterAll, beforeAll, expect, it } from "vitest"
import { nodeCryptography } from "../crypto/nodeCryptography.ts"
import type { AuditorKeys } from "../keys/TenantKeys.ts"
import { receiptDocument } from "../pdf/receiptDocument.ts"
import { BillingStore, openStore, type StoreFunctions } from "../store/index.ts"
import {
  octoberActor as actor,
  closeOctober,
  daysAfterOctober,
  octoberPayerBook,
  octoberRateBook,
  octoberSite,
  postOctober,
  receiptOfCoral,
} from "../testing/octoberBooks.ts"
import { testingChain, testingChainKeys } from "../testing/testingChain.ts"
import { testingStorage } from "../testing/testingStorage.ts"
import { billMonth } from "./billMonth.ts"
import { closeMonth } from "./closeMonth.ts"
import { closeYearBooks } from "./closeYearBooks.ts"
import { creditReceipt } from "./creditReceipt.ts"
import { exportMonth } from "./exportMonth.ts"
import { impairMonth } from "./impairMonth.ts"
import { loadReports } from "./loadReports.ts"
import { payReceipt } from "./payReceipt.ts"
import { printCreditNote } from "./printCreditNote.ts"
import { printReceipt } from "./printReceipt.ts"
import { publishBooks } from "./publishBooks.ts"
import { recomputeMonth } from "./recomputeMonth.ts"
import { refundReceipt } from "./refundReceipt.ts"
import { reopenMonth } from "./reopenMonth.ts"
import { verifyStore } from "./verifyStore.ts"
import { voidReceipt } from "./voidReceipt.ts"
import { writeDocuments } from "./writeDocuments.ts"
import { writeOffReceipt } from "./writeOffReceipt.ts"

const scope = Effect.runSync(Scope.make())
let store: StoreFunctions

beforeAll(async () => {
  const opened = openStore({ location: await testingStorage(), chain: testingChain })
  store = await Effect.runPromise(Scope.provide(opened, scope))
})

afterAll(() => Effect.runPromise(Scope.close(scope, Exit.void)))

const run = <A, E>(work: Effect.Effect<A, E, BillingStore>, days = 10): Promise<A> =>
  Effect.runPromise(work.pipe(Effect.provideService(BillingStore, store), daysAfterOctober(days)))

const refusal = <A, E extends { readonly message: string }>(work: Effect.Effect<A, E, BillingStore>): Promise<string> =>
  run(Effect.map(Effect.flip(work), ({ message }) => message))

const auditorOf = (tenant: string): AuditorKeys => {
  const auditPublicKey = nodeCryptography.ed25519PublicKey(testingChainKeys.signingSeed)
  return {
    origin: `testing/${tenant}`,
    auditFingerprint: fingerprintOf(nodeCryptography, auditPublicKey),
    exportFingerprint: "",
    auditPublicKey,
    auditMacKey: testingChainKeys.macKey,
    exportHmacKey: new Uint8Array(32),
  }
}

/** Accounts with a balance, debits above zero; the books verify. */
const balancesOf = (tenant: string) =>
  run(
    Effect.gen(function* () {
      expect((yield* verifyStore(tenant, auditorOf(tenant))).findings).toEqual([])
      const { trialBalance, today } = yield* loadReports(tenant, null)
      const { accounts } = trialBalance(today)
      return Object.fromEntries(accounts.filter(({ balanceMinor }) => balanceMinor !== 0n).map((row) => [row.account, row.balanceMinor]))
    }),
  )

const all = { amountMinor: null, to: "as-paid" } as const
const payment = { receivedMinor: null, withheldMinor: 300n }

it("a receipt paid with tax withheld, credited in parts, and refunded, ties after each step", async () => {
  const tenant = "life"
  const id = receiptOfCoral(tenant)
  await run(postOctober(tenant))
  await run(closeOctober(tenant))
  expect(await balancesOf(tenant)).toEqual({ "1100": 32_100n, "2110": -2_100n, "4000": -30_000n })

  const once = { ...actor, idempotency: { key: "pay", bodySha256: "pay" } }
  const paid = await run(payReceipt(tenant, id, payment, once))
  expect(await run(payReceipt(tenant, id, payment, once))).toEqual(paid)
  expect(await balancesOf(tenant)).toEqual({
    "1000": 10_400n,
    "1180": 300n,
    "1100": 21_400n,
    "2100": -700n,
    "2110": -1_400n,
    "4000": -30_000n,
  })

  const first = await run(creditReceipt(tenant, id, { netMinor: 3_333n, reason: "node failed" }, actor))
  expect(first).toEqual({ number: "RCN2026-000001", netMinor: 3_333n, taxMinor: 233n })
  expect(await balancesOf(tenant)).toMatchObject({ "1100": 21_400n - 3_566n, "2100": -467n, "4000": -26_667n })
  const second = await run(creditReceipt(tenant, id, { netMinor: null, reason: "all of it" }, actor))
  expect(second).toEqual({ number: "RCN2026-000002", netMinor: 6_667n, taxMinor: 467n })

  expect(await run(refundReceipt(tenant, id, { amountMinor: 700n, to: "as-paid" }, actor))).toMatchObject({ bankMinor: 700n, credits: [] })
  expect(await run(refundReceipt(tenant, id, { amountMinor: null, to: "as-paid" }, actor))).toMatchObject({ amountMinor: 10_000n })
  expect(await balancesOf(tenant)).toEqual({ "1000": -300n, "1180": 300n, "1100": 21_400n, "2110": -1_400n, "4000": -20_000n })
})

it("a receipt is paid in parts, for what credit notes left of it, and late after a write-off", async () => {
  const tenant = "parts"
  const [coral, kelp] = [receiptOfCoral(tenant), `${tenant}/2026-10/kelp/1`]
  await run(postOctober(tenant))
  const pay = (id: string, receivedMinor: bigint | null, withheldMinor = 0n, dryRun = false) =>
    payReceipt(tenant, id, { receivedMinor, withheldMinor }, actor, { dryRun })
  const statusOf = async (work: ReturnType<typeof pay>) => (await run(work)).status

  expect(await statusOf(pay(coral, 3_000n, 300n))).toMatchObject({ kind: "issued" })
  await run(creditReceipt(tenant, coral, { netMinor: 1_000n, reason: "node failed" }, actor))
  expect(await refusal(pay(coral, 6_331n))).toMatch(
    /is open over 63\.30 THB, but 63\.31 THB received and 0\.00 THB withheld are 63\.31 THB/,
  )
  expect(await statusOf(pay(coral, null, 30n, true))).toMatchObject({ kind: "paid", paidMinor: 9_300n, withheldMinor: 330n })
  expect(await statusOf(pay(coral, 1_000n))).toMatchObject({ kind: "issued" })
  expect(await statusOf(pay(coral, null, 30n))).toMatchObject({ kind: "paid", paidMinor: 9_300n, withheldMinor: 330n })
  expect(await balancesOf(tenant)).toEqual({
    "1000": 9_300n,
    "1180": 330n,
    "1100": 21_400n,
    "2100": -630n,
    "2110": -1_400n,
    "4000": -29_000n,
  })

  await run(writeOffReceipt(tenant, kelp, "insolvent", actor))
  expect(await balancesOf(tenant)).toMatchObject({ "1190": 20_000n, "2100": -630n })
  expect(await refusal(creditReceipt(tenant, kelp, { netMinor: 1n, reason: "outage" }, actor))).toMatch(/is written off over 214\.00 THB/)
  expect(await statusOf(pay(kelp, 10_700n))).toMatchObject({ kind: "issued" })
  expect(await balancesOf(tenant)).toMatchObject({ "1000": 20_000n, "1190": 10_000n, "2100": -1_330n })
  expect(await statusOf(pay(kelp, null))).toMatchObject({ kind: "paid", paidMinor: 21_400n })
  expect(await balancesOf(tenant)).toEqual({ "1000": 30_700n, "1180": 330n, "2100": -2_030n, "4000": -29_000n })
})

it("a receipt paid in part whose rest is credited is paid, and one credited whole has nothing to pay", async () => {
  const tenant = "rest-credited"
  const [coral, kelp] = [receiptOfCoral(tenant), `${tenant}/2026-10/kelp/1`]
  await run(postOctober(tenant))
  await run(payReceipt(tenant, coral, { receivedMinor: 5_350n, withheldMinor: 0n }, actor))
  await run(creditReceipt(tenant, coral, { netMinor: 5_000n, reason: "goodwill" }, actor))
  expect((await run(store.receiptHeader(tenant, coral)))?.status).toMatchObject({ kind: "paid", paidMinor: 5_350n })
  await run(creditReceipt(tenant, kelp, { netMinor: null, reason: "wrong payer" }, actor))
  expect((await run(store.receiptHeader(tenant, kelp)))?.status).toMatchObject({ kind: "issued" })
  expect(await refusal(payReceipt(tenant, kelp, payment, actor))).toMatch(/Nothing is open of receipt R2026-000002/)
  expect(await balancesOf(tenant)).toEqual({ "1000": 5_350n, "2100": -350n, "4000": -5_000n })
})

it("the credit notes of a month are printed once and stand in its export", async () => {
  const tenant = "notes"
  const id = receiptOfCoral(tenant)
  await run(postOctober(tenant))
  await run(closeOctober(tenant))
  await run(creditReceipt(tenant, id, { netMinor: 2_500n, reason: "เครื่องล่ม | outage" }, actor))
  const { number } = await run(creditReceipt(tenant, id, { netMinor: 1_000n, reason: "goodwill" }, actor))
  const { bytes, name } = await run(printCreditNote(tenant, number, actor))
  expect(new TextDecoder().decode(bytes.slice(0, 5))).toBe("%PDF-")
  expect(await run(store.files(tenant, `receipt/${id}`))).toMatchObject([{ name, byteCount: bytes.length }])
  expect((await run(printCreditNote(tenant, number, actor))).bytes).toEqual(bytes)
  expect(await refusal(printCreditNote(tenant, "RCN2026-000009", actor))).toMatch(/There is no credit note RCN2026-000009/)

  await run(billMonth(tenant, "2026-11", actor), 40)
  await run(closeMonth(tenant, "2026-11", actor), 40)
  const keys = { audit: testingChainKeys, auditGenesisPublicKey: nodeCryptography.ed25519PublicKey(testingChainKeys.signingSeed) }
  const exportKeys = { signingSeed: new Uint8Array(32).fill(3), hmacKey: new Uint8Array(32).fill(4) }
  const exported = await run(exportMonth(tenant, "2026-11", { ...keys, export: exportKeys }, actor), 40)
  const notes = exported.files.filter(({ path }) => path.startsWith("credit-notes/"))
  expect(notes.map(({ path }) => path).sort()).toEqual(
    ["1.json", "1.pdf", "2.json", "2.pdf"].map((ending) => `credit-notes/RCN2026-00000${ending}`),
  )
  expect(notes.find(({ path }) => path.endsWith("2.pdf"))?.bytes).toEqual(bytes)
  const kept = JSON.parse(new TextDecoder().decode(notes.find(({ path }) => path.endsWith("2.json"))?.bytes))
  expect(kept).toMatchObject({
    receiptNumber: "R2026-000001",
    netMinor: "1000",
    taxMinor: "70",
    earlierNetMinor: "2500",
    earlierTaxMinor: "175",
  })
})

it("what was printed at issue stays; a paid receipt has a print of its own that says when and how much, and stands in the export of that month", async () => {
  const tenant = "prints"
  const id = receiptOfCoral(tenant)
  await run(postOctober(tenant))
  expect(await run(writeDocuments(tenant, "2026-10", actor, { annex: false }))).toEqual({ written: 2 })
  await run(closeOctober(tenant))
  const asIssued = await run(store.file(tenant, `receipt/${id}`, "R2026-000001.pdf"))
  const receipt = await run(payReceipt(tenant, id, payment, actor))
  const paid = await run(printReceipt(tenant, receipt, actor))
  expect(paid).toMatchObject({ name: "R2026-000001-paid.pdf", isNew: true })
  expect(await run(printReceipt(tenant, receipt, actor))).toEqual({ ...paid, isNew: false })
  expect(await run(store.file(tenant, `receipt/${id}`, "R2026-000001.pdf"))).toEqual(asIssued)
  const texts = JSON.stringify(receiptDocument(receipt).content)
  for (const said of [
    "ใบเสร็จรับเงิน/ใบกำกับภาษี",
    "ชำระเมื่อ",
    "11 พฤศจิกายน 2569",
    "11 November 2026",
    "รับชำระสุทธิ",
    "104.00",
    "หัก ณ ที่จ่าย",
    "−3.00",
  ])
    expect(texts).toContain(said)
  expect(await run(writeDocuments(tenant, "2026-10", actor, { annex: false }))).toEqual({ written: 0 })

  await run(billMonth(tenant, "2026-11", actor), 40)
  await run(closeMonth(tenant, "2026-11", actor), 40)
  const keys = { audit: testingChainKeys, auditGenesisPublicKey: nodeCryptography.ed25519PublicKey(testingChainKeys.signingSeed) }
  const exportKeys = { signingSeed: new Uint8Array(32).fill(3), hmacKey: new Uint8Array(32).fill(4) }
  const receiptsIn = async (month: string) =>
    (await run(exportMonth(tenant, month, { ...keys, export: exportKeys }, actor), 40)).files.flatMap(({ path }) =>
      path.startsWith("receipts/") ? [path.slice("receipts/".length)] : [],
    )
  expect((await receiptsIn("2026-10")).sort()).toEqual(["R2026-000001.json", "R2026-000001.pdf", "R2026-000002.json", "R2026-000002.pdf"])
  const { files } = await run(exportMonth(tenant, "2026-11", { ...keys, export: exportKeys }, actor), 40)
  expect(files.filter(({ path }) => path.startsWith("receipts/"))).toEqual([{ path: "receipts/R2026-000001-paid.pdf", bytes: paid.bytes }])
  expect(recomputeMonth(files)).toEqual([])
})

it("a receipt that was paid before anything was printed is printed as issued and as paid", async () => {
  const tenant = "printed-late"
  const id = receiptOfCoral(tenant)
  await run(postOctober(tenant))
  await run(payReceipt(tenant, id, payment, actor))
  expect(await run(writeDocuments(tenant, "2026-10", actor, { annex: false }))).toEqual({ written: 3 })
  expect((await run(store.files(tenant, `receipt/${id}`))).map(({ name }) => name).sort()).toEqual([
    "R2026-000001-paid.pdf",
    "R2026-000001.pdf",
  ])
})

it("a dry run answers what the act would, and stores nothing", async () => {
  const tenant = "dry"
  const coral = receiptOfCoral(tenant)
  const dry = { dryRun: true }
  await run(postOctober(tenant))
  const { chain } = await run(store.head(tenant))
  const part = { receivedMinor: 700n, withheldMinor: 0n }
  expect((await run(payReceipt(tenant, coral, payment, actor, dry))).status).toMatchObject({ kind: "paid", withheldMinor: 300n })
  expect((await run(payReceipt(tenant, coral, part, actor, dry))).status).toMatchObject({ kind: "issued" })
  expect((await run(voidReceipt(tenant, coral, "wrong payer", actor, dry))).status).toMatchObject({ kind: "void", reason: "wrong payer" })
  expect(await run(creditReceipt(tenant, coral, { netMinor: null, reason: "outage" }, actor, dry))).toMatchObject({ taxMinor: 700n })
  expect(await run(writeOffReceipt(tenant, coral, "insolvent", actor, dry))).toBe(10_700n)
  expect(await refusal(refundReceipt(tenant, coral, all, actor, dry))).toMatch(/at most 0\.00 THB/)
  expect((await run(store.head(tenant))).chain.sequence).toBe(chain.sequence)
})

it("a receipt voided and credited at once is one or the other", async () => {
  const tenant = "void-or-credit"
  const id = receiptOfCoral(tenant)
  await run(postOctober(tenant))
  const acts = [
    Effect.result(creditReceipt(tenant, id, { netMinor: null, reason: "outage" }, actor)),
    Effect.result(voidReceipt(tenant, id, "wrong payer", actor)),
  ]
  const outcomes = await run(Effect.all(acts, { concurrency: "unbounded" }))
  expect(outcomes.filter(({ _tag }) => _tag === "Success")).toHaveLength(1)
  expect(await balancesOf(tenant)).toEqual({ "1100": 21_400n, "2110": -1_400n, "4000": -20_000n })
})

it("two credit notes asked for at once never take back more than the receipt", async () => {
  const tenant = "at-once"
  const id = receiptOfCoral(tenant)
  await run(postOctober(tenant))
  const notes = Array.from({ length: 6 }, () => Effect.result(creditReceipt(tenant, id, { netMinor: 2_500n, reason: "outage" }, actor)))
  const outcomes = await run(Effect.all(notes, { concurrency: "unbounded" }))
  const numbers = outcomes.flatMap((outcome) => (outcome._tag === "Success" ? [outcome.success.number] : []))
  expect(numbers.sort()).toEqual([1, 2, 3, 4].map((number) => `RCN2026-00000${number}`))
  expect(await balancesOf(tenant)).toEqual({ "1100": 21_400n, "2110": -1_400n, "4000": -20_000n })
})

it("a month closed while something is posted in it is closed with it or not at all", async () => {
  const tenant = "closed-meanwhile"
  await run(postOctober(tenant))
  const acts = [Effect.result(closeOctober(tenant)), Effect.result(impairMonth(tenant, "2026-10", actor))]
  const [closed] = await run(Effect.all(acts, { concurrency: "unbounded" }))
  if (closed?._tag === "Failure") expect(closed.failure.message).toMatch(/while 2026-10 was being closed: close it again/)
  await balancesOf(tenant)
  await run(closeOctober(tenant))
  await balancesOf(tenant)
})

it("debts age into the allowance, a write-off uses it, and the next ageing tops it up", async () => {
  const tenant = "aged"
  const id = receiptOfCoral(tenant)
  await run(postOctober(tenant))
  expect(await run(impairMonth(tenant, "2026-10", actor))).toBe(1)
  expect(await balancesOf(tenant)).toMatchObject({ "1190": -321n, "6100": 321n })
  expect(await run(impairMonth(tenant, "2026-10", actor))).toBe(0)
  await run(closeOctober(tenant))
  expect(await run(writeOffReceipt(tenant, id, "insolvent", actor))).toBe(10_700n)
  expect(await balancesOf(tenant)).toMatchObject({ "1100": 21_400n, "1190": 9_679n, "2110": -1_400n })
  expect(await run(impairMonth(tenant, "2026-11", actor))).toBe(1)
  const aged = await run(loadReports(tenant, null), 40)
  expect(await run(aged.receivables("2026-11-30"))).toMatchObject([{ payerId: "kelp", openMinor: 21_400n, ageDays: 28, bucket: 0 }])
  expect(aged.trialBalance("2026-11-30").accounts.find(({ account }) => account === "1190")?.balanceMinor).toBe(-214n)
  expect(await run(impairMonth(tenant, "2026-12", actor), 40)).toBe(1)
  expect((await run(loadReports(tenant, null), 40)).trialBalance("2026-12-31").accounts).toContainEqual(
    expect.objectContaining({ account: "1190", balanceMinor: -10_700n }),
  )
})

it("refuses what the state of a receipt or of the books does not allow, and stores nothing of it", async () => {
  const tenant = "refused"
  const coral = receiptOfCoral(tenant)
  const kelp = `${tenant}/2026-10/kelp/1`
  await run(postOctober(tenant))
  await run(payReceipt(tenant, coral, payment, actor))
  await run(voidReceipt(tenant, kelp, "wrong payer", actor))
  await run(publishBooks({ ...octoberSite(tenant), expectedLosses: [] }, octoberRateBook, octoberPayerBook, actor))
  const before = await balancesOf(tenant)
  const { chain } = await run(store.head(tenant))
  const credit = (id: string, netMinor: bigint | null, reason = "outage") => creditReceipt(tenant, id, { netMinor, reason }, actor)
  const refusals: readonly (readonly [Effect.Effect<unknown, { readonly message: string }, BillingStore>, RegExp])[] = [
    [credit("nowhere", null), /There is no receipt nowhere/],
    [credit(coral, 1n, " "), /Say why/],
    [credit(coral, 10_001n), /at most net 100\.00 and tax 7\.00/],
    [credit(coral, 0n), /must be above zero/],
    [credit(coral, -1n), /must be above zero/],
    [credit(kelp, null), /is void: a credit note needs an issued receipt/],
    [refundReceipt(tenant, coral, all, actor), /at most 0\.00 THB/],
    [refundReceipt(tenant, coral, { amountMinor: 5n, to: "as-paid" }, actor), /at most 0\.00 THB/],
    [writeOffReceipt(tenant, coral, "insolvent", actor), /no open debt to write off/],
    [writeOffReceipt(tenant, coral, "", actor), /Say why/],
    [payReceipt(tenant, coral, payment, actor), /is paid: only an issued receipt can be paid/],
    [payReceipt(tenant, kelp, payment, actor), /is void: only an issued receipt can be paid/],
    [voidReceipt(tenant, coral, "late", actor), /is paid: only an issued, unpaid receipt can be voided/],
    [impairMonth(tenant, "2026-10", actor), /names no expectedLosses/],
    [impairMonth(tenant, "October", actor), /is not a month/],
    [closeYearBooks(tenant, { name: "2026", firstMonth: "2026-01" }, actor), /has not ended yet: close it after the last day of 2026-12/],
    [
      Effect.flatMap(loadReports(tenant, null), ({ statements }) => statements("9999", "2026-10-01", "2026-10-31")),
      /There is no account 9999/,
    ],
    [loadReports(tenant, ["nobody"]), /There is no payer nobody/],
  ]
  for (const [work, expected] of refusals) expect(await refusal(work)).toMatch(expected)
  expect((await run(store.head(tenant))).chain.sequence).toBe(chain.sequence)
  expect(await balancesOf(tenant)).toEqual(before)
})

it("a year moves into retained earnings once, and what comes after a reopening moves again", async () => {
  const tenant = "year"
  const year = { name: "2026", firstMonth: "2025-11" }
  await run(postOctober(tenant))
  expect(await run(closeYearBooks(tenant, year, actor))).toBe(1)
  expect(await run(closeYearBooks(tenant, year, actor))).toBe(0)
  expect(await balancesOf(tenant)).toEqual({ "1100": 32_100n, "2110": -2_100n, "3000": -30_000n })
  const { incomeStatements } = await run(loadReports(tenant, null))
  expect(incomeStatements("2025-11-01", "2026-10-31")).toMatchObject([{ revenueMinor: 30_000n, profitMinor: 30_000n }])

  await run(closeOctober(tenant))
  expect(await run(closeYearBooks(tenant, year, actor))).toBe(0)
  await run(reopenMonth(tenant, "2026-10", { approvedBy: "second", reason: "audit finding" }, actor))
  await run(impairMonth(tenant, "2026-10", actor))
  expect(await run(closeYearBooks(tenant, year, actor))).toBe(1)
  expect(await balancesOf(tenant)).toEqual({ "1100": 32_100n, "1190": -321n, "2110": -2_100n, "3000": -29_679n })
  await run(closeMonth(tenant, "2026-10", actor))
  expect((await balancesOf(tenant))["3000"]).toBe(-29_679n)
})

it("reports stand as of any day and per payer, and agree with each other", async () => {
  const tenant = "reports"
  await run(postOctober(tenant))
  await run(payReceipt(tenant, receiptOfCoral(tenant), payment, actor))
  const reports = await run(loadReports(tenant, null))
  expect(reports.today).toBe("2026-11-11")
  for (const asOf of ["2026-10-30", "2026-10-31", "2026-11-10", "2026-11-11"]) {
    const [sheet] = reports.balanceSheets(asOf)
    expect(sheet?.assetsMinor).toBe(sheet?.liabilitiesAndEquityMinor)
    const receivable = reports.trialBalance(asOf).accounts.find(({ account }) => account === "1100")?.balanceMinor ?? 0n
    expect((await run(reports.receivables(asOf))).reduce((sum, { openMinor }) => sum + openMinor, 0n)).toBe(receivable)
  }
  expect(reports.balanceSheets("2026-10-30")[0]?.assetsMinor).toBe(0n)
  expect(reports.balanceSheets("2026-10-31")[0]).toMatchObject({ assetsMinor: 32_100n, currentEarningsMinor: 30_000n })
  expect(await run(reports.receivables("2026-11-11"))).toMatchObject([{ payerId: "kelp", openMinor: 21_400n, ageDays: 9 }])
  expect(await run(reports.statements("1100", "2026-11-01", "2026-11-30"))).toMatchObject([
    { openingMinor: 32_100n, closingMinor: 21_400n, lines: [{ date: "2026-11-11" }] },
  ])
  const coral = await run(loadReports(tenant, ["coral"]))
  expect(await run(coral.receivables("2026-11-10"))).toMatchObject([{ payerId: "coral", openMinor: 10_700n }])
  expect(coral.incomeStatements("2026-10-01", "2026-10-31")).toMatchObject([{ revenueMinor: 10_000n, expensesMinor: 0n }])
})
