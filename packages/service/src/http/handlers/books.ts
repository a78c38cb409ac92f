import { type CanonicalValue, type Currency, monthWindow } from "@hpc-billing/core"
import { type AgedReceivable, defaultAgeBuckets, type ExportFile, fingerprintOf, type Period, verifyExport } from "@hpc-billing/ledger"
import { Effect } from "effect"
import { HttpServerResponse } from "effect/http"
import { HttpApiBuilder } from "effect/http-api"
import { Api } from "../../api/Api.ts"
import type { ExportView, FatesView, PeriodHeaderView, PeriodView } from "../../api/groups/books.ts"
import { Caller } from "../../api/Identity.ts"
import { type Sentence, say } from "../../api/sentences.ts"
import { rowsDefault, rowsMaximum } from "../../api/values.ts"
import { appendEvents } from "../../commit/appendEvents.ts"
import { nodeCryptography, sha256Hex } from "../../crypto/nodeCryptography.ts"
import type { TenantKeys } from "../../keys/TenantKeys.ts"
import type { Actor } from "../../run/Actor.ts"
import { closeMonth } from "../../run/closeMonth.ts"
import { exportMonth, exportSubject } from "../../run/exportMonth.ts"
import { countFates } from "../../run/fate/countFates.ts"
import { pageOfFates } from "../../run/fate/pageOfFates.ts"
import { sayFate } from "../../run/fate/sayFate.ts"
import { impairMonth } from "../../run/impairMonth.ts"
import { previewMonthJournal } from "../../run/journalMonth.ts"
import { loadReceivables } from "../../run/loadReceivables.ts"
import { postMonthJournal } from "../../run/postMonthJournal.ts"
import { refuse } from "../../run/RunError.ts"
import { recomputeMonth } from "../../run/recomputeMonth.ts"
import { approveReopen, pendingReopen, requestReopen } from "../../run/requestReopen.ts"
import { writeDocuments } from "../../run/writeDocuments.ts"
import { policyOf } from "../../site/policyOf.ts"
import { BillingStore, type ExportRun, type ReceiptHeader } from "../../store/index.ts"
import { reachOf } from "../access.ts"
import { FiguresCache } from "../figures/FiguresCache.ts"
import { receiptHeadersOf } from "../figures/loadMonthFigures.ts"
import { once } from "../once.ts"
import { reading, writing } from "../problemOf.ts"
import { receiptBalances } from "../receiptBalances.ts"
import { ServiceContext } from "../ServiceContext.ts"
import { nowSeconds, standingOf, todayIn } from "../tenantView.ts"
import { loadUnposted, unpostedReceipts } from "../unpostedReceipts.ts"
import { balancesOf, entryView, trialBalanceView } from "../views/entryView.ts"
import { instantText, microsecondsText } from "../views/instant.ts"
import { moneyView } from "../views/money.ts"

export const journalHandlers = HttpApiBuilder.group(
  Api,
  "journal",
  Effect.fnUntraced(function* (handlers) {
    return handlers.handleAll({
      entries: ({ params: { tenant }, query: { month, receiptId, cursor, limit } }) =>
        reading(
          Effect.gen(function* () {
            const store = yield* BillingStore
            const { books, dataUntil } = yield* standingOf(tenant)
            const { chart } = policyOf(books.site)
            const page = yield* store.listEntries(
              tenant,
              { ...(month === undefined ? {} : { month }), ...(receiptId === undefined ? {} : { receiptId }) },
              { cursor: cursor ?? null, limit: limit ?? rowsDefault },
            )
            return {
              rows: page.rows.map(({ entry, position, postedAtMicroseconds }) =>
                entryView(entry, chart, { position: String(position), postedAt: microsecondsText(postedAtMicroseconds) }),
              ),
              next: page.next,
              dataUntil,
            }
          }),
        ),

      trialBalance: ({ params: { tenant }, query: { month } }) =>
        reading(
          Effect.gen(function* () {
            const store = yield* BillingStore
            const { books, currency } = yield* standingOf(tenant)
            return trialBalanceView(month ?? null, yield* store.balances(tenant, month ?? null), currency, policyOf(books.site).chart)
          }),
        ),

      preview: ({ params: { tenant }, query: { month } }) =>
        reading(
          Effect.gen(function* () {
            const { books, currency } = yield* standingOf(tenant)
            const { chart } = policyOf(books.site)
            const { entries, journalSha256 } = yield* previewMonthJournal(tenant, month)
            return {
              month,
              entries: entries.slice(0, rowsMaximum).map((entry) => entryView(entry, chart, null)),
              entryCount: entries.length,
              sha256: journalSha256,
              trialBalance: trialBalanceView(null, balancesOf(entries), currency, chart),
            }
          }),
        ),

      post: ({ params: { tenant }, headers, payload: { month } }) =>
        writing(
          once(
            { tenant, key: headers["idempotency-key"], body: { route: "journal.post", month } },
            (actor) =>
              Effect.map(postMonthJournal(tenant, month, actor), ({ postedCount, journalSha256 }) => ({
                month,
                entriesPosted: postedCount,
                sha256: journalSha256,
              })),
            (answer) => {
              const { postedCount, journalSha256 } = answer as { readonly postedCount: number; readonly journalSha256: string }
              return Effect.succeed({ month, entriesPosted: postedCount, sha256: journalSha256 })
            },
          ),
        ),
    })
  }),
)

const periodHeader = (month: string, period: Period | undefined, currency: Currency): PeriodHeaderView => {
  const status = period?.status
  const isClosed = status?.kind === "closed"
  return {
    month,
    status: status === undefined ? "not-opened" : status.kind,
    closedAt: isClosed ? instantText(status.closedAtSeconds) : null,
    closedBy: isClosed ? status.closedBy : null,
    journalSha256: isClosed ? status.journalSha256 : null,
    entryCount: isClosed ? status.entryCount : null,
    debit: isClosed ? moneyView(status.debitMinor, currency) : null,
    credit: isClosed ? moneyView(status.creditMinor, currency) : null,
  }
}

/** The report's receivables in the currency of the books, an age in a row. */
const receivablesOf = (rows: readonly AgedReceivable[], currency: Currency): PeriodView["receivables"] =>
  [...defaultAgeBuckets, null].map((untilDays, bucket) => {
    const within = rows.filter((row) => row.bucket === bucket && row.currency === currency.code)
    const fromDays = bucket === 0 ? 0 : (defaultAgeBuckets[bucket - 1] as number) + 1
    return {
      ageText: untilDays === null ? `${fromDays}+` : `${fromDays}-${untilDays}`,
      amount: moneyView(
        within.reduce((sum, { openMinor }) => sum + openMinor, 0n),
        currency,
      ),
      count: within.length,
    }
  })

type Step = PeriodView["steps"][number]

interface Board {
  readonly isIngested: boolean
  /** Local text; null when nothing has been read yet. */
  readonly until: string | null
  readonly unmappedAccounts: readonly string[]
  readonly draftCount: number
  readonly receiptCount: number
  readonly unposted: number
  readonly isClosed: boolean
  readonly isExported: boolean
  readonly hasEnded: boolean
  readonly openBefore: string | null
}

/** The way of a month, each step with what stands in its way. A step is blocked by its own blockers, and waits for those before it. */
const stepsOf = (month: string, board: Board): readonly Step[] => {
  const { until, draftCount, receiptCount, unposted, openBefore } = board
  const unmapped = board.unmappedAccounts
  const isBilled = draftCount + receiptCount > 0
  const steps: readonly {
    readonly step: Step["step"]
    readonly done: boolean
    readonly blockers: readonly Sentence[]
    readonly sentence: Sentence
  }[] = [
    {
      step: "ingested",
      done: board.isClosed || board.isIngested,
      blockers: [
        ...(board.hasEnded ? [] : [say("blocker-not-ended", { month })]),
        ...(board.isIngested ? [] : [until === null ? say("blocker-no-records") : say("blocker-records", { until })]),
      ],
      sentence: until === null ? say("step-ingested-never") : say("step-ingested", { until }),
    },
    { step: "rated", done: board.isClosed || isBilled, blockers: [], sentence: say("step-rated") },
    {
      step: "reviewed",
      done: board.isClosed || (unmapped.length === 0 && isBilled),
      blockers: unmapped.map((account) => say("blocker-unmapped", { account })),
      sentence: unmapped.length === 0 ? say("step-reviewed") : say("step-reviewed-unmapped", { accounts: String(unmapped.length) }),
    },
    {
      step: "issued",
      done: board.isClosed || (draftCount === 0 && receiptCount > 0),
      blockers: draftCount === 0 ? [] : [say("blocker-drafts", { receipts: String(draftCount), month })],
      sentence: say("step-issued", { receipts: String(receiptCount) }),
    },
    {
      step: "posted",
      done: board.isClosed,
      blockers: [
        ...(unposted === 0 ? [] : [say("blocker-unposted", { receipts: String(unposted), month })]),
        ...(openBefore === null ? [] : [say("blocker-earlier-open", { earlier: openBefore })]),
      ],
      sentence: board.isClosed
        ? say("step-posted-closed")
        : unposted === 0
          ? say("step-posted")
          : say("step-posted-missing", { receipts: String(unposted) }),
    },
    { step: "exported", done: board.isExported, blockers: [], sentence: say(board.isExported ? "step-exported" : "step-not-exported") },
  ]
  const current = steps.findIndex(({ done }) => !done)
  return steps.map(({ step, done, blockers, sentence }, index) => ({
    step,
    state: done ? "done" : index > current ? "later" : blockers.length > 0 ? "blocked" : "now",
    blockers: done ? [] : blockers,
    ...sentence,
  }))
}

const periodView = Effect.fnUntraced(function* (tenant: string, month: string) {
  const store = yield* BillingStore
  const cache = yield* FiguresCache
  const { books, zone, currency, dataUntil } = yield* standingOf(tenant)
  const periods = yield* store.periods(tenant)
  const period = periods.find((candidate) => candidate.month === month)
  const figures = yield* cache.month(tenant, month)
  const headers = yield* receiptHeadersOf(tenant, month)
  const now = yield* nowSeconds
  const window = monthWindow(month, zone)
  const standing = headers.filter(({ status }) => status.kind === "issued" || status.kind === "paid")
  const balances = yield* receiptBalances(tenant)
  const { identity } = yield* Caller
  const reopenRequest = yield* pendingReopen(tenant, period)
  const may = (permission: "periodClose" | "periodReopen" | "journalPost"): boolean => reachOf(identity, permission).kind === "all"
  const isClosed = period?.status.kind === "closed"
  const untilSeconds = dataUntil.instant === null ? 0 : Date.parse(dataUntil.instant) / 1_000
  const board: Board = {
    isIngested: untilSeconds >= window.endSeconds,
    until: dataUntil.local,
    unmappedAccounts: [...new Set(figures.unmapped.map(({ account }) => account))].sort(),
    draftCount: figures.drafts.length,
    receiptCount: standing.length,
    unposted: (yield* unpostedReceipts(tenant, headers)).length,
    isClosed,
    isExported: (yield* store.exportRuns(tenant, month)).length > 0,
    hasEnded: now >= window.endSeconds,
    openBefore: periods.find((candidate) => candidate.month < month && candidate.status.kind === "open")?.month ?? null,
  }
  const countOf = (kind: ReceiptHeader["status"]["kind"]): number => headers.filter(({ status }) => status.kind === kind).length
  const sumOf = (list: readonly ReceiptHeader[]): bigint => list.reduce((sum, { grossMinor }) => sum + grossMinor, 0n)
  const issued = standing.filter(({ status }) => status.kind === "issued")
  const canClose =
    !isClosed &&
    board.hasEnded &&
    board.draftCount === 0 &&
    board.unmappedAccounts.length === 0 &&
    board.unposted === 0 &&
    board.openBefore === null
  const losses = books.site.expectedLosses ?? []
  const notPosted = yield* loadUnposted(tenant)
  return {
    ...periodHeader(month, period, currency),
    steps: stepsOf(month, board),
    canClose,
    actions: [
      ...(canClose && may("periodClose") ? (["close"] as const) : []),
      ...(isClosed && may("periodReopen") ? (["request-reopen"] as const) : []),
      ...(reopenRequest !== null && reopenRequest.requestedBy !== identity.name && may("periodReopen") ? (["reopen"] as const) : []),
      ...(!isClosed && losses.length > 0 && may("journalPost") ? (["impair"] as const) : []),
    ],
    reopenRequest:
      reopenRequest === null
        ? null
        : {
            requestedBy: reopenRequest.requestedBy,
            requestedAt: instantText(reopenRequest.requestedAtSeconds),
            reason: reopenRequest.reason,
          },
    receipts: { draft: figures.drafts.length, issued: countOf("issued"), paid: countOf("paid"), void: countOf("void") },
    billed: moneyView(sumOf(standing), currency),
    received: moneyView(
      standing.reduce((sum, header) => sum + balances.receivedMinor(header), 0n),
      currency,
    ),
    due: moneyView(
      issued.reduce((sum, header) => sum + balances.owedMinor(header), 0n),
      currency,
    ),
    receivables: receivablesOf(yield* loadReceivables(books.site, yield* todayIn(zone)), currency),
    notPosted: { amount: moneyView(notPosted.amountMinor, currency), count: notPosted.count },
    dataUntil,
  } satisfies PeriodView
})

/** An act on a month, done once; answers how the month stands then. */
const actOnPeriod = <A, E, R>(
  tenant: string,
  month: string,
  key: string,
  body: CanonicalValue,
  act: (actor: Actor) => Effect.Effect<A, E, R>,
) =>
  writing(
    Effect.gen(function* () {
      const store = yield* BillingStore
      const { currency } = yield* standingOf(tenant)
      yield* once(
        { tenant, key, body },
        (actor) => Effect.asVoid(act(actor)),
        () => Effect.void,
      )
      const period = (yield* store.periods(tenant)).find((candidate) => candidate.month === month)
      return periodHeader(month, period, currency)
    }),
  )

export const periodsHandlers = HttpApiBuilder.group(
  Api,
  "periods",
  Effect.fnUntraced(function* (handlers) {
    return handlers.handleAll({
      list: ({ params: { tenant } }) =>
        reading(
          Effect.gen(function* () {
            const store = yield* BillingStore
            const { currency } = yield* standingOf(tenant)
            const periods = yield* store.periods(tenant)
            return { periods: periods.map((period) => periodHeader(period.month, period, currency)).reverse() }
          }),
        ),
      get: ({ params: { tenant, month } }) => reading(periodView(tenant, month)),
      fates: ({ params: { tenant, month }, query }) =>
        reading(
          Effect.gen(function* () {
            const cache = yield* FiguresCache
            const { dataUntil } = yield* standingOf(tenant)
            const { fates, ...of } = yield* cache.fates(tenant, month)
            const filter = {
              kind: query.kind ?? null,
              cluster: query.cluster ?? null,
              account: query.account ?? null,
              user: query.user ?? null,
              jobId: query.jobId ?? null,
              breaches: query.only === "breaches",
            }
            const page = yield* pageOfFates(tenant, fates, filter, { cursor: query.cursor ?? null, limit: query.limit ?? rowsDefault })
            return {
              ...of,
              counts: countFates(fates),
              rows: page.rows.map((fate) => ({ ...fate, ...sayFate(month, fate) })),
              next: page.next,
              dataUntil,
            } satisfies FatesView
          }),
        ),

      close: ({ params: { tenant, month }, headers }) =>
        actOnPeriod(tenant, month, headers["idempotency-key"], { route: "periods.close", month }, (actor) =>
          closeMonth(tenant, month, actor),
        ),
      requestReopen: ({ params: { tenant, month }, headers, payload: { reason } }) =>
        writing(
          Effect.gen(function* () {
            yield* once(
              { tenant, key: headers["idempotency-key"], body: { route: "periods.requestReopen", month, reason } },
              (actor) => requestReopen(tenant, month, reason, actor),
              () => Effect.void,
            )
            return yield* periodView(tenant, month)
          }),
        ),
      reopen: ({ params: { tenant, month }, headers }) =>
        actOnPeriod(tenant, month, headers["idempotency-key"], { route: "periods.reopen", month }, (actor) =>
          approveReopen(tenant, month, actor),
        ),
      impair: ({ params: { tenant, month }, headers }) =>
        writing(
          Effect.map(
            once(
              { tenant, key: headers["idempotency-key"], body: { route: "periods.impair", month } },
              (actor) => impairMonth(tenant, month, actor),
              (answer) => Effect.succeed(answer as number),
            ),
            (entriesPosted) => ({ month, entriesPosted }),
          ),
        ),
    })
  }),
)

const exportView = (run: ExportRun): ExportView => ({
  id: run.id,
  month: run.month,
  profile: run.profile,
  exportedAt: microsecondsText(run.exportedAtMicroseconds),
  manifestSha256: run.manifestSha256,
  throughPosition: String(run.throughPosition),
  chainSequence: String(run.chainSequence),
})

const findRun = Effect.fnUntraced(function* (tenant: string, exportId: string) {
  const store = yield* BillingStore
  const run = (yield* store.exportRuns(tenant, null)).find(({ id }) => id === exportId)
  return run === undefined ? yield* refuse("not-found", say("export-unknown", { export: exportId })) : run
})

const keysOf = Effect.fnUntraced(function* (tenant: string) {
  const { tenants } = yield* ServiceContext
  return tenants.get(tenant) as TenantKeys
})

const verifyRun = Effect.fnUntraced(function* (tenant: string, exportId: string) {
  const store = yield* BillingStore
  yield* findRun(tenant, exportId)
  const keys = yield* keysOf(tenant)
  const files: ExportFile[] = []
  for (const { name } of yield* store.files(tenant, exportSubject(exportId))) {
    const file = yield* store.file(tenant, exportSubject(exportId), name)
    if (file !== null) files.push({ path: name, bytes: file.bytes })
  }
  const report = verifyExport(nodeCryptography, files, {
    publicKeyFingerprint: fingerprintOf(nodeCryptography, nodeCryptography.ed25519PublicKey(keys.export.signingSeed)),
    hmacKey: keys.export.hmacKey,
    chain: {
      publicKeyFingerprint: fingerprintOf(nodeCryptography, keys.auditGenesisPublicKey),
      ...(keys.audit.epoch === 0 ? { macKey: keys.audit.macKey } : {}),
    },
  })
  const findings = report.findings.length > 0 ? report.findings : recomputeMonth(files)
  return { ok: findings.length === 0, checkedFiles: files.length, findings: findings.map(({ file, finding }) => `${file}: ${finding}`) }
})

/** A download of an export is an export action: the chain keeps who took what. */
const downloadFile = Effect.fnUntraced(function* (tenant: string, exportId: string, name: string) {
  const store = yield* BillingStore
  const { identity, requestId } = yield* Caller
  const file = yield* store.file(tenant, exportSubject(exportId), name)
  if (file === null) return yield* refuse("not-found", say("export-file-unknown", { export: exportId, file: name }))
  const detail = { file: name, sha256: sha256Hex(file.bytes) }
  yield* appendEvents(tenant, [{ action: "export.download", actor: identity.name, requestId, subject: exportId, detail }])
  return HttpServerResponse.uint8Array(file.bytes, {
    contentType: file.mediaType,
    headers: { "content-disposition": `attachment; filename="${name.replaceAll(/[^A-Za-z0-9._-]/g, "_")}"` },
  })
})

export const exportsHandlers = HttpApiBuilder.group(
  Api,
  "exports",
  Effect.fnUntraced(function* (handlers) {
    return handlers.handleAll({
      list: ({ params: { tenant }, query: { month } }) =>
        reading(
          Effect.gen(function* () {
            const store = yield* BillingStore
            return { exports: (yield* store.exportRuns(tenant, month ?? null)).map(exportView) }
          }),
        ),
      create: ({ params: { tenant }, headers, payload: { month } }) =>
        writing(
          Effect.gen(function* () {
            const keys = yield* keysOf(tenant)
            const runId = yield* once(
              { tenant, key: headers["idempotency-key"], body: { route: "exports.create", month } },
              (actor) =>
                Effect.andThen(
                  writeDocuments(tenant, month, actor),
                  Effect.map(exportMonth(tenant, month, keys, actor), (made) => made.runId),
                ),
              (answer) => Effect.succeed((answer as { readonly runId: string }).runId),
            )
            return exportView(yield* findRun(tenant, runId))
          }),
        ),
      files: ({ params: { tenant, exportId } }) =>
        reading(
          Effect.gen(function* () {
            const store = yield* BillingStore
            const run = yield* findRun(tenant, exportId)
            const files = yield* store.files(tenant, exportSubject(exportId))
            return {
              export: exportView(run),
              files: files.map(({ name, mediaType, byteCount, sha256 }) => ({ name, mediaType, byteCount, sha256 })),
            }
          }),
        ),
      file: ({ params: { tenant, exportId, name } }) => reading(downloadFile(tenant, exportId, name)),
      verify: ({ params: { tenant, exportId } }) => reading(verifyRun(tenant, exportId)),
    })
  }),
)
