import { type ExportFile, verifyExport } from "@hpc-billing/ledger"
import { Effect, Exit, Scope } from "effect"
import { afterAll, beforeAll, expect, it } from "vitest"
import { nodeCryptography } from "../crypto/nodeCryptography.ts"
import { originOf, type TenantKeys } from "../keys/TenantKeys.ts"
import { decodeSite, type Site } from "../site/Site.ts"
import { auditChain } from "../store/AuditChain.ts"
import { BillingStore, openStore, type StoreFunctions } from "../store/index.ts"
import {
  octoberActor as actor,
  closeOctober,
  daysAfterOctober,
  octoberPayerBook,
  octoberRateBook,
  octoberSite,
  readOctober,
} from "../testing/octoberBooks.ts"
import { testingChainKeys } from "../testing/testingChain.ts"
import { testingStorage } from "../testing/testingStorage.ts"
import { billMonth } from "./billMonth.ts"
import { exportMonth } from "./exportMonth.ts"
import { loadReports } from "./loadReports.ts"
import { payReceipt } from "./payReceipt.ts"
import { postMonthJournal } from "./postMonthJournal.ts"
import { publishBooks } from "./publishBooks.ts"

const account = (id: string, name: string, type: "asset" | "contra-asset" | "liability" | "equity" | "revenue" | "expense") => ({
  id,
  name,
  nameThai: `บัญชี ${id}`,
  type,
})

/** A university's own numbers, a part of them played by accounts of other ids than the sample's. */
const chartOfAccounts: NonNullable<Site["chartOfAccounts"]> = [
  account("11-10", "Bank of the centre", "asset"),
  account("11-20", "Receivables of the centre", "asset"),
  account("11-21", "Expected losses", "contra-asset"),
  account("11-30", "Services not billed yet", "asset"),
  account("11-40", "Tax withheld", "asset"),
  account("21-10", "Paid ahead", "liability"),
  account("21-20", "VAT", "liability"),
  account("21-21", "VAT not yet due", "liability"),
  account("31-10", "Surplus", "equity"),
  account("41-10", "Computing services", "revenue"),
  account("51-10", "Losses", "expense"),
  account("51-90", "Rounding", "expense"),
]
const accountRoles = {
  bank: "11-10",
  receivable: "11-20",
  receivableAllowance: "11-21",
  contractAsset: "11-30",
  withholdingTax: "11-40",
  unearned: "21-10",
  vatPayable: "21-20",
  vatNotYetDue: "21-21",
  retainedEarnings: "31-10",
  revenue: "41-10",
  impairmentLoss: "51-10",
  rounding: "51-90",
}

const tenant = "own-chart"
const site: Site = { ...octoberSite(tenant), chartOfAccounts, accountRoles }
const keys: TenantKeys = {
  audit: testingChainKeys,
  auditGenesisPublicKey: nodeCryptography.ed25519PublicKey(testingChainKeys.signingSeed),
  export: { signingSeed: new Uint8Array(32).fill(3), hmacKey: new Uint8Array(32).fill(4) },
}
const chain = auditChain(nodeCryptography, (of) => ({ origin: originOf(of), keys: testingChainKeys }))
const scope = Effect.runSync(Scope.make())
let store: StoreFunctions
let files: readonly ExportFile[] = []

const run = <A, E>(work: Effect.Effect<A, E, BillingStore>): Promise<A> =>
  Effect.runPromise(work.pipe(Effect.provideService(BillingStore, store), daysAfterOctober(1)))

const publish = (next: Site) => publishBooks(next, octoberRateBook, octoberPayerBook, actor)

beforeAll(async () => {
  store = await Effect.runPromise(Scope.provide(openStore({ location: await testingStorage(), chain }), scope))
  files = await run(
    Effect.gen(function* () {
      yield* readOctober(tenant)
      // nothing is posted yet: the site may still change its mind
      yield* publish(site)
      const { receipts } = yield* billMonth(tenant, "2026-10", actor)
      yield* postMonthJournal(tenant, "2026-10", actor)
      yield* closeOctober(tenant)
      yield* payReceipt(tenant, receipts[0]?.id ?? "", { receivedMinor: null, withheldMinor: 0n }, actor)
      return (yield* exportMonth(tenant, "2026-10", keys, actor)).files
    }),
  )
})

afterAll(() => Effect.runPromise(Scope.close(scope, Exit.void)))

it("books a month and a payment in the site's own accounts, and an auditor verifies the export without being told of them", async () => {
  const { accounts } = await run(Effect.map(loadReports(tenant, null), ({ trialBalance }) => trialBalance("2026-11-30")))
  expect(accounts.map(({ account, name, balanceMinor }) => [account, name, balanceMinor])).toEqual([
    ["11-10", "Bank of the centre", 10_700n],
    ["11-20", "Receivables of the centre", 21_400n],
    ["11-30", "Services not billed yet", 0n],
    ["21-20", "VAT", -700n],
    ["21-21", "VAT not yet due", -1_400n],
    ["41-10", "Computing services", -30_000n],
  ])
  expect(verifyExport(nodeCryptography, files, {}).findings).toEqual([])
  const ledger = new TextDecoder().decode(files.find(({ path }) => path === "general-ledger.csv")?.bytes)
  expect(ledger).toMatch(/,41-10,Computing services,revenue,0\.00,100\.00,/)
})

it.each<readonly [string, Site, RegExp]>([
  [
    "an account with entries left out",
    {
      ...site,
      chartOfAccounts: chartOfAccounts.filter(({ id }) => id !== "11-30"),
      accountRoles: { ...accountRoles, contractAsset: "11-31" },
    },
    /Account 11-30 has entries, and the chart of accounts does not have it/,
  ],
  ["the sample chart again", octoberSite(tenant), /has entries, and the chart of accounts does not have it/],
  [
    "another type of account",
    { ...site, chartOfAccounts: chartOfAccounts.map((each) => (each.id === "41-10" ? { ...each, type: "liability" as const } : each)) },
    /Account 41-10 has entries as revenue, and the chart of accounts makes it liability/,
  ],
  [
    "a part taken from an account with entries",
    {
      ...site,
      chartOfAccounts: [...chartOfAccounts, account("41-20", "Other", "revenue")],
      accountRoles: { ...accountRoles, revenue: "41-20" },
    },
    /Account 41-10 has entries as revenue, which would be 41-20/,
  ],
])("refuses %s", async (_, next, words) => {
  await expect(run(publish(next))).rejects.toThrow(words)
})

it("takes another name, another account, and another part for an account without entries", async () => {
  const renamed = chartOfAccounts.map((each) => (each.id === "41-10" ? { ...each, name: "Computing" } : each))
  const next = {
    ...site,
    chartOfAccounts: [...renamed, account("51-91", "Rounding up", "expense")],
    accountRoles: { ...accountRoles, rounding: "51-91" },
  }
  expect((await run(publish(next))).changed).toEqual(["site"])
})

it.each<readonly [string, object, RegExp]>([
  ["a part without an account", { accountRoles: { revenue: "4100" } }, /the role revenue names account 4100, which is not in the chart/],
  ["an account twice", { chartOfAccounts: [...chartOfAccounts, chartOfAccounts[0]], accountRoles }, /account 11-10 stands twice/],
  [
    "a part of a closed account",
    { chartOfAccounts: chartOfAccounts.map((each) => ({ ...each, open: each.id !== "41-10" })), accountRoles },
    /the role revenue names account 41-10, which is closed/,
  ],
  ["a part that there is not", { accountRoles: { cook: "4000" } }, /cook/],
])("a site file is refused with %s", async (_, change, words) => {
  const read = decodeSite({ value: { ...octoberSite(tenant), ...change }, place: () => "site.yaml" } as never)
  await expect(Effect.runPromise(read)).rejects.toThrow(words)
})
