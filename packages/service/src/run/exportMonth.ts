import { canonicalJson, monthOf, type Receipt } from "@hpc-billing/core"
import {
  type AuditEvent,
  businessCentralProfile,
  dynamics365Profile,
  type Entry,
  type ExportFile,
  electronicTaxCsv,
  electronicTaxJson,
  exportPaths,
  focusCsv,
  generalLedgerCsv,
  ledgerFiles,
  manifestPaths,
  oracleProfile,
  signExport,
  xeroProfile,
} from "@hpc-billing/ledger"
import { Effect, Result, Stream } from "effect"
import { say } from "../api/sentences.ts"
import { type ActOptions, decidePrepared } from "../commit/decide.ts"
import { lastSequenceOf } from "../commit/ratingInputs.ts"
import { nodeCryptography, sha256Hex } from "../crypto/nodeCryptography.ts"
import type { TenantKeys } from "../keys/TenantKeys.ts"
import { policyOf } from "../site/policyOf.ts"
import type { Site } from "../site/Site.ts"
import { BillingStore, type CommitPlan, type ExportRun, type LedgerHead, mediaTypeOf } from "../store/index.ts"
import { encodeRecordBody } from "../store/sql/recordBody.ts"
import type { Actor } from "./Actor.ts"
import { loadSite } from "./Books.ts"
import { creditNoteKind } from "./CreditNote.ts"
import { exportAuditLog } from "./exportAuditLog.ts"
import { entriesOf, receiptsOf } from "./journalMonth.ts"
import { receiptFileName, receiptSubject } from "./keepPrint.ts"
import { decodeMonthRating, monthRatingKind } from "./MonthRating.ts"
import { checkMonth } from "./monthPeriod.ts"
import { printCreditNote } from "./printCreditNote.ts"
import { printReceipt } from "./printReceipt.ts"
import { readingsKind } from "./Readings.ts"
import { refuse } from "./RunError.ts"
import { recordsOfMonth } from "./recordsOfMonth.ts"

/** Where an export keeps what its prices come from, so that anyone can compute every line again. */
export const ratingPaths = {
  records: "rating/records.jsonl",
  rateBook: "rating/rate-book.json",
  payerBook: "rating/payer-book.json",
  site: "rating/site.json",
  readings: "rating/readings.json",
  monthRating: "rating/month-rating.json",
} as const

export interface ExportedMonth {
  readonly runId: string
  /** Everything that is written to the export folder. */
  readonly files: readonly ExportFile[]
  /** The same run was made before: these are its bytes. */
  readonly already: boolean
}

/** An export made and signed, to be recorded; `known` when the run was made before. */
interface MadeExport {
  readonly known: string | null
  readonly run: Omit<ExportRun, "exportedAtMicroseconds">
  readonly files: readonly ExportFile[]
}

/**
 * The files of a closed month: receipts, journal, general ledger, audit log, and what it was priced from, signed as a whole.
 * A month is exported once, and once more after each close that follows a reopening; asking again gives the recorded run, byte for byte.
 */
export const exportMonth = Effect.fn("exportMonth")(function* (
  tenant: string,
  month: string,
  keys: TenantKeys,
  actor: Actor,
  options: ActOptions = { dryRun: false },
) {
  yield* checkMonth(month)
  let made: MadeExport | null = null
  const { runId, already } = yield* decidePrepared({
    tenant,
    actor,
    dryRun: options.dryRun,
    inputs: (head) => exportInputs(tenant, month, head),
    prepare: Effect.map(makeExport(tenant, month, keys, options.dryRun ? null : actor), (prepared) => {
      made = prepared
      return prepared
    }),
    read: (prepared: MadeExport) => Effect.succeed(prepared),
    plan: (prepared, head) => Result.succeed(planExport(prepared, actor, head)),
    view: Effect.succeed,
  })
  const files = already
    ? yield* recordedFiles(tenant, runId)
    : ((made as MadeExport | null)?.files ?? (yield* recordedFiles(tenant, runId)))
  return { runId, files, already } satisfies ExportedMonth
})

/** What an export is made from: the close of its month, what is posted, what became of receipts, and the runs before. */
const exportInputs = Effect.fnUntraced(function* (tenant: string, month: string, head: LedgerHead) {
  const store = yield* BillingStore
  const status = head.periods.get(month)?.status
  return {
    closed: status?.kind === "closed" ? `${status.closedAtSeconds} ${status.journalSha256}` : "",
    entries: String(head.entryCount),
    site: head.documentVersion("site"),
    voided: yield* lastSequenceOf(tenant, "receipt.void"),
    runs: (yield* store.exportRuns(tenant, month)).map(({ id }) => id),
  }
})

const makeExport = Effect.fnUntraced(function* (tenant: string, month: string, keys: TenantKeys, keeper: Actor | null) {
  const store = yield* BillingStore
  const period = (yield* store.periods(tenant)).find((candidate) => candidate.month === month)
  if (period?.status.kind !== "closed") return yield* refuse("not-ready", say("export-not-closed", { month }))
  const runs = yield* store.exportRuns(tenant, month)
  const last = yield* Stream.runLast(store.entries(tenant, { month }))
  const throughPosition = last._tag === "Some" ? last.value.position : 0n
  const closeSequence = BigInt(yield* lastSequenceOf(tenant, "period.close", month))
  const known = runs.find((run) => run.throughPosition === throughPosition && run.chainSequence >= closeSequence)
  if (known !== undefined) return { known: known.id, run: known, files: [] } satisfies MadeExport
  const runId = `${month}-${runs.length + 1}`
  const entries = yield* entriesOf(tenant, month)
  const receipts = (yield* receiptsOf(tenant, month)).filter(({ status }) => status.kind !== "draft")
  const site = yield* loadSite(tenant)
  const { chain: head, atMicroseconds } = yield* store.head(tenant)
  const files: ExportFile[] = [
    ...ledgerFiles(entries, { ...policyOf(site), batchId: runId }),
    ...erpFiles(entries, runId, site),
    ...documentFiles(receipts, site),
    { path: exportPaths.auditLog, bytes: utf8(yield* exportAuditLog(tenant, keys, head.sequence)) },
    ...(yield* receiptFiles(tenant, month)),
    ...(yield* paidFiles(tenant, month, entries, keeper)),
    ...(yield* creditNoteFiles(tenant, entries, keeper)),
    ...(yield* ratingFiles(tenant, month, period.window)),
  ]
  const signed = signExport(nodeCryptography, {
    tenant,
    period: month,
    runId,
    createdAtSeconds: Number(atMicroseconds / 1_000_000n),
    files,
    entries,
    head,
    signingSeed: keys.export.signingSeed,
    hmacKey: keys.export.hmacKey,
  })
  const manifest = signed.files.find(({ path }) => path === manifestPaths.manifest) as ExportFile
  const run = {
    id: runId,
    month,
    profile: "generic",
    manifestSha256: sha256Hex(manifest.bytes),
    throughPosition,
    chainSequence: head.sequence,
  }
  return { known: null, run, files: signed.files } satisfies MadeExport
})

const planExport = (
  { known, run, files }: MadeExport,
  actor: Actor,
  head: LedgerHead,
): CommitPlan<{ readonly runId: string; readonly already: boolean }> => {
  if (known !== null) return { answer: { runId: known, already: true }, events: [] }
  const event: AuditEvent = {
    action: "export.run",
    actor: actor.name,
    requestId: actor.requestId,
    subject: run.id,
    detail: { month: run.month, manifestSha256: run.manifestSha256 },
  }
  return {
    answer: { runId: run.id, already: false },
    checkpoint: true,
    events: [event],
    exports: [{ ...run, exportedAtMicroseconds: head.atMicroseconds }],
    files: files.map(({ path, bytes }) => ({ subject: exportSubject(run.id), name: path, mediaType: mediaTypeOf(path), bytes })),
  }
}

/** The general ledger in the columns of the site's own systems. */
const erpFiles = (entries: readonly Entry[], batchId: string, site: Site): readonly ExportFile[] => {
  const { oracle, dynamics365, businessCentral, xero } = site.exports ?? {}
  const { chart } = policyOf(site)
  const profiles = [
    ...(oracle === undefined ? [] : [{ path: "erp/oracle.csv", profile: oracleProfile(oracle) }]),
    ...(dynamics365 === undefined ? [] : [{ path: "erp/dynamics-365.csv", profile: dynamics365Profile(dynamics365) }]),
    ...(businessCentral === undefined ? [] : [{ path: "erp/business-central.csv", profile: businessCentralProfile(businessCentral) }]),
    ...(xero === undefined ? [] : [{ path: "erp/xero.csv", profile: xeroProfile(xero) }]),
  ]
  return profiles.map(({ path, profile }) => ({
    path,
    bytes: generalLedgerCsv(entries, { chart, batchId, profile, csv: "machine" }),
  }))
}

/** Receipts as e-Tax data (unsigned) and as FOCUS cost and usage rows. */
const documentFiles = (receipts: readonly Receipt[], { issuer }: Site): readonly ExportFile[] => {
  const site = { providerName: issuer.nameEnglish, serviceName: "High-performance computing" }
  return [
    { path: "e-tax.json", bytes: utf8(electronicTaxJson(receipts)) },
    { path: "e-tax.csv", bytes: utf8(electronicTaxCsv(receipts, "spreadsheet")) },
    { path: "focus-1.2.csv", bytes: utf8(focusCsv(receipts, { site, version: "1.2", csv: "machine" })) },
    { path: "focus-1.3.csv", bytes: utf8(focusCsv(receipts, { site, version: "1.3", csv: "machine" })) },
  ]
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)

export const exportSubject = (runId: string): string => `export/${runId}`

const recordedFiles = Effect.fnUntraced(function* (tenant: string, runId: string) {
  const store = yield* BillingStore
  const headers = yield* store.files(tenant, exportSubject(runId))
  const files: ExportFile[] = []
  for (const { name } of headers) {
    const file = yield* store.file(tenant, exportSubject(runId), name)
    if (file !== null) files.push({ path: name, bytes: file.bytes })
  }
  return files
})

const receiptFiles = Effect.fnUntraced(function* (tenant: string, month: string) {
  const store = yield* BillingStore
  const files: ExportFile[] = []
  for (const receipt of yield* receiptsOf(tenant, month)) {
    if (receipt.status.kind === "draft") continue
    const stored = yield* store.receipt(tenant, receipt.id)
    const name = receiptFileName(receipt.status.number)
    if (stored?.issuedBytes != null) files.push({ path: `receipts/${name}.json`, bytes: stored.issuedBytes })
    const pdf = yield* store.file(tenant, receiptSubject(receipt.id), `${name}.pdf`)
    if (pdf !== null) files.push({ path: `receipts/${name}.pdf`, bytes: pdf.bytes })
  }
  return files
})

/** The receipts that were paid in the month, whatever month they are of, as printed when paid. */
const paidFiles = Effect.fnUntraced(function* (tenant: string, month: string, entries: readonly Entry[], keeper: Actor | null) {
  const store = yield* BillingStore
  const files: ExportFile[] = []
  for (const receiptId of new Set(entries.flatMap(({ source }) => source.receiptId ?? []))) {
    const receipt = (yield* store.receipt(tenant, receiptId))?.receipt
    if (receipt?.status.kind !== "paid" || monthOf(receipt.status.paidAtSeconds, receipt.zone) !== month) continue
    const { name, bytes } = yield* printReceipt(tenant, receipt, keeper)
    files.push({ path: `receipts/${name}`, bytes })
  }
  return files
})

/** The credit notes booked in the month, whatever month their receipts are of. */
const creditNoteFiles = Effect.fnUntraced(function* (tenant: string, entries: readonly Entry[], keeper: Actor | null) {
  const store = yield* BillingStore
  const files: ExportFile[] = []
  for (const { id, source } of entries) {
    if (source.kind !== "credit-note") continue
    const number = id.slice(id.lastIndexOf("/") + 1)
    const name = receiptFileName(number)
    const note = yield* store.document(tenant, creditNoteKind(number), 1)
    if (note === null) continue
    const { bytes } = yield* printCreditNote(tenant, number, keeper)
    files.push({ path: `credit-notes/${name}.json`, bytes: note.bytes }, { path: `credit-notes/${name}.pdf`, bytes })
  }
  return files
})

const ratingFiles = Effect.fnUntraced(function* (
  tenant: string,
  month: string,
  window: { readonly startSeconds: number; readonly endSeconds: number },
) {
  const store = yield* BillingStore
  const stored = yield* store.document(tenant, monthRatingKind(month), null)
  if (stored === null) return []
  const rating = decodeMonthRating(stored.bytes)
  const records = yield* recordsOfMonth(tenant, window, rating.ingestSequence)
  const book = (kind: string, version: number | null) =>
    Effect.map(store.document(tenant, kind, version), (document) => document?.bytes ?? utf8(canonicalJson(null)))
  return [
    { path: ratingPaths.records, bytes: utf8(records.map((record) => `${encodeRecordBody(record)}\n`).join("")) },
    { path: ratingPaths.rateBook, bytes: yield* book("rate-book", rating.rateBookVersion) },
    { path: ratingPaths.payerBook, bytes: yield* book("payer-book", rating.payerBookVersion) },
    { path: ratingPaths.site, bytes: yield* book("site", null) },
    { path: ratingPaths.readings, bytes: rating.readingsVersion === 0 ? utf8("[]") : yield* book(readingsKind, rating.readingsVersion) },
    { path: ratingPaths.monthRating, bytes: stored.bytes },
  ]
})
