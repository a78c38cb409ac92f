import { divideHalfUp, formatDecimal, monthWindow } from "@hpc-billing/core"
import { type AuditRecord, decodeEvent, fingerprintOf, makeChainVerifier, rootOf } from "@hpc-billing/ledger"
import { decodeSacctChunks, holdConflictsOf, SlurmReadError } from "@hpc-billing/slurm-adapter"
import { Effect, Result, Stream } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { Api } from "../../api/Api.ts"
import type { AuditView, ChainVerification, IngestRunView, Kpis, UploadView } from "../../api/groups/oversight.ts"
import { say } from "../../api/sentences.ts"
import { rowsDefault } from "../../api/values.ts"
import { decide } from "../../commit/decide.ts"
import { nodeCryptography, sha256Hex } from "../../crypto/nodeCryptography.ts"
import type { TenantKeys } from "../../keys/TenantKeys.ts"
import { ingestSource } from "../../run/ingestSource.ts"
import { loadReceivables } from "../../run/loadReceivables.ts"
import { refuse } from "../../run/RunError.ts"
import { BillingStore, type IngestRun } from "../../store/index.ts"
import { FiguresCache } from "../figures/FiguresCache.ts"
import { groupCosts, totalMinor } from "../figures/groupCosts.ts"
import { receiptHeadersOf } from "../figures/loadMonthFigures.ts"
import { rankCosts } from "../figures/rankCosts.ts"
import { topCounts } from "../figures/recordCounts.ts"
import { once } from "../once.ts"
import { piecesOf } from "../piecesOf.ts"
import { reading, writing } from "../problemOf.ts"
import { receiptBalances } from "../receiptBalances.ts"
import { ServiceContext } from "../ServiceContext.ts"
import { nowSeconds, standingOf, todayIn } from "../tenantView.ts"
import { loadUnposted } from "../unpostedReceipts.ts"
import { instantText, microsecondsText } from "../views/instant.ts"
import { jobView } from "../views/jobView.ts"
import { changeView, moneyView } from "../views/money.ts"

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex")

const auditView = (record: AuditRecord): AuditView => {
  const event = record.kind === "event" ? decodeEvent(record.payload) : null
  return {
    sequence: String(record.sequence),
    at: new Date(Number(record.atMicroseconds / 1_000n)).toISOString(),
    epoch: record.epoch,
    kind: record.kind,
    action: event?.action ?? "",
    actor: event?.actor ?? "",
    requestId: event?.requestId ?? "",
    subject: event?.subject ?? "",
    detail: event?.detail ?? {},
    link: hex(record.link),
  }
}

/** Reads the whole chain and judges it with the service's own keys; an auditor repeats it with theirs, offline. */
const verifyChain = Effect.fnUntraced(function* (tenant: string) {
  const store = yield* BillingStore
  const { tenants } = yield* ServiceContext
  const keys = tenants.get(tenant) as TenantKeys
  const { chain: head } = yield* store.head(tenant)
  const verifier = makeChainVerifier(nodeCryptography, {
    chain: head.chain,
    origin: head.origin,
    publicKey: keys.auditGenesisPublicKey,
    publicKeyFingerprint: fingerprintOf(nodeCryptography, keys.auditGenesisPublicKey),
    ...(keys.audit.epoch === 0 ? { macKey: keys.audit.macKey } : {}),
  })
  yield* Stream.runForEach(store.auditRecords(tenant, 1n), (record) =>
    Effect.sync(() => {
      verifier.push(record, record.projection ?? undefined)
    }),
  )
  const { ok, size, sealedUpTo, unsealedTail, firstBad } = verifier.finish()
  // what was written while the chain was read comes on top
  const isWhole = size >= head.sequence
  return {
    ok: ok && isWhole,
    records: String(size),
    sealedUpTo: String(sealedUpTo),
    unsealedTail: String(unsealedTail),
    firstBad: firstBad === null ? null : { sequence: String(firstBad.sequence), fault: firstBad.fault, reason: firstBad.reason },
    ...(firstBad !== null
      ? say("chain-bad-record", { record: String(firstBad.sequence), fault: firstBad.reason })
      : isWhole
        ? say("chain-whole", { records: String(size), sealed: String(sealedUpTo) })
        : say("chain-cut", { records: String(size), head: String(head.sequence) })),
  } satisfies ChainVerification
})

export const auditHandlers = HttpApiBuilder.group(
  Api,
  "audit",
  Effect.fnUntraced(function* (handlers) {
    return handlers.handleAll({
      list: ({ params: { tenant }, query: { cursor, limit, ...filter } }) =>
        reading(
          Effect.gen(function* () {
            const store = yield* BillingStore
            const { dataUntil } = yield* standingOf(tenant)
            const page = yield* store.listAudit(tenant, filter, { cursor: cursor ?? null, limit: limit ?? rowsDefault })
            return { rows: page.rows.map(auditView), next: page.next, dataUntil }
          }),
        ),
      status: ({ params: { tenant } }) =>
        reading(
          Effect.gen(function* () {
            const store = yield* BillingStore
            const { chain } = yield* store.head(tenant)
            return {
              origin: chain.origin,
              records: String(chain.sequence),
              epoch: chain.epoch,
              link: hex(chain.link),
              root: hex(rootOf(nodeCryptography, chain.range)),
              checkpointSequence: String(chain.checkpointSequence),
              checkpointAt: chain.checkpointSequence === 0n ? null : microsecondsText(chain.checkpointAtMicroseconds),
              unsealed: String(chain.sequence - chain.checkpointSequence),
            }
          }),
        ),
      verify: ({ params: { tenant } }) => reading(verifyChain(tenant)),
    })
  }),
)

const paidWithinSeconds = 30 * 86_400
const recentJobsShown = 10
const joulesPerKilowattHour = 3_600_000n

const kpisOf = Effect.fnUntraced(function* (tenant: string, month: string, compareMonth: string | null) {
  const store = yield* BillingStore
  const cache = yield* FiguresCache
  const { books, zone, currency, dataUntil } = yield* standingOf(tenant)
  const now = yield* nowSeconds
  const everyUsage = () => true
  const figures = yield* cache.month(tenant, month)
  const compared = compareMonth === null ? null : yield* cache.month(tenant, compareMonth)
  const counts = yield* cache.records(tenant, month)
  const headers = yield* receiptHeadersOf(tenant, null)
  const balances = yield* receiptBalances(tenant)
  const receivables = yield* loadReceivables(books.site, yield* todayIn(zone))
  const notPosted = yield* loadUnposted(tenant)
  const total = totalMinor(groupCosts(figures, "total", everyUsage).values())
  const top = (by: "user" | "account" | "tier"): Kpis["topUsers"] =>
    rankCosts(groupCosts(figures, by, everyUsage), null)
      .filter(({ others }) => others === 0)
      .map(({ key, jobs, amountMinor }) => ({ key, jobs, amount: moneyView(amountMinor, currency) }))
  const billedMinor = (of: string): bigint =>
    headers
      .filter((header) => header.month === of && (header.status.kind === "issued" || header.status.kind === "paid"))
      .reduce((sum, { grossMinor }) => sum + grossMinor, 0n)
  const recent = yield* store.listRecords(tenant, { window: monthWindow(month, zone) }, { cursor: null, limit: recentJobsShown })
  return {
    month,
    compareMonth,
    unbilled: moneyView(
      figures.drafts.reduce((sum, { netMinor }) => sum + netMinor, 0n),
      currency,
    ),
    receivables: moneyView(
      receivables.reduce((sum, row) => (row.currency === currency.code ? sum + row.openMinor : sum), 0n),
      currency,
    ),
    notPosted: { amount: moneyView(notPosted.amountMinor, currency), count: notPosted.count },
    paidIn30Days: moneyView(
      headers
        .filter(({ status }) => status.kind === "paid" && status.paidAtSeconds >= now - paidWithinSeconds)
        .reduce((sum, header) => sum + balances.receivedMinor(header), 0n),
      currency,
    ),
    billed: moneyView(billedMinor(month), currency),
    billedChange: compareMonth === null ? null : changeView(billedMinor(month), billedMinor(compareMonth), currency),
    cost: moneyView(total, currency),
    costChange: compared === null ? null : changeView(total, totalMinor(groupCosts(compared, "total", everyUsage).values()), currency),
    jobs: counts.jobs,
    jobsCompared: compareMonth === null ? null : (yield* cache.records(tenant, compareMonth)).jobs,
    energyKilowattHours:
      counts.energyJoules === null
        ? null
        : formatDecimal({ units: divideHalfUp(counts.energyJoules * 1_000n, joulesPerKilowattHour), scale: 3 }),
    topUsers: top("user"),
    topAccounts: top("account"),
    topTiers: top("tier"),
    topNodes: topCounts(counts.nodes),
    states: topCounts(counts.states),
    exitCodes: topCounts(counts.exitCodes),
    recentJobs: recent.rows.map((record) => {
      const usage = figures.usages.get(`${record.cluster}/${record.jobId}/${record.submitSeconds}`)
      return jobView(record, usage === undefined ? [] : [usage], currency, now)
    }),
    dataUntil,
  } satisfies Kpis
})

export const dashboardHandlers = HttpApiBuilder.group(
  Api,
  "dashboard",
  Effect.fnUntraced(function* (handlers) {
    return handlers.handleAll({
      kpis: ({ params: { tenant }, query: { month, compareMonth } }) => reading(kpisOf(tenant, month, compareMonth ?? null)),
    })
  }),
)

const runView = (run: IngestRun): IngestRunView => ({
  id: run.id,
  cluster: run.cluster,
  source: run.source,
  startedAt: instantText(run.startedAtSeconds),
  finishedAt: instantText(run.finishedAtSeconds),
  read: run.read,
  accepted: run.accepted,
  replaced: run.replaced,
  known: run.known,
  rejected: run.rejected,
})

const findRun = Effect.fnUntraced(function* (tenant: string, id: string) {
  const store = yield* BillingStore
  const { rows } = yield* store.listIngestRuns(tenant, { cursor: null, limit: 1_000 })
  const run = rows.find((each) => each.id === id)
  return run === undefined ? yield* refuse("not-found", say("upload-gone")) : runView(run)
})

/** What is kept of an upload under its idempotency key; earlier releases kept the id of its run alone. */
type KeptUpload = string | { readonly id: string; readonly warnings: readonly string[] }

const uploadView = Effect.fnUntraced(function* (tenant: string, kept: KeptUpload) {
  const { id, warnings } = typeof kept === "string" ? { id: kept, warnings: [] } : kept
  return { ...(yield* findRun(tenant, id)), warnings } satisfies UploadView
})

interface UploadedText {
  readonly cluster: string
  readonly text: string
  readonly timeZone?: string
}

const upload = Effect.fnUntraced(function* (tenant: string, { cluster, text, ...zone }: UploadedText, key: string) {
  const { books } = yield* standingOf(tenant)
  const { clusters, maximumWattsPerNode } = books.site
  const bytes = new TextEncoder().encode(text)
  const sha256 = sha256Hex(bytes)
  const source = `upload ${sha256.slice(0, 12)}`
  return yield* once(
    { tenant, key, body: { route: "ingest.sacct", cluster, sha256, ...zone } },
    Effect.fnUntraced(function* (actor) {
      const risks = new Set<string>()
      const limits = maximumWattsPerNode === undefined ? {} : { maximumWattsPerNode }
      const options = { source, cluster, ...zone, ...limits, onFreeText: (risk: string) => void risks.add(risk) }
      const answer = holdConflictsOf(() => decodeSacctChunks(piecesOf(bytes), options), source)
      const batches = Stream.fromAsyncIterable(answer, (cause) => {
        if (cause instanceof SlurmReadError) return cause
        throw cause
      })
      const { read, accepted, rejected } = yield* ingestSource(batches, { tenant, clusters, source, actor })
      const kept = { id: `${actor.requestId}/${source}`, warnings: [...risks] }
      const detail = { sha256, read: String(read), accepted: String(accepted), rejected: String(rejected) }
      const event = { action: "ingest.upload", actor: actor.name, requestId: actor.requestId, subject: cluster, detail }
      yield* decide({
        tenant,
        actor,
        read: () => Effect.void,
        plan: () => Result.succeed({ answer: kept, events: [event] }),
        view: () => Effect.void,
      })
      return yield* uploadView(tenant, kept)
    }),
    (answer) => uploadView(tenant, answer as KeptUpload),
  )
})

export const ingestHandlers = HttpApiBuilder.group(
  Api,
  "ingest",
  Effect.fnUntraced(function* (handlers) {
    return handlers.handleAll({
      runs: ({ params: { tenant }, query: { cursor, limit } }) =>
        reading(
          Effect.gen(function* () {
            const store = yield* BillingStore
            const { dataUntil } = yield* standingOf(tenant)
            const page = yield* store.listIngestRuns(tenant, { cursor: cursor ?? null, limit: limit ?? rowsDefault })
            return { rows: page.rows.map(runView), next: page.next, dataUntil }
          }),
        ),
      rejections: ({ params: { tenant }, query: { cursor, limit } }) =>
        reading(
          Effect.gen(function* () {
            const store = yield* BillingStore
            const { dataUntil } = yield* standingOf(tenant)
            const page = yield* store.listRejections(tenant, { cursor: cursor ?? null, limit: limit ?? rowsDefault })
            return {
              rows: page.rows.map(({ source, lineNumber, field, reason, raw }) => ({ source, lineNumber, field, reason, raw })),
              next: page.next,
              dataUntil,
            }
          }),
        ),
      sacct: ({ params: { tenant }, headers, payload }) => writing(upload(tenant, payload, headers["idempotency-key"])),
    })
  }),
)
