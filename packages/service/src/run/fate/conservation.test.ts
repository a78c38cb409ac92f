import { monthWindow, type RatedLine } from "@hpc-billing/core"
import { Effect, Result } from "effect"
import { afterAll, beforeAll, expect, it } from "vitest"
import type { PayerBook } from "../../site/PayerBook.ts"
import { BillingStore } from "../../store/index.ts"
import { chargedFor, conservationRates, jobOf, payerBookOf, ratedFor, tapeOf } from "../../testing/conservationBooks.ts"
import { octoberSite } from "../../testing/octoberBooks.ts"
import { openTestingBooks, type TestingBooks } from "../../testing/testingBooks.ts"
import { receiptsOf } from "../journalMonth.ts"
import { publishBooks } from "../publishBooks.ts"
import { reopenMonth } from "../reopenMonth.ts"
import { voidReceipt } from "../voidReceipt.ts"
import { checkConservation } from "./checkConservation.ts"
import { fatesOfMonth } from "./fatesOfMonth.ts"

let books: TestingBooks

beforeAll(async () => {
  books = await openTestingBooks()
})

afterAll(() => books.stop())

const dayAfter = (month: string): number => monthWindow(month, "UTC").endSeconds + 86_400

const tiers = { delta: "open", lagoon: "plain" }
const accounts = { mangrove: "delta", seagrass: "lagoon", tapes: "delta" }
const usualPayers = payerBookOf(tiers, accounts)

const publish = (tenant: string, payers: PayerBook = usualPayers) =>
  books.run(publishBooks(octoberSite(tenant), conservationRates, payers, books.actor))

const closeMonth = async (tenant: string, month: string) => {
  books.setNow(dayAfter(month))
  await books.bill(tenant, month)
  await books.close(tenant, month)
}

const voidOf = (tenant: string, receiptId: string) => books.run(voidReceipt(tenant, receiptId, "wrong address", books.actor))

const fates = async (tenant: string, month: string) =>
  (await books.run(fatesOfMonth(tenant, month))).fates.map(({ id, kind, reason, breach }) =>
    [id.replace(/^ci\/(\d+)\/.*/, "$1"), kind, reason ?? "", breach ?? ""].join(" ").trim(),
  )

const findings = async (tenant: string) => {
  const found: string[] = []
  await books.run(checkConservation(tenant, (row, finding) => found.push(`${row}: ${finding}`)))
  return found
}

const expectCharged = async (tenant: string, month: string, ...of: [Parameters<typeof ratedFor>[2], Parameters<typeof ratedFor>[3]]) =>
  expect(await books.run(chargedFor(tenant, month))).toEqual(await books.run(ratedFor(tenant, month, ...of)))

it("bills again what a void gave back of a closed month, as often as it is voided, period amounts and readings too", async () => {
  const tenant = "given-back"
  const early = [jobOf(1, "mangrove", { fromHour: 10, hours: 9 }), jobOf(2, "seagrass", { fromHour: 100, hours: 3 })]
  const late = [jobOf(3, "mangrove", { fromHour: 200, hours: 31 }), jobOf(4, "seagrass", { fromHour: 50, hours: 2 })]
  const tape = tapeOf("cold-1", 4_000n, 600, 300)
  await publish(tenant)
  await books.ingest(tenant, early)
  await closeMonth(tenant, "2026-10")
  await books.ingest(tenant, late)
  await books.read(tenant, [tape])
  books.setNow(dayAfter("2026-11"))
  for (const _ of [1, 2]) {
    const { receipts } = await books.bill(tenant, "2026-11")
    expect(receipts.map(({ payer }) => payer.id)).toEqual(["delta", "lagoon"])
    await expectCharged(tenant, "2026-10", [...early, ...late], [tape])
    for (const { id } of receipts) await voidOf(tenant, id)
    expect(await fates(tenant, "2026-10")).toContain("3 unbilled")
    await expect(books.close(tenant, "2026-11")).rejects.toThrow("ci/3, ci/4")
  }
  await books.bill(tenant, "2026-11")
  await books.close(tenant, "2026-11")
  await closeMonth(tenant, "2026-12")
  await expectCharged(tenant, "2026-10", [...early, ...late], [tape])
  await expectCharged(tenant, "2026-11", [...early, ...late], [tape])
  expect(await findings(tenant)).toEqual([])
})

it("gives one void back where another receipt corrects the same usage, under a number of its own", async () => {
  const tenant = "numbered"
  const at = (hours: number) => jobOf(7, "seagrass", { fromHour: 24, hours })
  await publish(tenant)
  await books.ingest(tenant, [at(5)])
  await closeMonth(tenant, "2026-10")
  books.setNow(dayAfter("2026-11"))
  await books.ingest(tenant, [at(8)])
  const [first] = (await books.bill(tenant, "2026-11")).receipts
  await books.ingest(tenant, [at(12)])
  await books.bill(tenant, "2026-11")
  await voidOf(tenant, first?.id ?? "")
  const [third] = (await books.bill(tenant, "2026-11")).receipts
  expect(third?.lines.map(({ id }) => id.slice(id.lastIndexOf("/")))).toEqual(["/3"])
  await books.close(tenant, "2026-11")
  await expectCharged(tenant, "2026-10", [at(12)], [])
  expect(await fates(tenant, "2026-10")).toEqual(["7 billed"])
})

it("keeps a late job without a payer in sight, lets no month close over it, and bills it to the first payer that is published for it", async () => {
  const tenant = "late-unmapped"
  const early = jobOf(1, "mangrove", { fromHour: 5, hours: 40 })
  const late = [
    jobOf(2, "reefs", { fromHour: 700, hours: 90 }),
    jobOf(3, "reefs", { fromHour: 2, hours: 1 }, { state: "CANCELLED", startSeconds: null }),
  ]
  await publish(tenant)
  await books.ingest(tenant, [early])
  await closeMonth(tenant, "2026-10")
  await books.ingest(tenant, late)
  books.setNow(dayAfter("2026-11"))
  const before = await books.bill(tenant, "2026-11")
  expect(before.rated.counts).toMatchObject({ unmappedUsages: 1, lateUnmappedUsages: 2 })
  expect(before.rated.unmapped.map(({ usageId }) => usageId?.split("/")[1]).sort()).toEqual(["2", "2", "3"])
  expect(await fates(tenant, "2026-10")).toEqual(expect.arrayContaining(["2 unmapped", "3 unmapped"]))
  await expect(books.close(tenant, "2026-11")).rejects.toThrow(
    "2026-11 has usage without a payer (account reefs on ci, account reefs on ci (late usage of 2026-10)): map the accounts",
  )
  await publish(tenant, payerBookOf({ ...tiers, coast: "plain" }, { ...accounts, reefs: "coast" }))
  await publish(tenant, payerBookOf({ ...tiers, coast: "plain" }, { ...accounts, reefs: "lagoon" }))
  const after = await books.bill(tenant, "2026-11")
  expect(after.receipts.map(({ payer, lines }) => [payer.id, new Set(lines.map(({ corrects }) => corrects?.month ?? ""))])).toEqual([
    ["coast", new Set(["2026-10"])],
    ["lagoon", new Set([""])],
  ])
  await books.close(tenant, "2026-11")
  await publish(tenant)
  await expect(closeMonth(tenant, "2026-12")).resolves.toBeUndefined()
  await expectCharged(tenant, "2026-10", [early, ...late], [])
  expect(await fates(tenant, "2026-10")).toEqual(expect.arrayContaining(["2 billed", "3 zero never-started"]))
  expect(await findings(tenant)).toEqual([])
})

it("resolves the payer of a late job by instant: each part by the first version that names one for it", async () => {
  const tenant = "by-instant"
  const early = jobOf(1, "mangrove", { fromHour: 5, hours: 40 })
  const late = jobOf(2, "reefs", { fromHour: 14 * 24 - 6, hours: 12 })
  await publish(tenant)
  await books.ingest(tenant, [early])
  await closeMonth(tenant, "2026-10")
  await books.ingest(tenant, [late])
  books.setNow(dayAfter("2026-11"))
  const withReefs = (payerId: string, effectiveFrom: string) =>
    payerBookOf({ ...tiers, coast: "plain" }, { ...accounts, reefs: payerId }, { reefs: { effectiveFrom } })
  await publish(tenant, withReefs("coast", "2026-10-15"))
  const half = await books.bill(tenant, "2026-11")
  expect(half.receipts.map(({ payer }) => payer.id)).toEqual(["coast"])
  // without a payer it has no tier, and no card is in force for it
  await expect(books.close(tenant, "2026-11")).rejects.toThrow("account reefs on ci (late usage of 2026-10)")
  expect(await fates(tenant, "2026-10")).toContain("2 unmapped")
  await publish(tenant, withReefs("lagoon", "2026-01-01"))
  const whole = await books.bill(tenant, "2026-11")
  expect(whole.receipts.map(({ payer, lines }) => [payer.id, lines.length])).toEqual([["lagoon", 1]])
  await books.close(tenant, "2026-11")
  await expectCharged(tenant, "2026-10", [early, late], [])
})

it("takes back what a job was charged in a closed month that it turns out not to have run in", async () => {
  const tenant = "moved-out"
  const stays = jobOf(1, "mangrove", { fromHour: 5, hours: 40 })
  const moves = (fromHour: number) => jobOf(2, "mangrove", { fromHour, hours: 60 })
  const changes = (account: string) => jobOf(3, account, { fromHour: 99, hours: 6 })
  const final = [stays, moves(32 * 24), changes("seagrass")]
  await publish(tenant)
  await books.ingest(tenant, [stays, moves(300), changes("mangrove")])
  await closeMonth(tenant, "2026-10")
  await books.ingest(tenant, final)
  expect(await fates(tenant, "2026-10")).toEqual(expect.arrayContaining(["2 unbilled changed", "3 unbilled changed"]))
  await closeMonth(tenant, "2026-11")
  await expectCharged(tenant, "2026-10", final, [])
  await expectCharged(tenant, "2026-11", final, [])
  expect(await fates(tenant, "2026-10")).toEqual(["1 billed", "3 billed", "delta/period billed"])
})

it("takes a job back out of a closed month that nothing else changes in", async () => {
  const tenant = "moved-alone"
  const at = (fromHour: number) => jobOf(2, "mangrove", { fromHour, hours: 60 })
  await publish(tenant)
  await books.ingest(tenant, [at(300)])
  await closeMonth(tenant, "2026-10")
  await books.ingest(tenant, [at(32 * 24)])
  await closeMonth(tenant, "2026-11")
  expect(await books.run(chargedFor(tenant, "2026-10"))).toEqual({})
  expect(await fates(tenant, "2026-10")).toEqual([])
})

it("bills and credits a payer who is not published any more", async () => {
  const tenant = "removed-payer"
  const early = jobOf(1, "seagrass", { fromHour: 5, hours: 40 })
  const shorter = jobOf(1, "seagrass", { fromHour: 5, hours: 10 })
  const late = jobOf(2, "seagrass", { fromHour: 60, hours: 3 })
  await publish(tenant)
  await books.ingest(tenant, [early])
  await closeMonth(tenant, "2026-10")
  await publish(tenant, payerBookOf({ delta: "open" }, { mangrove: "delta", seagrass: "delta" }))
  await books.ingest(tenant, [shorter, late])
  books.setNow(dayAfter("2026-11"))
  const { receipts } = await books.bill(tenant, "2026-11")
  expect(receipts.map(({ payer }) => [payer.id, payer.tier])).toEqual([["lagoon", "plain"]])
  await books.close(tenant, "2026-11")
  await expectCharged(tenant, "2026-10", [shorter, late], [])
})

it("bills again what was voided of a month that was reopened, billed and closed in between", async () => {
  const tenant = "reopened"
  const early = jobOf(1, "mangrove", { fromHour: 5, hours: 40 })
  const late = jobOf(2, "mangrove", { fromHour: 300, hours: 7 })
  const latest = jobOf(3, "seagrass", { fromHour: 310, hours: 7 })
  const tape = tapeOf("cold-3", 7_000n, 20, 9)
  await publish(tenant)
  await books.ingest(tenant, [early])
  await closeMonth(tenant, "2026-10")
  await books.ingest(tenant, [late])
  await books.read(tenant, [tape])
  books.setNow(dayAfter("2026-11"))
  const [correction] = (await books.bill(tenant, "2026-11")).receipts
  await books.run(reopenMonth(tenant, "2026-10", { approvedBy: "second", reason: "a job is missing" }, books.actor))
  await books.ingest(tenant, [latest])
  await closeMonth(tenant, "2026-10")
  await voidOf(tenant, correction?.id ?? "")
  expect(await fates(tenant, "2026-10")).toContain("2 unbilled")
  await closeMonth(tenant, "2026-11")
  await expectCharged(tenant, "2026-10", [early, late, latest], [tape])
  expect(await findings(tenant)).toEqual([])
})

it("corrects a month that was closed without a bill, at the books of its close", async () => {
  const tenant = "never-billed"
  const late = jobOf(1, "seagrass", { fromHour: 5, hours: 40 })
  await publish(tenant)
  books.setNow(dayAfter("2026-10"))
  await books.close(tenant, "2026-10")
  books.setNow(dayAfter("2026-11"))
  await publish(tenant, payerBookOf(tiers, { ...accounts, seagrass: "delta" }))
  await books.ingest(tenant, [late])
  const { receipts } = await books.bill(tenant, "2026-11")
  expect(receipts.map(({ payer }) => payer.id)).toEqual(["lagoon"])
  await books.close(tenant, "2026-11")
  expect(await fates(tenant, "2026-10")).toEqual(["1 billed"])
})

it("tells one fate of each job, reading and period of a month", async () => {
  const tenant = "fates"
  const tape = tapeOf("cold-2", 90n, 30, 20)
  await publish(tenant)
  await books.ingest(tenant, [
    jobOf(1, "mangrove", { fromHour: 5, hours: 40 }),
    jobOf(2, "seagrass", { fromHour: 5, hours: 0 }),
    jobOf(3, "reefs", { fromHour: 9, hours: 1 }),
    jobOf(4, "seagrass", { fromHour: 9, hours: 1 }, { state: "RUNNING", endSeconds: null }),
    jobOf(5, "seagrass", { fromHour: 9, hours: 1 }, { state: "PENDING", startSeconds: null, endSeconds: null }),
    jobOf(6, "seagrass", { fromHour: 24 * 40, hours: 1 }),
    // Slurm never learned of its end
    jobOf(7, "seagrass", { fromHour: 50, hours: 2 }, { state: "NODE_FAIL", endSeconds: null }),
  ])
  await books.read(tenant, [tape])
  books.setNow(dayAfter("2026-10"))
  const left = ["3 unmapped", "4 provisional running", "5 provisional pending"]
  expect(await fates(tenant, "2026-10")).toEqual([
    "1 unbilled",
    "2 unbilled",
    ...left,
    "7 unbilled",
    "delta/period unbilled",
    "tape/reading/cold-2 unbilled",
  ])
  await books.bill(tenant, "2026-10")
  expect(await fates(tenant, "2026-10")).toEqual([
    "1 billed",
    "2 zero zero-seconds",
    ...left,
    "7 billed",
    "delta/period billed",
    "tape/reading/cold-2 billed",
  ])
  const { fates: told } = await books.run(fatesOfMonth(tenant, "2026-10"))
  const stands = (await books.run(receiptsOf(tenant, "2026-10"))).flatMap(({ lines }) => lines.map(({ id }) => id))
  expect(told.flatMap(({ lines }) => lines.map(({ lineId }) => lineId)).sort()).toEqual(stands.sort())
})

/** Stores what no act of the product would: the status of a receipt, or a further receipt with the given lines. */
const tamper = (tenant: string, receiptId: string, lines: ((own: readonly RatedLine[]) => readonly RatedLine[]) | null) =>
  books.run(
    Effect.gen(function* () {
      const store = yield* BillingStore
      const stored = yield* store.receipt(tenant, receiptId)
      const receipt = stored?.receipt
      if (receipt === undefined || receipt.status.kind !== "issued") throw new Error("no issued receipt")
      const { status } = receipt
      const event = { action: "test", actor: "test", requestId: "test", subject: receiptId, detail: {} }
      const own = lines?.(receipt.lines).map((line) => ({ ...line, billedMinor: 0n }))
      const twin = { ...receipt, id: `${receipt.id}0`, status: { ...status, number: `${status.number}0` }, lines: own ?? [] }
      yield* store.commit(tenant, null, () =>
        Result.succeed({
          answer: null,
          events: [event],
          ...(own === undefined
            ? {
                receiptChanges: [
                  { receiptId, from: "issued" as const, to: { ...status, kind: "void" as const, voidedAtSeconds: 1, reason: "x" } },
                ],
              }
            : { receipts: [{ receipt: twin, issuedBytes: new Uint8Array([1]) }] }),
        }),
      )
    }),
  )

it("refuses to bill and close a month in which a line stands twice or a job has no record, and names the jobs", async () => {
  const tenant = "broken-open"
  await publish(tenant)
  await books.ingest(
    tenant,
    [1, 2, 3].map((number) => jobOf(number, "seagrass", { fromHour: 5, hours: number })),
  )
  books.setNow(dayAfter("2026-10"))
  const [receipt] = (await books.bill(tenant, "2026-10")).receipts
  await tamper(tenant, receipt?.id ?? "", ([first, ...rest]) => [
    ...rest.filter(({ jobId }) => jobId === "2"),
    { ...(first as RatedLine), id: "ghost", usageId: "ci/404/1", jobId: "404" },
  ])
  const broken = [
    "In 2026-10 2 jobs, readings or period amounts are not billed exactly once.",
    "ci/2 of 2026-10 has the same line twice",
    "ci/404 of 2026-10 is billed on",
  ]
  for (const act of [books.bill(tenant, "2026-10"), books.close(tenant, "2026-10")]) {
    const message = await act.then(String, String)
    for (const text of broken) expect(message).toContain(text)
  }
  expect(await fates(tenant, "2026-10")).toEqual(["1 billed", "2 billed  billed-twice", "3 billed", "404 billed  no-record"])
})

it("names in a closed month what nobody will bill any more, and how many more there are", async () => {
  const tenant = "broken-closed"
  await publish(tenant)
  const many = Array.from({ length: 13 }, (_, index) => jobOf(index + 1, "seagrass", { fromHour: 5, hours: 2 }))
  await books.ingest(tenant, [...many, jobOf(50, "mangrove", { fromHour: 5, hours: 40 })])
  await closeMonth(tenant, "2026-10")
  expect(await findings(tenant)).toEqual([])
  await tamper(tenant, `${tenant}/2026-10/lagoon/1`, null)
  const found = await findings(tenant)
  expect(found).toHaveLength(11)
  expect(found[0]).toMatch(/^usage ci\/1\/\d+: ci\/1 of 2026-10 is not billed, .* reopen 2026-10 and bill it again\.$/)
  expect(found[10]).toBe('usages of 2026-10: 3 more: "hpc-billing fate --month 2026-10 --breaches" lists all of them')
})
