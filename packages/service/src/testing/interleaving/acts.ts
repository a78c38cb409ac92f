import { checkRateBook, type RateBook, type Reading } from "@hpc-billing/core"
import { Effect, Result, Stream } from "effect"
import { nodeCryptography } from "../../crypto/nodeCryptography.ts"
import type { TenantKeys } from "../../keys/TenantKeys.ts"
import type { PdfError } from "../../pdf/render/PdfError.ts"
import type { Actor } from "../../run/Actor.ts"
import { billMonth } from "../../run/billMonth.ts"
import { closeMonth } from "../../run/closeMonth.ts"
import { closeYearBooks } from "../../run/closeYearBooks.ts"
import { creditReceipt } from "../../run/creditReceipt.ts"
import { exportMonth } from "../../run/exportMonth.ts"
import { impairMonth } from "../../run/impairMonth.ts"
import { ingestSource } from "../../run/ingestSource.ts"
import { payReceipt } from "../../run/payReceipt.ts"
import { postMonthJournal } from "../../run/postMonthJournal.ts"
import { actOnPrepaid } from "../../run/prepaidCredit.ts"
import { editBooks, publishBooks } from "../../run/publishBooks.ts"
import { ingestReadings } from "../../run/Readings.ts"
import type { RunError } from "../../run/RunError.ts"
import { refundReceipt } from "../../run/refundReceipt.ts"
import { reopenMonth } from "../../run/reopenMonth.ts"
import { approveReopen, requestReopen } from "../../run/requestReopen.ts"
import { voidReceipt } from "../../run/voidReceipt.ts"
import { writeOffReceipt } from "../../run/writeOffReceipt.ts"
import type { BillingStore, StoreError } from "../../store/index.ts"
import { octoberPayerBook, octoberRateBook, octoberSite, readOctober, receiptOfCoral } from "../octoberBooks.ts"
import { octoberStartSeconds, sampleRecord } from "../samples.ts"
import { testingChainKeys } from "../testingChain.ts"

type Work = Effect.Effect<unknown, RunError | StoreError | PdfError, BillingStore>

/** Where the books stand before two acts meet. */
export interface World {
  readonly name: "read" | "billed" | "posted" | "closed"
  readonly prepare: (tenant: string) => Work
}

/** Something that a person or a job does to the books, as often as asked. */
export interface TriedAct {
  readonly name: string
  /** The worlds in which it does something or is refused for a reason of that world. */
  readonly worlds: readonly World["name"][]
  readonly run: (tenant: string, actor: Actor) => Work
}

const by = (name: string): Actor => ({ name, requestId: name })

const keys: TenantKeys = {
  audit: testingChainKeys,
  auditGenesisPublicKey: nodeCryptography.ed25519PublicKey(testingChainKeys.signingSeed),
  export: { signingSeed: new Uint8Array(32).fill(3), hmacKey: new Uint8Array(32).fill(4) },
}

const ingest = (tenant: string, numbers: readonly number[]): Work => {
  const records = numbers.map((number) => ({ _tag: "Record" as const, record: sampleRecord(number) }))
  return ingestSource(Stream.make(records), { tenant, clusters: ["ci"], source: "late", actor: by("setup") })
}

const topUp = (tenant: string, project: string, id: string, amountMinor: bigint, actor: Actor): Work =>
  actOnPrepaid(tenant, project, { kind: "top-up", id, amountMinor, payerId: "coral" }, actor)

const read = (tenant: string): Work => Effect.andThen(readOctober(tenant), topUp(tenant, "reef", "bank-1", 4_000n, by("setup")))

const billed = (tenant: string): Work =>
  read(tenant).pipe(Effect.andThen(billMonth(tenant, "2026-10", by("setup"))), Effect.andThen(ingest(tenant, [31, 32, 33])))

const posted = (tenant: string): Work => Effect.andThen(billed(tenant), postMonthJournal(tenant, "2026-10", by("setup")))

const closed = (tenant: string): Work =>
  read(tenant).pipe(
    Effect.andThen(billMonth(tenant, "2026-10", by("setup"))),
    Effect.andThen(postMonthJournal(tenant, "2026-10", by("setup"))),
    Effect.andThen(closeMonth(tenant, "2026-10", by("setup"))),
    Effect.andThen(ingest(tenant, [31, 32, 33])),
  )

export const worlds: readonly World[] = [
  { name: "read", prepare: read },
  { name: "billed", prepare: billed },
  { name: "posted", prepare: posted },
  { name: "closed", prepare: closed },
]

const everywhere = worlds.map(({ name }) => name)

/** The book with one more card, as a file that somebody edited on an earlier copy of the book would have it. */
const bookWith = (id: string): RateBook => {
  const [card] = octoberRateBook.cards
  const cards = [
    { ...card, effectiveUntil: "2027-01-01" },
    { ...card, id, effectiveFrom: "2027-01-01" },
  ]
  return Result.getOrThrow(checkRateBook({ ...octoberRateBook, cards }))
}

const publishCard = (id: string): TriedAct => ({
  name: `publish card ${id}`,
  worlds: everywhere,
  run: (tenant, actor) => publishBooks(octoberSite(tenant), bookWith(id), octoberPayerBook, actor),
})

const addOverride = (account: string): TriedAct => ({
  name: `override of ${account}`,
  worlds: ["read", "posted"],
  run: (tenant, actor) =>
    editBooks(
      tenant,
      ({ rateBook }) => {
        const override = {
          id: `o-${account}`,
          account,
          user: null,
          effectiveFrom: "2026-01-01",
          effectiveUntil: null,
          author: "",
          reason: "",
        }
        return Effect.succeed({ rateBook: { ...rateBook, overrides: [...rateBook.overrides, { ...override, factor: "0.5" }] } as RateBook })
      },
      actor,
    ),
})

const readings = (id: string): TriedAct => ({
  name: `reading ${id}`,
  worlds: ["read", "closed"],
  run: (tenant, actor) => ingestReadings(tenant, [readingOf(id)], actor),
})

const readingOf = (id: string): Reading => ({
  service: "ci",
  id,
  account: "account0",
  user: "",
  resource: "storage",
  quantity: { units: 5n, scale: 0 } as Reading["quantity"],
  unit: "TiB-h",
  startSeconds: octoberStartSeconds,
  endSeconds: octoberStartSeconds + 3_600,
  description: "",
})

const hold = (id: string): TriedAct => ({
  name: `hold ${id}`,
  worlds: everywhere,
  run: (tenant, actor) => actOnPrepaid(tenant, "reef", { kind: "hold", id, amountMinor: 3_000n, forSeconds: 7_776_000 }, actor),
})

const kelpOf = (tenant: string): string => `${tenant}/2026-10/kelp/1`

export const acts: readonly TriedAct[] = [
  publishCard("b"),
  publishCard("c"),
  addOverride("account0"),
  addOverride("account1"),
  readings("r-1"),
  readings("r-2"),
  { name: "bill", worlds: ["read", "billed", "posted"], run: (tenant, actor) => billMonth(tenant, "2026-10", actor) },
  {
    name: "bill kelp",
    worlds: ["read", "billed"],
    run: (tenant, actor) => billMonth(tenant, "2026-10", actor, { dryRun: false, payerId: "kelp" }),
  },
  { name: "bill November", worlds: ["closed"], run: (tenant, actor) => billMonth(tenant, "2026-11", actor) },
  { name: "post", worlds: ["read", "billed", "posted"], run: (tenant, actor) => postMonthJournal(tenant, "2026-10", actor) },
  { name: "close", worlds: everywhere, run: (tenant, actor) => closeMonth(tenant, "2026-10", actor) },
  {
    name: "reopen",
    worlds: ["posted", "closed"],
    run: (tenant, actor) => reopenMonth(tenant, "2026-10", { approvedBy: "another", reason: "late" }, actor),
  },
  { name: "ask to reopen", worlds: ["closed"], run: (tenant, actor) => requestReopen(tenant, "2026-10", "late", actor) },
  { name: "approve reopening", worlds: ["closed"], run: (tenant, actor) => approveReopen(tenant, "2026-10", actor) },
  {
    name: "pay all",
    worlds: ["posted", "closed"],
    run: (tenant, actor) => payReceipt(tenant, receiptOfCoral(tenant), { receivedMinor: null, withheldMinor: 0n }, actor),
  },
  {
    name: "pay a part",
    worlds: ["posted", "closed"],
    run: (tenant, actor) => payReceipt(tenant, receiptOfCoral(tenant), { receivedMinor: 4_000n, withheldMinor: 100n }, actor),
  },
  {
    name: "pay kelp",
    worlds: ["posted", "closed"],
    run: (tenant, actor) => payReceipt(tenant, kelpOf(tenant), { receivedMinor: 1_000n, withheldMinor: 0n }, actor),
  },
  {
    name: "credit",
    worlds: ["posted", "closed"],
    run: (tenant, actor) => creditReceipt(tenant, receiptOfCoral(tenant), { netMinor: null, reason: "outage" }, actor),
  },
  {
    name: "credit kelp",
    worlds: ["posted"],
    run: (tenant, actor) => creditReceipt(tenant, kelpOf(tenant), { netMinor: 500n, reason: "outage" }, actor),
  },
  {
    name: "refund",
    worlds: ["posted"],
    run: (tenant, actor) => refundReceipt(tenant, receiptOfCoral(tenant), { amountMinor: null, to: "as-paid" }, actor),
  },
  {
    name: "write off",
    worlds: ["posted", "closed"],
    run: (tenant, actor) => writeOffReceipt(tenant, receiptOfCoral(tenant), "gone", actor),
  },
  {
    name: "void",
    worlds: ["billed", "posted", "closed"],
    run: (tenant, actor) => voidReceipt(tenant, kelpOf(tenant), "wrong payer", actor),
  },
  { name: "impair", worlds: ["posted", "closed"], run: (tenant, actor) => impairMonth(tenant, "2026-11", actor) },
  {
    name: "close the year",
    worlds: ["posted"],
    run: (tenant, actor) => closeYearBooks(tenant, { name: "2026", firstMonth: "2025-11" }, actor),
  },
  { name: "top up", worlds: everywhere, run: (tenant, actor) => topUp(tenant, "reef", "bank-2", 2_500n, actor) },
  { name: "top up another", worlds: ["read"], run: (tenant, actor) => topUp(tenant, "tide", "bank-3", 100n, actor) },
  hold("job-1"),
  hold("job-2"),
  { name: "export", worlds: ["posted", "closed"], run: (tenant, actor) => exportMonth(tenant, "2026-10", keys, actor) },
]
