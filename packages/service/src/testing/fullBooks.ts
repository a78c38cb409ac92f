import { checkRateBook, type JobRecord, type Reading, type Rejection } from "@hpc-billing/core"
import type { Decoded } from "@hpc-billing/slurm-adapter"
import { Effect, Result, Stream } from "effect"
import { nodeCryptography } from "../crypto/nodeCryptography.ts"
import { loadMonthFigures } from "../http/figures/loadMonthFigures.ts"
import type { TenantKeys } from "../keys/TenantKeys.ts"
import { billMonth } from "../run/billMonth.ts"
import { closeMonth } from "../run/closeMonth.ts"
import { creditReceipt } from "../run/creditReceipt.ts"
import { exportMonth } from "../run/exportMonth.ts"
import { impairMonth } from "../run/impairMonth.ts"
import { ingestSource } from "../run/ingestSource.ts"
import { payReceipt } from "../run/payReceipt.ts"
import { postMonthJournal } from "../run/postMonthJournal.ts"
import { actOnPrepaid } from "../run/prepaidCredit.ts"
import { printCreditNote } from "../run/printCreditNote.ts"
import { printReceipt } from "../run/printReceipt.ts"
import { publishBooks } from "../run/publishBooks.ts"
import { ingestReadings } from "../run/Readings.ts"
import { storedReceipt } from "../run/receiptEntries.ts"
import { recordIngestRun } from "../run/recordIngestRun.ts"
import { refundReceipt } from "../run/refundReceipt.ts"
import { approveReopen, requestReopen } from "../run/requestReopen.ts"
import { voidReceipt } from "../run/voidReceipt.ts"
import { writeOffReceipt } from "../run/writeOffReceipt.ts"
import type { PayerBook } from "../site/PayerBook.ts"
import type { Site } from "../site/Site.ts"
import { clockAt } from "./clockAt.ts"
import { octoberPayerBook, octoberSite } from "./octoberBooks.ts"
import { sampleRecord } from "./samples.ts"
import { testingChainKeys } from "./testingChain.ts"

const zone = "Asia/Bangkok"
const payerIds = ["anemone", "barnacle", "clam", "dugong", "eel"]
const actor = { name: "malee", requestId: "full-books" }

export const fullSite = (tenant: string): Site => ({ ...octoberSite(tenant), zone })

export const fullPayerBook: PayerBook = {
  format: 1,
  payers: payerIds.map((id) => ({ ...(octoberPayerBook.payers[0] as PayerBook["payers"][number]), id, nameThai: id, nameEnglish: id })),
  mappings: payerIds.flatMap((payerId, number) =>
    ["ci", "storage"].map((cluster) => ({
      ...(octoberPayerBook.mappings[0] as PayerBook["mappings"][number]),
      cluster,
      account: `account${number}`,
      payerId,
    })),
  ),
}

export const fullRateBook = Result.getOrThrow(
  checkRateBook({
    format: 1,
    currency: { code: "THB", exponent: 2 },
    zone,
    cards: [
      {
        id: "all",
        version: 1,
        tier: null,
        effectiveFrom: "2026-01-01",
        effectiveUntil: null,
        basis: "allocated",
        meters: [
          { sku: "cpu", resource: "cpu", unit: "core-h", price: "2.5" },
          { sku: "storage", resource: "reading/storage", unit: "TiB-h", price: "0.03" },
        ],
      },
    ],
    tiers: [],
    overrides: [],
  }),
)

const secondsOf = (instant: string): number => Date.parse(instant) / 1_000

/** A job of 4 cores for an hour, 10.00 THB net, of the account and payer that its number modulo five names. */
export const fullJob = (number: number, start: string, change: Partial<JobRecord> = {}): JobRecord => {
  const startSeconds = secondsOf(start)
  return sampleRecord(number, {
    account: `account${number % 5}`,
    submitSeconds: startSeconds - 60,
    eligibleSeconds: startSeconds - 60,
    startSeconds,
    endSeconds: startSeconds + 3_600,
    ...change,
  })
}

const octoberJobs = Array.from({ length: 20 }, (_, index) => fullJob(index + 1, `2026-10-${String(index + 2).padStart(2, "0")}T03:00:00Z`))

const reading: Reading = {
  service: "storage",
  id: "2026-10/account0",
  account: "account0",
  user: "",
  resource: "storage",
  quantity: { units: 720n, scale: 0 },
  unit: "TiB-h",
  startSeconds: secondsOf("2026-10-01T00:00:00Z"),
  endSeconds: secondsOf("2026-10-31T00:00:00Z"),
  description: "",
}

const rejection: Rejection = { source: "sacct", lineNumber: 7, field: "Elapsed", reason: '"abc" is not a duration', raw: "7|abc|" }

const recorded = (...records: readonly JobRecord[]): readonly Decoded[] => records.map((record) => ({ _tag: "Record", record }))

export const fullBooksKeys: TenantKeys = {
  audit: testingChainKeys,
  auditGenesisPublicKey: nodeCryptography.ed25519PublicKey(testingChainKeys.signingSeed),
  export: { signingSeed: new Uint8Array(32).fill(3), hmacKey: new Uint8Array(32).fill(4) },
}

/**
 * Books with rows in every table, by acts of every kind: October 2026 in Bangkok is read twice, billed, posted, paid, credited, refunded,
 * written off, closed, exported, reopened, billed again and exported again; November is billed and has a void receipt.
 */
export const writeFullBooks = (tenant: string) =>
  Effect.gen(function* () {
    const receipt = (payer: string, month = "2026-10", sequence = 1): string => `${tenant}/${month}/${payer}/${sequence}`
    const read = (decoded: readonly Decoded[], requestId: string) =>
      ingestSource(Stream.make(decoded), { tenant, clusters: ["ci"], source: "sacct", actor: { ...actor, requestId } })
    const whole = { receivedMinor: null, withheldMinor: 0n }

    yield* Effect.gen(function* () {
      yield* publishBooks(fullSite(tenant), fullRateBook, fullPayerBook, actor)
      const running = octoberJobs.slice(0, 2).map((record) => ({ ...record, state: "RUNNING" as const, endSeconds: null }))
      yield* read([...recorded(...running, ...octoberJobs.slice(2)), { _tag: "Rejection", rejection }], "first")
    }).pipe(clockAt("2026-10-25T09:00:00+07:00"))

    yield* Effect.gen(function* () {
      yield* read(
        [...recorded(...octoberJobs), { _tag: "Rejection", rejection: { ...rejection, lineNumber: null, field: null } }],
        "second",
      )
      yield* read(recorded({ ...(octoberJobs[0] as JobRecord), state: "RUNNING", endSeconds: null, elapsedSeconds: 60 }), "third")
      yield* ingestReadings(tenant, [reading], actor)
      const at = secondsOf("2026-10-31T22:00:00+07:00")
      const run = {
        id: "pull/1",
        cluster: "ci",
        source: "sacct",
        startedAtSeconds: at,
        finishedAtSeconds: at + 3,
        read: 20,
        accepted: 0,
        replaced: 2,
        known: 18,
        rejected: 1,
        cursor: '{"readUntilSeconds":1793458800}',
      }
      yield* recordIngestRun(tenant, run, actor)
      yield* actOnPrepaid(tenant, "account3", { kind: "top-up", id: "bank-1", amountMinor: 6_000n, payerId: "dugong" }, actor)
      yield* actOnPrepaid(tenant, "account3", { kind: "hold", id: "job-9", amountMinor: 500n, forSeconds: 86_400 }, actor)
    }).pipe(clockAt("2026-10-31T23:00:00+07:00"))

    yield* Effect.gen(function* () {
      yield* billMonth(tenant, "2026-10", actor)
      yield* postMonthJournal(tenant, "2026-10", actor)
    }).pipe(clockAt("2026-11-02T09:00:00+07:00"))
    const annexed = { annex: false }
    yield* Effect.gen(function* () {
      yield* printReceipt(tenant, yield* storedReceipt(tenant, receipt("anemone")), actor, annexed)
      yield* closeMonth(tenant, "2026-10", actor)
    }).pipe(clockAt("2026-11-02T10:00:00+07:00"))

    yield* Effect.gen(function* () {
      const once = { ...actor, idempotency: { key: "malee pay-1", bodySha256: "ab".repeat(32) } }
      yield* payReceipt(tenant, receipt("anemone"), { receivedMinor: null, withheldMinor: 120n }, once)
      yield* payReceipt(tenant, receipt("barnacle"), { receivedMinor: 2_140n, withheldMinor: 0n }, actor)
      yield* printReceipt(tenant, yield* storedReceipt(tenant, receipt("anemone")), actor, annexed)
    }).pipe(clockAt("2026-11-10T23:30:00+07:00"))
    yield* Effect.gen(function* () {
      const { number } = yield* creditReceipt(tenant, receipt("barnacle"), { netMinor: null, reason: "node failed" }, actor)
      yield* printCreditNote(tenant, number, actor)
      yield* refundReceipt(tenant, receipt("barnacle"), { amountMinor: 1_000n, to: "as-paid" }, actor)
      yield* creditReceipt(tenant, receipt("eel"), { netMinor: 500n, reason: "goodwill" }, actor)
      yield* writeOffReceipt(tenant, receipt("clam"), "insolvent", actor)
      yield* payReceipt(tenant, receipt("clam"), { receivedMinor: 1_070n, withheldMinor: 0n }, actor)
      yield* exportMonth(tenant, "2026-10", fullBooksKeys, actor)
      yield* loadMonthFigures(tenant, "2026-10")
      yield* requestReopen(tenant, "2026-10", "a job was late", actor)
    }).pipe(clockAt("2026-11-12T09:00:00+07:00"))

    yield* Effect.gen(function* () {
      yield* approveReopen(tenant, "2026-10", { ...actor, name: "somchai" })
      yield* read(recorded(fullJob(24, "2026-10-30T01:00:00Z")), "late")
      yield* billMonth(tenant, "2026-10", actor)
      yield* postMonthJournal(tenant, "2026-10", actor)
      yield* closeMonth(tenant, "2026-10", actor)
      yield* exportMonth(tenant, "2026-10", fullBooksKeys, actor)
      yield* loadMonthFigures(tenant, "2026-10")
    }).pipe(clockAt("2026-11-13T09:00:00+07:00"))

    yield* Effect.gen(function* () {
      yield* read(
        recorded(...[30, 31, 32].map((number) => fullJob(number, "2026-11-20T05:00:00Z")), fullJob(23, "2026-10-29T01:00:00Z")),
        "november",
      )
      yield* billMonth(tenant, "2026-11", actor)
      yield* postMonthJournal(tenant, "2026-11", actor)
      yield* voidReceipt(tenant, receipt("barnacle", "2026-11"), "wrong payer", actor)
      yield* payReceipt(tenant, receipt("eel"), whole, actor)
      yield* impairMonth(tenant, "2026-11", actor)
    }).pipe(clockAt("2026-12-01T00:30:00+07:00"))
  })
