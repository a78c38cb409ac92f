import { checkRateBook } from "@hpc-billing/core"
import { Clock, Effect, Result, Stream } from "effect"
import { billMonth } from "../run/billMonth.ts"
import { closeMonth } from "../run/closeMonth.ts"
import { ingestSource } from "../run/ingestSource.ts"
import { postMonthJournal } from "../run/postMonthJournal.ts"
import { publishBooks } from "../run/publishBooks.ts"
import type { PayerBook } from "../site/PayerBook.ts"
import type { Site } from "../site/Site.ts"
import { octoberEndSeconds, sampleRecord } from "./samples.ts"
import { testingClock } from "./testingClock.ts"

/** A small month, October 2026 in UTC: 30 jobs of `coral` (100.00 THB net each ten) and `kelp`, VAT of 7 percent due at payment. */
export const octoberSite = (tenant: string): Site => ({
  tenant,
  zone: "UTC",
  clusters: ["ci"],
  receiptSeries: "R",
  taxPoint: "at-payment",
  issuer: { nameThai: "ศูนย์", nameEnglish: "Centre", addressThai: "", addressEnglish: "", taxId: "", branch: "" },
  expectedLosses: [
    { untilDays: 30, rate: "0.01" },
    { untilDays: null, rate: "0.5" },
  ],
})

export const octoberPayerBook: PayerBook = {
  format: 1,
  payers: ["coral", "kelp"].map((id) => ({
    id,
    nameThai: id,
    nameEnglish: id,
    addressThai: "",
    addressEnglish: "",
    taxId: "",
    branch: "",
    tier: "all",
    taxTreatment: { kind: "taxable", code: "VAT7", ratePercent: "7" },
  })),
  mappings: [0, 1, 2].map((number) => ({
    cluster: "ci",
    account: `account${number}`,
    user: null,
    payerId: number === 0 ? "coral" : "kelp",
    effectiveFrom: "2026-01-01",
    effectiveUntil: null,
  })),
}

export const octoberRateBook = Result.getOrThrow(
  checkRateBook({
    format: 1,
    currency: { code: "THB", exponent: 2 },
    zone: "UTC",
    cards: [
      {
        id: "all",
        version: 1,
        tier: null,
        effectiveFrom: "2026-01-01",
        effectiveUntil: null,
        basis: "allocated",
        meters: [{ sku: "cpu", resource: "cpu", unit: "core-h", price: "2.5" }],
      },
    ],
    tiers: [],
    overrides: [],
  }),
)

export const octoberActor = { name: "test", requestId: "october" }

export const receiptOfCoral = (tenant: string): string => `${tenant}/2026-10/coral/1`

/** Provides a clock that stands still, a number of days after the end of October. */
export const daysAfterOctober = (days: number) =>
  Effect.provideService(
    Clock.Clock,
    testingClock(() => octoberEndSeconds + days * 86_400),
  )

/** Publishes the books and reads thirty jobs of ten THB each. */
export const readOctober = (tenant: string) =>
  Effect.gen(function* () {
    yield* publishBooks(octoberSite(tenant), octoberRateBook, octoberPayerBook, octoberActor)
    const records = Array.from({ length: 30 }, (_, index) => ({ _tag: "Record" as const, record: sampleRecord(index + 1) }))
    yield* ingestSource(Stream.make(records), { tenant, clusters: ["ci"], source: "test", actor: octoberActor })
  }).pipe(daysAfterOctober(1))

/** Reads October, then bills and posts it on the day after it. */
export const postOctober = (tenant: string) =>
  Effect.gen(function* () {
    yield* readOctober(tenant)
    yield* billMonth(tenant, "2026-10", octoberActor)
    yield* postMonthJournal(tenant, "2026-10", octoberActor)
  }).pipe(daysAfterOctober(1))

export const closeOctober = (tenant: string) => closeMonth(tenant, "2026-10", octoberActor).pipe(daysAfterOctober(1))
