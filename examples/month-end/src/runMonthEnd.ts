import { randomBytes } from "node:crypto"
import { join } from "node:path"
import { formatMinor, type JobRecord, type Month, monthWindow, type Receipt, type Window } from "@hpc-billing/core"
import { defaultPolicy, trialBalance } from "@hpc-billing/ledger"
import {
  type Actor,
  auditChain,
  BillingStore,
  billMonth,
  closeMonth,
  createTenantKeys,
  entriesOf,
  exportMonth,
  ingestSource,
  nodeCryptography,
  openStore,
  originOf,
  postMonthJournal,
  previewMonthJournal,
  publishBooks,
  readAuditorKeys,
  readPayerBook,
  readRateBook,
  readSite,
  readTenantKeys,
  receiptsOf,
  refuse,
  type Site,
  type StoreLocation,
  type TenantKeys,
  verifyFolder,
  verifyStore,
  writeDocuments,
  writeExportFolder,
} from "@hpc-billing/service"
import { Clock, Effect, Stream } from "effect"
import { type SimulatedClock, simulatedClock } from "./SimulatedClock.ts"
import type { DemoSite } from "./sources.ts"

export interface MonthEndOptions {
  readonly location: StoreLocation
  readonly keysFolder: string
  readonly outFolder: string
  readonly sites: readonly DemoSite[]
  readonly print: (line: string) => void
  /** Called while documents are made; for a terminal. */
  readonly onProgress?: (label: string, done: number, of: number) => void
}

export interface SiteResult {
  readonly tenant: string
  readonly months: readonly MonthResult[]
}

export interface MonthResult {
  readonly month: Month
  readonly newReceipts: number
  readonly correctionLines: number
  readonly postedEntries: number
  readonly folder: string
  readonly files: number
}

const actor: Actor = { name: "example:month-end", requestId: "month-end" }
const dayAfterCloseSeconds = 2 * 86_400 + 9 * 3_600

/** The whole month end for each site: ingest, then month by month rate, bill, post, close, export and verify. */
export const runMonthEnd = Effect.fn("runMonthEnd")(function* (options: MonthEndOptions) {
  const sites = yield* Effect.forEach(options.sites, (demo) => prepareSite(demo, options))
  const keysOf = new Map(sites.map(({ site, keys }) => [site.tenant, keys]))
  const clock = yield* simulatedClock(0)
  const chain = auditChain(nodeCryptography, (tenant) => ({ origin: originOf(tenant), keys: (keysOf.get(tenant) as TenantKeys).audit }))
  return yield* Effect.scoped(
    Effect.gen(function* () {
      const store = yield* openStore({ location: options.location, chain })
      return yield* Effect.forEach(sites, (prepared) => runSite(prepared, options, clock)).pipe(Effect.provideService(BillingStore, store))
    }),
  ).pipe(Effect.provideService(Clock.Clock, clock))
})

interface PreparedSite {
  readonly demo: DemoSite
  readonly site: Site
  readonly keys: TenantKeys
}

const prepareSite = Effect.fnUntraced(function* (demo: DemoSite, { keysFolder, print }: MonthEndOptions) {
  const site = yield* readSite(demo.folder)
  const made = yield* createTenantKeys(keysFolder, site.tenant, (count) => new Uint8Array(randomBytes(count)))
  if (made) print(`Keys of ${site.tenant} made in ${keysFolder}: this first run made them; there are none by default.`)
  return { demo, site, keys: yield* readTenantKeys(keysFolder, site.tenant) } satisfies PreparedSite
})

const runSite = Effect.fnUntraced(function* ({ demo, site, keys }: PreparedSite, options: MonthEndOptions, clock: SimulatedClock) {
  const { print } = options
  const windows = demo.months.map((month) => monthWindow(month, site.zone))
  print(`\n${demo.title} (billed in ${site.zone})`)
  clock.setSeconds((windows.at(-1) as Window).endSeconds)
  const payerBook = demo.payerBook ?? (yield* readPayerBook(join(demo.folder, "payers.yaml")))
  const published = yield* publishBooks(site, yield* readRateBook(join(demo.folder, "rates.yaml")), payerBook, actor)
  print(
    published.changed.length === 0
      ? "Prices and payers: in force already"
      : `Prices and payers: published (${published.changed.join(", ")})`,
  )
  const read = yield* ingestSource(demo.records, { tenant: site.tenant, clusters: site.clusters, source: demo.source, actor })
  print(
    `Ingest: ${read.read} records read = ${read.accepted} accepted + ${read.replaced} replaced + ${read.known} already known + ${read.rejected} rejected`,
  )
  for (const { reason, count } of read.rejections) print(`  ${count} x ${reason}`)
  if (read.read !== read.accepted + read.replaced + read.known + read.rejected) {
    return yield* refuse("does-not-tie", `Of ${read.read} records read, some are neither accepted, known nor rejected.`)
  }
  const crossing = yield* countCrossing(site.tenant, windows)
  print(`Jobs across a month's bound: ${crossing}`)
  if (crossing < demo.crossingUsagesMinimum)
    return yield* refuse("does-not-tie", `Only ${crossing} jobs lie across the bounds of the months.`)
  const months: MonthResult[] = []
  for (const month of demo.months) months.push(yield* runMonth(site, keys, month, options, clock))
  yield* printSummary(site, demo.months, months, options)
  return { tenant: site.tenant, months } satisfies SiteResult
})

const isAcross = (record: JobRecord, instant: number): boolean =>
  record.startSeconds !== null && record.endSeconds !== null && record.startSeconds < instant && instant < record.endSeconds

const countCrossing = Effect.fnUntraced(function* (tenant: string, windows: readonly Window[]) {
  const store = yield* BillingStore
  const whole = { startSeconds: (windows[0] as Window).startSeconds, endSeconds: (windows.at(-1) as Window).endSeconds }
  const bounds = [...windows.map(({ startSeconds }) => startSeconds), whole.endSeconds]
  let crossing = 0
  yield* Stream.runForEach(store.records(tenant, { window: whole }), (record) =>
    Effect.sync(() => {
      if (bounds.some((bound) => isAcross(record, bound))) crossing += 1
    }),
  )
  return crossing
})

const runMonth = Effect.fnUntraced(function* (site: Site, keys: TenantKeys, month: Month, options: MonthEndOptions, clock: SimulatedClock) {
  const { print } = options
  const { tenant } = site
  const store = yield* BillingStore
  clock.setSeconds(monthWindow(month, site.zone).endSeconds + dayAfterCloseSeconds)
  const isClosed = (yield* store.periods(tenant)).some((period) => period.month === month && period.status.kind === "closed")
  const done = isClosed ? { newReceipts: 0, correctionLines: 0, postedEntries: 0 } : yield* billAndPost(site, month, options)
  const { already } = yield* closeMonth(tenant, month, actor)
  const exported = yield* exportMonth(tenant, month, keys, actor)
  const folder = join(options.outFolder, `${tenant}-${exported.runId}`)
  yield* writeExportFolder(folder, exported.files)
  const auditor = yield* readAuditorKeys(join(options.keysFolder, tenant, "auditor.json"), tenant)
  const report = yield* verifyFolder(folder, auditor)
  if (report.findings.length > 0) {
    return yield* refuse("verification-failed", report.findings.map(({ file, finding }) => `${join(folder, file)}: ${finding}`).join("\n"))
  }
  if (already) print(`${month}: closed before; nothing charged, nothing posted; its export is the same, byte for byte, and verified`)
  return { month, ...done, folder, files: exported.files.length } satisfies MonthResult
})

const billAndPost = Effect.fnUntraced(function* (site: Site, month: Month, options: MonthEndOptions) {
  const { tenant } = site
  const { rated, receipts } = yield* billMonth(tenant, month, actor)
  const { counts } = rated
  yield* writeDocuments(tenant, month, actor, {
    annex: false,
    onProgress: (done, of) => options.onProgress?.(`${tenant} ${month} documents`, done, of),
  })
  const preview = yield* previewMonthJournal(tenant, month)
  const posted = yield* postMonthJournal(tenant, month, actor)
  if (preview.journalSha256 !== posted.journalSha256) return yield* refuse("does-not-tie", `${month}: the preview is not what was posted.`)
  const ended = counts.chargedUsages + counts.zeroUsages + counts.provisionalUsages + counts.pendingUsages + counts.unmappedUsages
  options.print(
    `${month}: ${counts.records} jobs = ${counts.chargedUsages} charged + ${counts.zeroUsages} at zero with a reason + ${counts.provisionalUsages} running + ${counts.pendingUsages} pending + ${counts.unmappedUsages} without payer; ${receipts.length} receipts, ${counts.correctionLines} corrections, ${posted.postedCount} entries posted (preview = posted)`,
  )
  if (ended !== counts.records) return yield* refuse("does-not-tie", `${month}: ${counts.records} jobs, but ${ended} ends.`)
  return { newReceipts: receipts.length, correctionLines: counts.correctionLines, postedEntries: posted.postedCount }
})

const printSummary = Effect.fnUntraced(function* (
  site: Site,
  months: readonly Month[],
  results: readonly MonthResult[],
  options: MonthEndOptions,
) {
  const { print } = options
  const { tenant } = site
  const receipts: Receipt[] = []
  const entries = []
  for (const month of months) {
    receipts.push(...(yield* receiptsOf(tenant, month)))
    entries.push(...(yield* entriesOf(tenant, month)))
  }
  const currency = receipts[0]?.currency ?? { code: "THB", exponent: 2 }
  const money = (amountMinor: bigint): string => `${formatMinor(amountMinor, currency).padStart(14)} ${currency.code}`
  print("\nPer payer")
  for (const [payerId, own] of Map.groupBy(receipts, ({ payer }) => payer.id)) {
    const { payer } = own[0] as Receipt
    const gross = own.reduce((sum, { grossMinor }) => sum + grossMinor, 0n)
    print(`  ${money(gross)}  ${payerId} (${payer.tier}, ${payer.nameEnglish}), ${own.length} receipts`)
  }
  const balance = trialBalance(entries, defaultPolicy.chart)
  print("Trial balance")
  for (const { account, name, debitMinor, creditMinor } of balance.accounts)
    print(`  ${money(debitMinor)}  ${money(creditMinor)}  ${account} ${name}`)
  const billedMinor = receipts.reduce((sum, { grossMinor }) => sum + grossMinor, 0n)
  const receivableMinor = balance.accounts.find(({ account }) => account === defaultPolicy.roles.receivable)?.balanceMinor ?? 0n
  for (const { debitMinor, creditMinor } of balance.totals) {
    print(`  ${money(debitMinor)}  ${money(creditMinor)}  total, debit ${debitMinor === creditMinor ? "=" : "IS NOT"} credit`)
    if (debitMinor !== creditMinor) return yield* refuse("does-not-tie", "Debits are not credits.")
  }
  print(
    `Receivables ${money(receivableMinor).trim()} ${receivableMinor === billedMinor ? "=" : "ARE NOT"} receipts ${money(billedMinor).trim()}`,
  )
  if (receivableMinor !== billedMinor) return yield* refuse("does-not-tie", "Receivables are not what the receipts say.")
  const auditor = yield* readAuditorKeys(join(options.keysFolder, tenant, "auditor.json"), tenant)
  const report = yield* verifyStore(tenant, auditor)
  if (report.findings.length > 0) {
    return yield* refuse("verification-failed", report.findings.map(({ row, finding }) => `${row}: ${finding}`).join("\n"))
  }
  const files = results.reduce((sum, result) => sum + result.files, 0)
  const fresh = results.reduce((sum, { newReceipts, postedEntries }) => sum + newReceipts + postedEntries, 0)
  if (fresh === 0) print("Nothing new: no job was charged twice, no entry was posted twice")
  print(`${files} files in ${results.length} export folders (${results[0]?.folder}, ...); files and database verified`)
})
