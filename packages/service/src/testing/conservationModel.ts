import assert from "node:assert/strict"
import { type JobRecord, monthWindow, preferRecord, type Reading } from "@hpc-billing/core"
import { Effect } from "effect"
import fc from "fast-check"
import { billMonth } from "../run/billMonth.ts"
import { checkConservation } from "../run/fate/checkConservation.ts"
import { fatesOfMonth } from "../run/fate/fatesOfMonth.ts"
import { receiptHeadersOf } from "../run/journalMonth.ts"
import { publishBooks } from "../run/publishBooks.ts"
import { reopenMonth } from "../run/reopenMonth.ts"
import { voidReceipt } from "../run/voidReceipt.ts"
import { BillingStore } from "../store/index.ts"
import { chargedFor, conservationRates, jobOf, laterRates, payerBookOf, ratedFor, tapeOf } from "./conservationBooks.ts"
import { octoberSite } from "./octoberBooks.ts"
import { openTestingBooks, type TestingBooks } from "./testingBooks.ts"

/** The last is never closed: what comes late for the others can always be billed in it. */
const lastMonth = "2027-01"
const months = ["2026-10", "2026-11", "2026-12", lastMonth]

/** Accounts from the first on are mapped at times only, so that their usage comes without a payer, and payers come and go. */
const accounts = ["mangrove", "seagrass", "reefs", "dunes"]

const job = fc.record({
  act: fc.constant("job" as const),
  number: fc.integer({ min: 1, max: 6 }),
  account: fc.constantFrom(...accounts),
  fromHour: fc.integer({ min: -20, max: 62 * 24 }),
  hours: fc.oneof(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 600, max: 900 })),
  cores: fc.integer({ min: 1, max: 8 }),
  ends: fc.constantFrom("COMPLETED", "COMPLETED", "COMPLETED", "CANCELLED", "NODE_FAIL", "RUNNING" as const),
})
const tape = fc.record({
  act: fc.constant("tape" as const),
  id: fc.constantFrom("a", "b"),
  units: fc.bigInt({ min: 1n, max: 900n }),
  fromHour: fc.integer({ min: 0, max: 62 * 24 }),
  hours: fc.integer({ min: 1, max: 900 }),
})
const publish = fc.record({
  act: fc.constant("publish" as const),
  tiers: fc.record({ delta: fc.constantFrom("open", "plain"), lagoon: fc.constantFrom("open", "plain"), coast: fc.constant("plain") }),
  payers: fc.tuple(...accounts.map((_, index) => fc.constantFrom("delta", "lagoon", "coast", ...(index < 2 ? [] : [null, null])))),
  from: fc.constantFrom("2026-01-01", "2026-01-01", "2026-10-20"),
})
const prices = fc.record({ act: fc.constant("prices" as const) })
const at = fc.nat(1_000)
const act = fc.oneof(
  { weight: 8, arbitrary: job },
  { weight: 1, arbitrary: tape },
  { weight: 3, arbitrary: publish },
  { weight: 1, arbitrary: prices },
  { weight: 4, arbitrary: fc.record({ act: fc.constant("bill" as const), at }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant("bill one payer" as const), at }) },
  { weight: 4, arbitrary: fc.record({ act: fc.constant("void" as const), at }) },
  { weight: 4, arbitrary: fc.record({ act: fc.constant("close" as const) }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant("reopen" as const), at }) },
)
type Act = typeof act extends fc.Arbitrary<infer A> ? A : never

const pick = <A>(list: readonly A[], number: number): A | undefined => list[number % Math.max(1, list.length)]

/** One tenant's books under random acts, with the records and readings that stand. */
const makeHistory = async (books: TestingBooks, tenant: string) => {
  const records = new Map<string, JobRecord>()
  const readings = new Map<string, Reading>()
  const seen = { bills: 0, voids: 0, closes: 0, corrections: 0, lateUnmapped: 0, reopenings: 0 }
  let count = 0
  let rates = conservationRates
  let payers = payerBookOf({}, {})

  const publishPayers = (tiers: Readonly<Record<string, string>>, leading: readonly (string | null)[], from: string) => {
    const mapped = accounts.flatMap((account, index) => (leading[index] == null ? [] : [[account, leading[index]] as const]))
    const used = new Set(mapped.map(([, payer]) => payer))
    const kept = Object.fromEntries(Object.entries(tiers).filter(([payer]) => used.has(payer)))
    const changes = { dunes: { effectiveFrom: from } }
    const [, owner = ""] = mapped[0] ?? []
    payers = payerBookOf(kept, { ...Object.fromEntries(mapped), tapes: owner }, changes)
    return publishAll()
  }
  const publishAll = () => books.run(publishBooks(octoberSite(tenant), rates, payers, books.actor))
  const standing = (kind: "open" | "closed") =>
    books.run(
      Effect.gen(function* () {
        const closed = new Set((yield* (yield* BillingStore).periods(tenant)).filter((p) => p.status.kind === "closed").map((p) => p.month))
        return months.filter((month) => closed.has(month) === (kind === "closed"))
      }),
    )

  /** After a bill of the month for everybody: it, and every closed month before it, charge exactly what is rated. */
  const expectConserved = async (billed: string) => {
    for (const month of [...(await standing("closed")), billed]) {
      if (month > billed) continue
      const charged = await books.run(chargedFor(tenant, month))
      assert.deepEqual(charged, await books.run(ratedFor(tenant, month, [...records.values()], [...readings.values()])))
      const { fates } = await books.run(fatesOfMonth(tenant, month))
      assert.deepEqual(
        fates.filter(({ kind, breach }) => kind === "unbilled" || breach !== null),
        [],
      )
      assert.equal(new Set(fates.map(({ id }) => id)).size, fates.length)
    }
  }

  const bill = async (month: string) => {
    const { rated } = await books.bill(tenant, month)
    seen.bills += 1
    seen.corrections += rated.counts.correctionLines
    seen.lateUnmapped += rated.counts.lateUnmappedUsages
    await expectConserved(month)
  }

  const close = async (month: string) => {
    await bill(month)
    const outcome = await books.close(tenant, month).then(() => null, String)
    if (outcome !== null) return assert.match(outcome, /usage without a payer/)
    seen.closes += 1
    const found: string[] = []
    await books.run(checkConservation(tenant, (row, finding) => found.push(`${row} ${finding}`)))
    assert.deepEqual(found, [])
    for (const each of await standing("closed")) {
      const { fates } = await books.run(fatesOfMonth(tenant, each))
      if (each <= month)
        assert.deepEqual(
          fates.filter(({ kind }) => kind === "unmapped"),
          [],
        )
    }
  }

  const perform = async (next: Act): Promise<void> => {
    count += 1
    const open = await standing("open")
    switch (next.act) {
      case "job": {
        const running = next.ends === "RUNNING"
        const record = jobOf(next.number, next.account, next, {
          name: `version ${count}`,
          state: next.ends as JobRecord["state"],
          ...(running ? { endSeconds: null } : {}),
        })
        const known = records.get(record.jobId)
        records.set(record.jobId, known === undefined ? record : preferRecord(known, record))
        await books.ingest(tenant, [record])
        return
      }
      case "tape": {
        const reading = { ...tapeOf(next.id, next.units, next.fromHour, next.hours), description: `version ${count}` }
        readings.set(next.id, reading)
        await books.read(tenant, [reading])
        return
      }
      case "publish":
        await publishPayers(next.tiers, next.payers, next.from)
        return
      case "prices":
        rates = laterRates
        await publishAll()
        return
      case "bill":
        return bill(pick(open, next.at) ?? lastMonth)
      case "bill one payer": {
        const payerId = pick(["delta", "lagoon", "coast"], next.at) ?? ""
        await books.run(billMonth(tenant, pick(open, next.at) ?? lastMonth, books.actor, { dryRun: false, payerId }))
        return
      }
      case "void": {
        const headers = await books.run(Effect.forEach(open, (month) => receiptHeadersOf(tenant, month)))
        const receipt = pick(
          headers.flat().filter(({ status }) => status.kind === "issued"),
          next.at,
        )
        if (receipt === undefined) return
        seen.voids += 1
        await books.run(voidReceipt(tenant, receipt.id, "wrong", books.actor))
        return
      }
      case "close":
        return open[0] === undefined || open[0] === lastMonth ? bill(lastMonth) : close(open[0])
      case "reopen": {
        const month = pick(await standing("closed"), next.at)
        if (month === undefined) return
        seen.reopenings += 1
        await books.run(reopenMonth(tenant, month, { approvedBy: "second", reason: "a job is missing" }, books.actor))
      }
    }
  }

  await publishPayers({ delta: "open", lagoon: "plain" }, ["delta", "lagoon", null, null], "2026-01-01")
  return {
    seen,
    perform,
    /** Maps everything, bills and closes what is open: nothing may be lost by then. */
    finish: async () => {
      await publishPayers({ delta: "open", coast: "plain" }, ["delta", "coast", "coast", "delta"], "2026-01-01")
      for (const month of await standing("open")) if (month !== lastMonth) await close(month)
      assert.deepEqual(await standing("open"), [lastMonth])
      await bill(lastMonth)
    },
  }
}

/** Books of so many histories stay in one embedded database; then a new one begins. */
const historiesADatabase = 150

/**
 * Random histories until they have so many operations together; each ends with everything mapped, billed and closed. After every bill and
 * close the receipts charge what is rated from the records that stand, and each usage has one fate. Throws where one does not hold.
 */
export const conservationHistories = async ({ operations, seed }: { readonly operations: number; readonly seed: number }) => {
  const totals = { operations: 0, histories: 0, bills: 0, voids: 0, closes: 0, corrections: 0, lateUnmapped: 0, reopenings: 0 }
  const live = async (books: TestingBooks, acts: readonly Act[]): Promise<void> => {
    totals.histories += 1
    books.setNow(monthWindow(lastMonth, "UTC").endSeconds + 86_400)
    const history = await makeHistory(books, `model-${totals.histories}`)
    for (const next of acts) await history.perform(next)
    await history.finish()
    totals.operations += acts.length
    for (const [name, count] of Object.entries(history.seen)) totals[name as keyof typeof history.seen] += count
  }
  for (let database = 0; totals.operations < operations; database++) {
    const books = await openTestingBooks()
    try {
      await fc.assert(
        fc.asyncProperty(fc.array(act, { minLength: 15, maxLength: 40 }), async (acts) => {
          if (totals.operations < operations) await live(books, acts)
        }),
        { numRuns: historiesADatabase, seed: seed + database },
      )
    } finally {
      await books.stop()
    }
  }
  return totals
}
