import { fingerprintOf } from "@hpc-billing/ledger"
import { Effect, Exit, Result, Scope } from "effect"
import { afterAll, beforeAll, expect, it } from "vitest"
import { nodeCryptography } from "../crypto/nodeCryptography.ts"
import { BillingStore, type LedgerHead, openStore, type StoreFunctions } from "../store/index.ts"
import { octoberActor as actor, daysAfterOctober, octoberSite, postOctober, readOctober, receiptOfCoral } from "../testing/octoberBooks.ts"
import { sampleEntry } from "../testing/samples.ts"
import { testingChain, testingChainKeys } from "../testing/testingChain.ts"
import { testingStorage } from "../testing/testingStorage.ts"
import { billMonth } from "./billMonth.ts"
import { closeMonth } from "./closeMonth.ts"
import { creditReceipt } from "./creditReceipt.ts"
import { loadReports } from "./loadReports.ts"
import { payReceipt } from "./payReceipt.ts"
import { postingOf } from "./postingOf.ts"
import { postMonthJournal } from "./postMonthJournal.ts"
import { actOnPrepaid, type PrepaidAct, showPrepaid } from "./prepaidCredit.ts"
import { previewDraws } from "./previewDraws.ts"
import { refundReceipt } from "./refundReceipt.ts"
import { verifyStore } from "./verifyStore.ts"

const tenant = "prepaid"
const scope = Effect.runSync(Scope.make())
let store: StoreFunctions

const run = <A, E>(work: Effect.Effect<A, E, BillingStore>, days = 10): Promise<A> =>
  Effect.runPromise(work.pipe(Effect.provideService(BillingStore, store), daysAfterOctober(days)))

beforeAll(async () => {
  const opened = openStore({ location: await testingStorage(), chain: testingChain })
  store = await Effect.runPromise(Scope.provide(opened, scope))
  await run(postOctober(tenant))
})

afterAll(() => Effect.runPromise(Scope.close(scope, Exit.void)))

const act = (project: string, what: PrepaidAct, days = 10) => run(actOnPrepaid(tenant, project, what, actor), days)
const refusal = (project: string, what: PrepaidAct): Promise<string> =>
  run(Effect.map(Effect.flip(actOnPrepaid(tenant, project, what, actor)), ({ message }) => message))

const topUp = (id: string, amountMinor: bigint, payerId = "coral"): PrepaidAct => ({ kind: "top-up", id, amountMinor, payerId })
const hold = (id: string, amountMinor: bigint, forSeconds = 86_400): PrepaidAct => ({ kind: "hold", id, amountMinor, forSeconds })

const findingsOf = async (of: string) => {
  const auditPublicKey = nodeCryptography.ed25519PublicKey(testingChainKeys.signingSeed)
  const auditor = {
    origin: `testing/${of}`,
    auditFingerprint: fingerprintOf(nodeCryptography, auditPublicKey),
    exportFingerprint: "",
    auditPublicKey,
    auditMacKey: testingChainKeys.macKey,
    exportHmacKey: new Uint8Array(32),
  }
  return (await run(verifyStore(of, auditor))).findings
}
const verifies = async (of = tenant): Promise<void> => expect(await findingsOf(of)).toEqual([])

it("a top-up is booked once, holds count, a release and the end of time give back", async () => {
  expect(await act("reef", topUp("bank-1", 10_000n))).toEqual({ settledMinor: 10_000n, inFlightMinor: 0n, availableMinor: 10_000n })
  expect(await act("reef", topUp("bank-1", 10_000n))).toMatchObject({ settledMinor: 10_000n })
  const { accounts } = await run(Effect.map(loadReports(tenant, null), ({ trialBalance }) => trialBalance("2026-11-11")))
  expect(accounts.find(({ account }) => account === "2000")?.balanceMinor).toBe(-10_000n)

  expect(await act("reef", hold("job-1", 6_000n))).toMatchObject({ inFlightMinor: 6_000n, availableMinor: 4_000n })
  expect(await act("reef", hold("job-1", 6_000n), 10.5)).toMatchObject({ inFlightMinor: 6_000n, availableMinor: 4_000n })
  expect(await refusal("reef", hold("job-2", 4_001n))).toMatch(/has 40\.00 THB available, 40\.01 THB is asked for/)
  expect(await act("reef", hold("job-2", 4_000n, 7 * 86_400))).toMatchObject({ availableMinor: 0n })
  expect(await run(showPrepaid(tenant, "reef"), 12)).toMatchObject({ payerId: "coral", inFlightMinor: 4_000n, availableMinor: 6_000n })
  expect(await act("reef", { kind: "release", id: "job-2" }, 12)).toMatchObject({ inFlightMinor: 0n, availableMinor: 10_000n })
  await verifies()
})

it("holds asked for at once never take more than is there", async () => {
  await act("tide", topUp("bank-2", 10_000n, "kelp"))
  const holds = Array.from({ length: 12 }, (_, index) => Effect.result(actOnPrepaid(tenant, "tide", hold(`job-${index}`, 3_000n), actor)))
  const outcomes = await run(Effect.all(holds, { concurrency: "unbounded" }))
  expect(outcomes.filter(({ _tag }) => _tag === "Success")).toHaveLength(3)
  expect(await run(showPrepaid(tenant, "tide"))).toMatchObject({ inFlightMinor: 9_000n, availableMinor: 1_000n })
  await verifies()
})

it("bills draw what was paid ahead in the commit that issues them: the holds of their jobs, then what nothing else holds", async () => {
  const of = "drawn"
  const [coral, kelp] = [receiptOfCoral(of), `${of}/2026-10/kelp/1`]
  await run(readOctober(of), -1)
  const actIn = (project: string, what: PrepaidAct, dryRun = false) => run(actOnPrepaid(of, project, what, actor, { dryRun }), -1)
  const month = 30 * 86_400
  await actIn("reef", topUp("bank-1", 8_000n))
  await actIn("reef", hold("3", 3_000n, month))
  expect(await actIn("reef", hold("elsewhere", 2_000n, month), true)).toMatchObject({ availableMinor: 3_000n })
  await actIn("reef", hold("elsewhere", 2_000n, month))
  await actIn("tide", topUp("bank-2", 50_000n, "kelp"))

  const { commitSequence } = await run(store.head(of))
  const drafts = (await run(billMonth(of, "2026-10", actor, { dryRun: true }), 1)).receipts
  expect(await run(previewDraws(of, drafts), 1)).toEqual(
    new Map([
      [coral, [{ project: "reef", drawnMinor: 6_000n }]],
      [kelp, [{ project: "tide", drawnMinor: 21_400n }]],
    ]),
  )
  expect(await run(previewDraws(of, []), 1)).toEqual(new Map())
  const { receipts } = await run(billMonth(of, "2026-10", actor), 1)
  expect(receipts.map(({ status }) => status)).toMatchObject([{ kind: "issued" }, { kind: "paid", paidMinor: 21_400n, withheldMinor: 0n }])
  expect((await run(store.head(of))).commitSequence).toBe(commitSequence + 1n)
  expect((await run(store.receiptHeader(of, kelp)))?.status).toEqual(receipts[1]?.status)
  expect(await run(showPrepaid(of, "reef"), 1)).toMatchObject({ settledMinor: 2_000n, inFlightMinor: 2_000n, availableMinor: 0n })
  expect(await run(showPrepaid(of, "tide"), 1)).toMatchObject({ settledMinor: 28_600n, inFlightMinor: 0n })

  expect(await run(postMonthJournal(of, "2026-10", actor), 1)).toMatchObject({ postedCount: 0 })
  expect((await run(billMonth(of, "2026-10", actor), 2)).receipts).toEqual([])
  await run(closeMonth(of, "2026-10", actor), 2)
  const balances = async () => {
    const { accounts } = await run(Effect.map(loadReports(of, null), ({ trialBalance }) => trialBalance("2026-11-30")))
    return Object.fromEntries(accounts.filter(({ balanceMinor }) => balanceMinor !== 0n).map((row) => [row.account, row.balanceMinor]))
  }
  const drawn = { "1000": 58_000n, "1100": 4_700n, "2000": -30_600n, "2100": -1_793n, "2110": -307n, "4000": -30_000n }
  expect(await balances()).toEqual(drawn)
  await run(payReceipt(of, coral, { receivedMinor: null, withheldMinor: 0n }, actor))
  expect(await balances()).toEqual({ "1000": 62_700n, "2000": -30_600n, "2100": -2_100n, "4000": -30_000n })
  await verifies(of)
})

it("a bill and a hold asked for at once never both take the same credit", async () => {
  const of = "at-once"
  await run(readOctober(of), -1)
  await run(actOnPrepaid(of, "reef", topUp("bank-1", 10_700n), actor), -1)
  const works = [
    ...Array.from({ length: 4 }, (_, index) => Effect.result(actOnPrepaid(of, "reef", hold(`later-${index}`, 3_000n), actor))),
    Effect.result(billMonth(of, "2026-10", actor)),
  ]
  await run(Effect.all(works, { concurrency: "unbounded" }), 1)
  const { settledMinor, inFlightMinor, availableMinor } = await run(showPrepaid(of, "reef"), 1)
  const open = (await run(Effect.flatMap(loadReports(of, null), ({ receivables }) => receivables("2026-11-30")))).find(
    ({ payerId }) => payerId === "coral",
  )
  expect(availableMinor).toBe(0n)
  expect(settledMinor).toBe(inFlightMinor)
  expect(open?.openMinor ?? 0n).toBe(settledMinor)
  await verifies(of)
})

it("a refund goes back to the credit it was drawn from, in the share it was paid from it, once; or to the bank when asked", async () => {
  const of = "refunds"
  const coral = receiptOfCoral(of)
  await run(readOctober(of), -1)
  const actIn = (project: string, what: PrepaidAct) => run(actOnPrepaid(of, project, what, actor), -1)
  await actIn("reef", topUp("bank-1", 6_000n))
  await actIn("tide", topUp("bank-2", 2_025n))
  await run(billMonth(of, "2026-10", actor), 1)
  await run(postMonthJournal(of, "2026-10", actor), 1)
  await run(payReceipt(of, coral, { receivedMinor: null, withheldMinor: 0n }, actor))
  await run(creditReceipt(of, coral, { netMinor: 4_000n, reason: "outage" }, actor))

  const all = { amountMinor: null, to: "as-paid" } as const
  const expected = {
    amountMinor: 4_280n,
    bankMinor: 1_070n,
    credits: [
      { project: "reef", amountMinor: 2_400n },
      { project: "tide", amountMinor: 810n },
    ],
  }
  const { commitSequence } = await run(store.head(of))
  expect(await run(refundReceipt(of, coral, { amountMinor: 2_140n, to: "bank" }, actor, { dryRun: true }))).toMatchObject({
    bankMinor: 2_140n,
  })
  expect(await run(refundReceipt(of, coral, all, actor, { dryRun: true }))).toEqual(expected)
  expect((await run(store.head(of))).commitSequence).toBe(commitSequence)
  const once = { ...actor, idempotency: { key: "refund", bodySha256: "refund" } }
  expect(await run(refundReceipt(of, coral, all, once))).toEqual(expected)
  expect(await run(refundReceipt(of, coral, all, once))).toEqual(expected)
  expect((await run(store.head(of))).commitSequence).toBe(commitSequence + 1n)
  expect(await run(showPrepaid(of, "reef"))).toMatchObject({ settledMinor: 2_400n, inFlightMinor: 0n, availableMinor: 2_400n })
  expect(await run(showPrepaid(of, "tide"))).toMatchObject({ settledMinor: 810n })
  const balances = async () => {
    const { accounts } = await run(Effect.map(loadReports(of, null), ({ trialBalance }) => trialBalance("2026-11-30")))
    return Object.fromEntries(accounts.filter(({ balanceMinor }) => balanceMinor !== 0n).map((row) => [row.account, row.balanceMinor]))
  }
  expect(await balances()).toEqual({
    "1000": 8_025n + 2_675n - 1_070n,
    "1100": 21_400n,
    "2000": -3_210n,
    "2100": -420n,
    "2110": -1_400n,
    "4000": -26_000n,
  })

  await run(creditReceipt(of, coral, { netMinor: null, reason: "all of it" }, actor))
  const toBank = await run(refundReceipt(of, coral, { amountMinor: 1_000n, to: "bank" }, actor))
  expect(toBank).toEqual({ amountMinor: 1_000n, bankMinor: 1_000n, credits: [] })
  // the bank has paid back 20.70 of 26.75, reef 24.00 of 60.00 and tide 8.10 of 20.25
  expect(await run(refundReceipt(of, coral, all, actor))).toEqual({
    amountMinor: 5_420n,
    bankMinor: 605n,
    credits: [
      { project: "reef", amountMinor: 3_600n },
      { project: "tide", amountMinor: 1_215n },
    ],
  })
  expect(await run(showPrepaid(of, "reef"))).toMatchObject({ settledMinor: 6_000n })
  expect(await balances()).toMatchObject({ "1000": 8_025n, "1100": 21_400n, "2000": -8_025n })
  await verifies(of)
})

it("a refund and holds asked for at once leave what the journal says", async () => {
  const of = "refund-at-once"
  const coral = receiptOfCoral(of)
  await run(readOctober(of), -1)
  await run(actOnPrepaid(of, "reef", topUp("bank-1", 11_000n), actor), -1)
  await run(billMonth(of, "2026-10", actor), 1)
  await run(creditReceipt(of, coral, { netMinor: null, reason: "outage" }, actor))
  const works = [
    ...Array.from({ length: 3 }, (_, index) => Effect.result(actOnPrepaid(of, "reef", hold(`job-${index}`, 300n), actor))),
    ...[5_000n, 5_700n, 1n].map((amountMinor) => Effect.result(refundReceipt(of, coral, { amountMinor, to: "as-paid" }, actor))),
  ]
  await run(Effect.all(works, { concurrency: "unbounded" }))
  const { settledMinor, inFlightMinor } = await run(showPrepaid(of, "reef"))
  const { accounts } = await run(Effect.map(loadReports(of, null), ({ trialBalance }) => trialBalance("2026-11-30")))
  expect(accounts.find(({ account }) => account === "2000")?.balanceMinor).toBe(-settledMinor)
  expect(settledMinor > 300n).toBe(true)
  expect(inFlightMinor >= 300n).toBe(true)
  await verifies(of)
})

it("a refund decided before a hold came is decided again with it", async () => {
  const of = "refund-after-hold"
  const coral = receiptOfCoral(of)
  await run(readOctober(of), -1)
  await run(actOnPrepaid(of, "reef", topUp("bank-1", 11_000n), actor), -1)
  await run(billMonth(of, "2026-10", actor), 1)
  await run(creditReceipt(of, coral, { netMinor: null, reason: "outage" }, actor))
  let isHeld = false
  const holding: StoreFunctions = {
    ...store,
    decide: (tenant, act) => {
      const decided = store.decide(tenant, act)
      if (isHeld) return decided
      isHeld = true
      const meanwhile = Effect.provideService(actOnPrepaid(of, "reef", hold("job-1", 300n), actor), BillingStore, store)
      return Effect.andThen(Effect.orDie(meanwhile), decided)
    },
  }
  const refund = refundReceipt(of, coral, { amountMinor: null, to: "as-paid" }, actor)
  await Effect.runPromise(refund.pipe(Effect.provideService(BillingStore, holding), daysAfterOctober(10)))
  expect(await run(showPrepaid(of, "reef"))).toMatchObject({ settledMinor: 11_000n, inFlightMinor: 300n })
  await verifies(of)
})

it("refuses what does not fit, and stores nothing of it", async () => {
  await act("shoal", topUp("bank-3", 100n))
  const { chain } = await run(store.head(tenant))
  const refusals: readonly (readonly [string, PrepaidAct, RegExp])[] = [
    ["a/b", topUp("x", 1n), /"a\/b" is no project/],
    ["shoal", topUp("x", 1n, "nobody"), /There is no payer nobody/],
    ["shoal", topUp("x", 1n, "kelp"), /belongs to payer coral, not to kelp/],
    ["shoal", topUp("x", 0n), /needs an amount above zero/],
    ["shoal", topUp("bank-3", 101n), /was done before with other content/],
    ["empty", hold("x", 1n), /has no prepaid credit: top it up first/],
    ["shoal", hold("x", 0n), /needs an amount above zero/],
    ["shoal", hold("x", 101n), /has 1\.00 THB available/],
    ["shoal", { kind: "release", id: "x" }, /has no open hold x/],
  ]
  for (const [project, what, expected] of refusals) expect(await refusal(project, what)).toMatch(expected)
  await expect(run(showPrepaid(tenant, "empty"))).rejects.toThrow(/has no prepaid credit/)
  expect((await run(store.head(tenant))).chain.sequence).toBe(chain.sequence)
})

it("verification says so when the journal holds other money ahead than the credits", async () => {
  const of = "astray"
  await run(readOctober(of), -1)
  await run(actOnPrepaid(of, "reef", topUp("bank-1", 5_000n), actor), -1)
  await verifies(of)
  const transfers = [{ debitAccount: "1000", creditAccount: "2000", amountMinor: 125n, payerId: "coral", memo: "" }]
  const entry = sampleEntry(of, "astray/1", 125n, { transfers })
  const plan = (head: LedgerHead) =>
    Result.map(postingOf([entry], head, octoberSite(of), actor), (posting) => ({ ...posting, answer: null }))
  await run(store.commit(of, null, plan))
  expect(await findingsOf(of)).toEqual([
    { row: "prepaid credit", finding: "account 2000 holds 51.25 THB, the credits of the projects come to 50.00 THB" },
  ])
})
