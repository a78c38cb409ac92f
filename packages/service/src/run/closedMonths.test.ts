import {
  addDecimals,
  checkRateBook,
  decimalZero,
  formatDecimal,
  type JobRecord,
  monthWindow,
  normaliseDecimal,
  overlap,
  type RatedLine,
  type Reading,
  type Window,
} from "@hpc-billing/core"
import { Clock, Effect, Exit, Result, Scope, Stream } from "effect"
import fc from "fast-check"
import { afterAll, beforeAll, expect, it } from "vitest"
import type { PayerBook } from "../site/PayerBook.ts"
import type { Site } from "../site/Site.ts"
import { BillingStore, openStore, type StoreFunctions } from "../store/index.ts"
import { sampleRecord } from "../testing/samples.ts"
import { testingChain } from "../testing/testingChain.ts"
import { testingClock } from "../testing/testingClock.ts"
import { testingStorage } from "../testing/testingStorage.ts"
import { loadBooks } from "./Books.ts"
import { billMonth } from "./billMonth.ts"
import { closeMonth } from "./closeMonth.ts"
import { ingestSource } from "./ingestSource.ts"
import { receiptsOf } from "./journalMonth.ts"
import { postMonthJournal } from "./postMonthJournal.ts"
import { publishBooks } from "./publishBooks.ts"
import { ingestReadings } from "./Readings.ts"
import { rateWindow } from "./rateWindow.ts"
import { reopenMonth } from "./reopenMonth.ts"

const october = monthWindow("2026-10", "UTC")
const november = monthWindow("2026-11", "UTC")
const december = monthWindow("2026-12", "UTC")

const rateBook = Result.getOrThrow(
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
        meters: [
          {
            sku: "cpu",
            resource: "cpu",
            unit: "core-h",
            model: {
              kind: "graduated",
              bands: [
                { upTo: "20", price: "2" },
                { upTo: null, price: "1.5" },
              ],
            },
          },
          { sku: "mem", resource: "mem", unit: "GiB-h", price: "0.1", allowance: "10" },
          { sku: "storage", resource: "reading/storage", unit: "TiB-h", price: "0.03" },
        ],
        minimum: "25",
      },
    ],
    tiers: [],
    overrides: [],
  }),
)

const siteOf = (tenant: string): Site => ({
  tenant,
  zone: "UTC",
  clusters: ["ci"],
  receiptSeries: "R",
  taxPoint: "at-issue",
  issuer: { nameThai: "ศูนย์", nameEnglish: "Centre", addressThai: "", addressEnglish: "", taxId: "", branch: "" },
})

const payerBook: PayerBook = {
  format: 1,
  payers: ["reef", "tide"].map((id) => ({
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
  mappings: ["ci", "storage"].flatMap((cluster) =>
    [0, 1, 2].map((number) => ({
      cluster,
      account: `account${number}`,
      user: null,
      payerId: number === 1 ? "tide" : "reef",
      effectiveFrom: "2026-01-01",
      effectiveUntil: null,
    })),
  ),
}

const actor = { name: "test", requestId: "closed-months" }
const scope = Effect.runSync(Scope.make())
let store: StoreFunctions
let nowSeconds = 0

beforeAll(async () => {
  store = await Effect.runPromise(
    Scope.provide(openStore({ location: await testingStorage(), chain: testingChain }), scope).pipe(withClock),
  )
})

afterAll(() => Effect.runPromise(Scope.close(scope, Exit.void)))

const clock = testingClock(() => nowSeconds)
const withClock = Effect.provideService(Clock.Clock, clock)

const run = <A, E>(work: Effect.Effect<A, E, BillingStore>): Promise<A> =>
  Effect.runPromise(work.pipe(Effect.provideService(BillingStore, store), withClock))

const ingest = (tenant: string, records: readonly JobRecord[]) =>
  ingestSource(Stream.make(records.map((record) => ({ _tag: "Record" as const, record }))), {
    tenant,
    clusters: ["ci"],
    source: "test",
    actor,
  })

/** Bills, posts and closes a month a day after its end. */
const closeBooks = Effect.fnUntraced(function* (tenant: string, month: string) {
  nowSeconds = monthWindow(month, "UTC").endSeconds + 86_400
  yield* billMonth(tenant, month, actor)
  yield* postMonthJournal(tenant, month, actor)
  yield* closeMonth(tenant, month, actor)
})

const perPayer = (lines: readonly RatedLine[]): Readonly<Record<string, string>> => {
  const sums = new Map<string, ReturnType<typeof addDecimals>>()
  for (const line of lines) sums.set(line.payerId, addDecimals(sums.get(line.payerId) ?? decimalZero, line.amount))
  return Object.fromEntries(
    [...sums].map(([payer, sum]) => [payer, formatDecimal(normaliseDecimal(sum))] as const).filter(([, sum]) => sum !== "0"),
  )
}

/** What each payer was charged for October, wherever it stands. */
const chargedForOctober = Effect.fnUntraced(function* (tenant: string) {
  const receipts = [
    ...(yield* receiptsOf(tenant, "2026-10")),
    ...(yield* receiptsOf(tenant, "2026-11")),
    ...(yield* receiptsOf(tenant, "2026-12")),
  ]
  const lines = receipts.flatMap((receipt) => receipt.lines.map((line) => ({ line, month: line.corrects?.month ?? receipt.month })))
  return perPayer(lines.filter(({ month }) => month === "2026-10").map(({ line }) => line))
})

const job = fc.record({
  number: fc.integer({ min: 1, max: 12 }),
  start: fc.integer({ min: -86_400, max: 31 * 86_400 }),
  seconds: fc.integer({ min: 0, max: 200_000 }),
  cpu: fc.integer({ min: 1, max: 16 }),
  mem: fc.integer({ min: 1, max: 32_768 }),
  comes: fc.constantFrom("in time", "late", "later still"),
})

const recordOf = ({
  number,
  start,
  seconds,
  cpu,
  mem,
}: {
  number: number
  start: number
  seconds: number
  cpu: number
  mem: number
}): JobRecord =>
  sampleRecord(number, {
    startSeconds: october.startSeconds + start,
    endSeconds: october.startSeconds + start + seconds,
    elapsedSeconds: seconds,
    allocated: { cpu, mem, node: 1, billing: cpu },
    suspendedSeconds: 0,
  })

/** Whether a usage must end as a line, charged or at zero, in the month. */
const isOf = (month: Window, { startSeconds, endSeconds }: Window): boolean =>
  startSeconds === endSeconds
    ? month.startSeconds <= startSeconds && startSeconds < month.endSeconds
    : overlap(month, { startSeconds, endSeconds }) !== null

const reading = (id: string, account: string, units: bigint): Reading => ({
  service: "storage",
  id,
  account,
  user: "",
  resource: "storage",
  quantity: { units, scale: 0 },
  unit: "TiB-h",
  startSeconds: october.startSeconds + 5 * 86_400,
  endSeconds: november.startSeconds + 86_400,
  description: "",
})

let tenants = 0

it("a closed month, its bytes untouched, and its corrections charge what a month with all records would have charged", async () => {
  const jobs = fc.uniqueArray(job, { selector: ({ number }) => number, minLength: 1, maxLength: 12 })
  const changes = fc.array(job, { maxLength: 4 })
  await fc.assert(
    fc.asyncProperty(jobs, changes, fc.bigInt({ min: 1n, max: 900n }), fc.boolean(), async (list, changed, units, readingIsLate) => {
      tenants += 1
      const tenant = `closed-${tenants}`
      const comes = (when: string): readonly JobRecord[] => list.filter((each) => each.comes === when).map(recordOf)
      const storage = reading("ocean-archive", "account1", units)
      const final = new Map<string, JobRecord>()
      for (const each of [...list, ...changed]) final.set(String(each.number), recordOf(each))

      await run(publishBooks(siteOf(tenant), rateBook, payerBook, actor))
      await run(ingest(tenant, comes("in time")))
      if (!readingIsLate) await run(ingestReadings(tenant, [storage], actor))
      await run(closeBooks(tenant, "2026-10"))
      const before = await run(receiptsOf(tenant, "2026-10"))
      await run(ingest(tenant, comes("late")))
      await run(ingestReadings(tenant, [storage], actor))
      await run(closeBooks(tenant, "2026-11"))
      await run(ingest(tenant, comes("later still")))
      for (const each of changed) await run(ingest(tenant, [recordOf(each)]))
      await run(closeBooks(tenant, "2026-12"))

      expect(await run(receiptsOf(tenant, "2026-10"))).toEqual(before)
      const books = await run(loadBooks(tenant))
      const whole = rateWindow([...final.values()], [storage], books, october, october.endSeconds)
      expect(await run(chargedForOctober(tenant))).toEqual(perPayer(whole.lines))
      const lined = new Set(whole.lines.map(({ usageId }) => usageId))
      for (const usage of whole.usages) expect(lined.has(usage.id)).toBe(isOf(october, usage))
    }),
    { numRuns: 12 },
  )
}, 300_000)

it("bills a late record of an open month on a second receipt, and only the difference of a changed one", async () => {
  const tenant = "open-month"
  await run(publishBooks(siteOf(tenant), rateBook, payerBook, actor))
  const first = { number: 3, start: 0, seconds: 36_000, cpu: 1, mem: 1024 }
  await run(ingest(tenant, [recordOf(first)]))
  nowSeconds = november.startSeconds + 3_600
  await run(billMonth(tenant, "2026-10", actor))
  await run(ingest(tenant, [recordOf({ ...first, seconds: 72_000 })]))
  const { receipts } = await run(billMonth(tenant, "2026-10", actor))
  expect(receipts.map(({ id }) => id)).toEqual(["open-month/2026-10/reef/2"])
  expect(receipts[0]?.lines.filter(({ sku }) => sku === "cpu").map(({ quantity, corrects }) => [quantity.units, corrects?.month])).toEqual([
    [10_000_000n, "2026-10"],
  ])
  expect((await run(billMonth(tenant, "2026-10", actor))).receipts).toEqual([])
  nowSeconds = december.startSeconds
})

it("does not close a month that has usage without a payer", async () => {
  const tenant = "unmapped"
  await run(publishBooks(siteOf(tenant), rateBook, payerBook, actor))
  await run(ingest(tenant, [sampleRecord(1, { account: "orphan" })]))
  nowSeconds = november.startSeconds + 3_600
  const refused = await Effect.runPromise(
    closeBooks(tenant, "2026-10").pipe(Effect.provideService(BillingStore, store), withClock, Effect.flip),
  )
  expect(refused.message).toBe(
    "2026-10 has usage without a payer (account orphan on ci): map the accounts in payers.yaml, publish it, and bill the month again.",
  )
})

it("reopens a month for a second person's approval, bills what came since beside what stands, and closes it again", async () => {
  const tenant = "reopened"
  await run(publishBooks(siteOf(tenant), rateBook, payerBook, actor))
  const early = { number: 3, start: 0, seconds: 36_000, cpu: 4, mem: 1024 }
  const late = { ...early, number: 6 }
  const latest = { ...early, number: 9 }
  await run(ingest(tenant, [recordOf(early)]))
  await run(closeBooks(tenant, "2026-10"))
  const before = await run(receiptsOf(tenant, "2026-10"))
  await run(ingest(tenant, [recordOf(late)]))
  nowSeconds = december.startSeconds + 3_600
  await run(billMonth(tenant, "2026-11", actor))

  const act = { approvedBy: "second", reason: "Audit finding 7/2026" }
  const refusal = (approvedBy: string, reason: string) =>
    Effect.runPromise(
      reopenMonth(tenant, "2026-10", { approvedBy, reason }, actor).pipe(
        Effect.provideService(BillingStore, store),
        withClock,
        Effect.flip,
      ),
    )
  expect((await refusal(actor.name, "why not")).message).toContain("another person has to approve it")
  expect((await refusal("second", " ")).message).toBe("Say why 2026-10 is reopened.")
  await run(reopenMonth(tenant, "2026-10", act, actor))

  expect((await run(billMonth(tenant, "2026-10", actor))).receipts).toEqual([])
  await run(ingest(tenant, [recordOf(latest)]))
  const { receipts } = await run(billMonth(tenant, "2026-10", actor))
  expect(receipts.map(({ id }) => id)).toEqual(["reopened/2026-10/reef/2"])
  await run(postMonthJournal(tenant, "2026-10", actor))
  await run(closeMonth(tenant, "2026-10", actor))
  expect((await run(receiptsOf(tenant, "2026-10")))[0]).toEqual(before[0])

  const books = await run(loadBooks(tenant))
  const whole = rateWindow([early, late, latest].map(recordOf), [], books, october, october.endSeconds)
  expect(await run(chargedForOctober(tenant))).toEqual(perPayer(whole.lines))
})
