import {
  addDecimals,
  checkRateBook,
  decimalZero,
  formatDecimal,
  type JobRecord,
  type Month,
  monthWindow,
  normaliseDecimal,
  type PayerMapping,
  type Payers,
  type RateBook,
  type RatedLine,
  type Reading,
  unmappedPayerId,
} from "@hpc-billing/core"
import { Effect, Result } from "effect"
import { loadBooks } from "../run/Books.ts"
import { receiptsOf } from "../run/journalMonth.ts"
import { decodeMonthRating, monthRatingKind } from "../run/MonthRating.ts"
import { rateWindow } from "../run/rateWindow.ts"
import type { PayerBook } from "../site/PayerBook.ts"
import { BillingStore } from "../store/index.ts"
import { samplePayer, sampleRecord } from "./samples.ts"

const plainCard = {
  id: "plain",
  version: 1,
  tier: "plain",
  effectiveFrom: "2026-01-01",
  effectiveUntil: null,
  basis: "allocated",
  meters: [{ sku: "cpu", resource: "cpu", unit: "core-h", price: "5.5" }],
}

const ratesOf = (plainCards: readonly object[]): RateBook =>
  Result.getOrThrow(
    checkRateBook({
      format: 1,
      currency: { code: "THB", exponent: 2 },
      zone: "UTC",
      cards: [
        {
          id: "open",
          version: 1,
          tier: "open",
          effectiveFrom: "2026-01-01",
          effectiveUntil: null,
          basis: "allocated",
          meters: [
            { sku: "cpu", resource: "cpu", unit: "core-h", price: "3", allowance: "15" },
            {
              sku: "mem",
              resource: "mem",
              unit: "GiB-h",
              model: {
                kind: "volume",
                bands: [
                  { upTo: "40", price: "0.25" },
                  { upTo: null, price: "0.125" },
                ],
              },
            },
            { sku: "tape", resource: "reading/tape", unit: "TiB-h", price: "0.07" },
          ],
          minimum: "40",
          cap: "900",
        },
        ...plainCards,
      ],
      tiers: ["open", "plain"].map((name) => ({ name, rules: [] })),
      overrides: [],
    }),
  )

/** Prices with every kind of rule that looks at a whole period, and a tier without any. */
export const conservationRates = ratesOf([plainCard])

/** With another price for the plain tier from the middle of October on. */
export const laterRates = ratesOf([
  { ...plainCard, effectiveUntil: "2026-10-18" },
  { ...plainCard, version: 2, effectiveFrom: "2026-10-18", meters: [{ ...plainCard.meters[0], price: "1.25" }] },
])

const mapping = (account: string, payerId: string, change: Partial<PayerMapping> = {}): PayerMapping => ({
  cluster: "ci",
  account,
  user: null,
  payerId,
  effectiveFrom: "2026-01-01",
  effectiveUntil: null,
  ...change,
})

/** Payers by id with their tiers, and accounts by the payer that they lead to. */
export const payerBookOf = (
  tiers: Readonly<Record<string, string>>,
  accounts: Readonly<Record<string, string>>,
  changes: Readonly<Record<string, Partial<PayerMapping>>> = {},
): PayerBook => ({
  format: 1,
  payers: Object.entries(tiers).map(([id, tier]) => ({ ...samplePayer, id, nameThai: id, nameEnglish: id, tier })),
  mappings: Object.entries(accounts).flatMap(([account, payerId]) => [
    mapping(account, payerId, changes[account]),
    ...(account === "tapes" ? [{ ...mapping(account, payerId, changes[account]), cluster: "tape" }] : []),
  ]),
})

/** A job of so many cores for so many hours, from an hour of October on. */
export const jobOf = (
  number: number,
  account: string,
  { fromHour, hours, cores = 4 }: { readonly fromHour: number; readonly hours: number; readonly cores?: number },
  change: Partial<JobRecord> = {},
): JobRecord => {
  const startSeconds = monthWindow("2026-10", "UTC").startSeconds + fromHour * 3_600
  return sampleRecord(number, {
    account,
    submitSeconds: monthWindow("2026-10", "UTC").startSeconds - 86_400 + number,
    startSeconds,
    endSeconds: startSeconds + hours * 3_600,
    elapsedSeconds: hours * 3_600,
    allocated: { cpu: cores, mem: 2_048, node: 1, billing: cores },
    ...change,
  })
}

export const tapeOf = (id: string, units: bigint, fromHour: number, hours: number): Reading => {
  const startSeconds = monthWindow("2026-10", "UTC").startSeconds + fromHour * 3_600
  return {
    service: "tape",
    id,
    account: "tapes",
    user: "",
    resource: "tape",
    quantity: { units, scale: 0 },
    unit: "TiB-h",
    startSeconds,
    endSeconds: startSeconds + hours * 3_600,
    description: "",
  }
}

const months: readonly Month[] = ["2026-10", "2026-11", "2026-12", "2027-01", "2027-02"]

type Sums = Readonly<Record<string, string>>

const sumsOf = (lines: readonly RatedLine[]): Sums => {
  const sums = new Map<string, ReturnType<typeof addDecimals>>()
  for (const { usageId, payerId, amount } of lines) {
    const key = `${usageId ?? "period"} ${payerId}`
    sums.set(key, addDecimals(sums.get(key) ?? decimalZero, amount))
  }
  const texts = [...sums].map(([key, sum]) => [key, formatDecimal(normaliseDecimal(sum))] as const)
  return Object.fromEntries(texts.filter(([, sum]) => sum !== "0").sort())
}

/** By usage and payer, what receipts that are not void charge for a month. */
export const chargedFor = Effect.fnUntraced(function* (tenant: string, month: Month) {
  const lines: RatedLine[] = []
  for (const each of months)
    for (const receipt of yield* receiptsOf(tenant, each))
      if (receipt.status.kind !== "void")
        lines.push(...receipt.lines.filter(({ corrects }) => (corrects === null ? each === month : corrects.month === month)))
  return sumsOf(lines)
})

/** By usage and payer, what records and readings come to in a month: at its own books where it is closed, with every payer book published later behind them. */
export const ratedFor = Effect.fnUntraced(function* (
  tenant: string,
  month: Month,
  records: readonly JobRecord[],
  readings: readonly Reading[],
) {
  const store = yield* BillingStore
  const isClosed = (yield* store.periods(tenant)).some((period) => period.month === month && period.status.kind === "closed")
  const stored = isClosed ? yield* store.document(tenant, monthRatingKind(month), null) : null
  const books = yield* loadBooks(tenant, stored === null ? null : decodeMonthRating(stored.bytes))
  const latest = (yield* loadBooks(tenant)).payerBookVersion
  let payers: Payers | undefined
  for (let payerBookVersion = latest; payerBookVersion >= books.payerBookVersion; payerBookVersion -= 1) {
    const version = yield* loadBooks(tenant, { rateBookVersion: books.rateBookVersion, payerBookVersion })
    payers = payers === undefined ? version.payers : { ...version.payers, later: payers }
  }
  const window = monthWindow(month, "UTC")
  const { lines } = rateWindow(records, readings, { rates: books.rates, payers: payers ?? books.payers }, window, window.endSeconds)
  return sumsOf(lines.filter(({ payerId, provisional }) => payerId !== unmappedPayerId && !provisional))
})
