import { Effect, Exit, Result, Scope, Stream } from "effect"
import { afterAll, beforeAll, expect, it } from "vitest"
import type { PayerBook } from "../site/PayerBook.ts"
import type { Site } from "../site/Site.ts"
import { BillingStore, openStore, type StoreFunctions } from "../store/index.ts"
import {
  octoberActor as actor,
  closeOctober,
  daysAfterOctober,
  octoberPayerBook,
  octoberRateBook,
  octoberSite,
  postOctober,
  readOctober,
} from "../testing/octoberBooks.ts"
import { sampleRecord } from "../testing/samples.ts"
import { testingChain } from "../testing/testingChain.ts"
import { testingStorage } from "../testing/testingStorage.ts"
import { loadBooks } from "./Books.ts"
import { billMonth } from "./billMonth.ts"
import { ingestSource } from "./ingestSource.ts"
import { editBooks, publishBooks } from "./publishBooks.ts"

const scope = Effect.runSync(Scope.make())
let store: StoreFunctions
beforeAll(async () => {
  store = await Effect.runPromise(Scope.provide(openStore({ location: await testingStorage(), chain: testingChain }), scope))
})
afterAll(() => Effect.runPromise(Scope.close(scope, Exit.void)))

const run = <A, E>(work: Effect.Effect<A, E, BillingStore>, days = 2): Promise<A> =>
  Effect.runPromise(work.pipe(Effect.provideService(BillingStore, store), daysAfterOctober(days)))

const refusal = async (work: Effect.Effect<unknown, Error, BillingStore>): Promise<string> => {
  const outcome = await run(Effect.result(work))
  return Result.isFailure(outcome) ? outcome.failure.message : "was not refused"
}

const publish = (site: Site, rateBook = octoberRateBook) => publishBooks(site, rateBook, octoberPayerBook, actor)

it("what months are counted and numbered by cannot change once a month was opened", async () => {
  const site = octoberSite("identity")
  const bangkok = "Asia/Bangkok"
  await run(publish({ ...site, zone: bangkok }, { ...octoberRateBook, zone: bangkok }))
  // before the first month all of it may still be put right
  await run(publish({ ...site, receiptSeries: "X" }))
  await run(publish(site))
  await run(postOctober("identity"))
  await run(closeOctober("identity"))
  const changes = [
    [publish({ ...site, zone: bangkok }, { ...octoberRateBook, zone: bangkok }), /zone is UTC .* cannot become Asia\/Bangkok: put it back/],
    [
      publish(site, { ...octoberRateBook, currency: { code: "EUR", exponent: 2 } }),
      /currency is THB with 2 decimals .* EUR with 2 decimals/,
    ],
    [
      publish(site, { ...octoberRateBook, currency: { code: "THB", exponent: 0 } }),
      /currency is THB with 2 decimals .* THB with 0 decimals/,
    ],
    [publish({ ...site, receiptSeries: "INV" }), /receiptSeries is R .* cannot become INV/],
  ] as const
  for (const [change, sentence] of changes) expect(await refusal(change)).toMatch(sentence)
  expect((await run(loadBooks("identity"))).site.zone).toBe("UTC")
})

it("clusters may come, and may go as long as they have no records", async () => {
  const site = octoberSite("clusters")
  await run(readOctober("clusters"))
  expect(await run(publish({ ...site, clusters: ["ci", "new"] }))).toEqual({ changed: ["site"] })
  expect(await run(publish(site))).toEqual({ changed: ["site"] })
  expect(await refusal(publish({ ...site, clusters: ["new"] }))).toMatch(/Cluster ci has job records and cannot leave the site/)
})

it("an edit is made on the books in force when it is decided, whatever was published meanwhile", async () => {
  await run(publish(octoberSite("edits")))
  const addPayer = (id: string) =>
    editBooks(
      "edits",
      ({ payerBook }) => {
        const [payer] = payerBook.payers
        return Effect.succeed({ payerBook: { ...payerBook, payers: [...payerBook.payers, { ...payer, id }] } as PayerBook })
      },
      actor,
    )
  await run(Effect.all(["reef", "tide", "shoal", "sand"].map(addPayer), { concurrency: "unbounded" }))
  const { payerBook, payerBookVersion } = await run(loadBooks("edits"))
  expect(payerBook.payers.map(({ id }) => id).sort()).toEqual(["coral", "kelp", "reef", "sand", "shoal", "tide"])
  expect(payerBookVersion).toBe(5)
  expect(await refusal(editBooks("never-published", () => Effect.succeed({}), actor))).toMatch(/no prices and payers yet/)
})

it("a version is the version of the content that was read with it", async () => {
  await run(publish(octoberSite("versions")))
  const second = { ...octoberPayerBook, payers: octoberPayerBook.payers.map((payer) => ({ ...payer, nameEnglish: "second" })) }
  let isPublished = false
  const publishing: StoreFunctions = {
    ...store,
    document: (tenant, kind, version) =>
      Effect.tap(store.document(tenant, kind, version), () => {
        if (isPublished || kind !== "payer-book") return Effect.void
        isPublished = true
        return Effect.provideService(publishBooks(octoberSite("versions"), octoberRateBook, second, actor), BillingStore, store).pipe(
          Effect.orDie,
        )
      }),
  }
  const { payerBook, payerBookVersion } = await Effect.runPromise(Effect.provideService(loadBooks("versions"), BillingStore, publishing))
  expect([payerBook.payers[0]?.nameEnglish, payerBookVersion]).toEqual(["coral", 1])
  expect((await run(loadBooks("versions"))).payerBookVersion).toBe(2)
})

it("a month of more than a thousand payers is billed again for the first of them", async () => {
  const payers = Array.from({ length: 1_003 }, (_, number) => `p${String(number).padStart(4, "0")}`)
  const [payer] = octoberPayerBook.payers
  const [mapping] = octoberPayerBook.mappings
  const book = {
    ...octoberPayerBook,
    payers: payers.map((id) => ({ ...payer, id })),
    mappings: payers.map((id) => ({ ...mapping, account: `of-${id}`, payerId: id })),
  } as PayerBook
  await run(publishBooks(octoberSite("many"), octoberRateBook, book, actor))
  const ingest = (numbers: readonly (readonly [number: number, payer: string])[]) => {
    const records = numbers.map(([number, id]) => ({ _tag: "Record" as const, record: sampleRecord(number, { account: `of-${id}` }) }))
    return ingestSource(Stream.make(records), { tenant: "many", clusters: ["ci"], source: "test", actor })
  }
  await run(ingest(payers.map((id, number) => [number + 1, id])))
  expect((await run(billMonth("many", "2026-10", actor))).receipts).toHaveLength(1_003)
  await run(
    ingest([
      [5_001, "p0000"],
      [5_002, "p1002"],
    ]),
  )
  const { receipts } = await run(billMonth("many", "2026-10", actor))
  expect(receipts.map(({ id }) => id)).toEqual(["many/2026-10/p0000/2", "many/2026-10/p1002/2"])
})
