import { checkRateBook, receiptFromJson } from "@hpc-billing/core"
import { type ExportFile, readCanonicalJournal, verifyExport } from "@hpc-billing/ledger"
import { Effect, Exit, Result, Scope, Stream } from "effect"
import { afterAll, beforeAll, expect, it } from "vitest"
import { nodeCryptography } from "../crypto/nodeCryptography.ts"
import { originOf, type TenantKeys } from "../keys/TenantKeys.ts"
import { auditChain } from "../store/AuditChain.ts"
import { BillingStore, openStore, type StoreFunctions } from "../store/index.ts"
import {
  octoberActor as actor,
  closeOctober,
  daysAfterOctober,
  octoberPayerBook,
  octoberRateBook,
  octoberSite,
} from "../testing/octoberBooks.ts"
import { sampleRecord } from "../testing/samples.ts"
import { testingChainKeys } from "../testing/testingChain.ts"
import { testingStorage } from "../testing/testingStorage.ts"
import { billMonth } from "./billMonth.ts"
import { readCreditNote } from "./CreditNote.ts"
import { creditReceipt } from "./creditReceipt.ts"
import { exportMonth } from "./exportMonth.ts"
import { ingestSource } from "./ingestSource.ts"
import { postMonthJournal } from "./postMonthJournal.ts"
import { printCreditNote } from "./printCreditNote.ts"
import { publishBooks } from "./publishBooks.ts"
import { recomputeMonth } from "./recomputeMonth.ts"

const keys: TenantKeys = {
  audit: testingChainKeys,
  auditGenesisPublicKey: nodeCryptography.ed25519PublicKey(testingChainKeys.signingSeed),
  export: { signingSeed: new Uint8Array(32).fill(3), hmacKey: new Uint8Array(32).fill(4) },
}

const [card] = octoberRateBook.cards
const rateBook = Result.getOrThrow(
  checkRateBook({
    ...octoberRateBook,
    cards: [
      {
        ...card,
        tax: {
          codes: {
            education: { kind: "exempt", basis: { th: "ป.รัษฎากร ม.81(1)(ช)", en: "Revenue Code s.81(1)(g)" } },
            equipment: { kind: "taxable", ratePercent: "10" },
          },
        },
        meters: [
          ...(card?.meters ?? []),
          { sku: "mem", resource: "mem", unit: "GiB-h", price: "1.111", tax: "education" },
          { sku: "node", resource: "node", unit: "node-h", price: "0.333", tax: "equipment" },
        ],
      },
    ],
  }),
)

const payerBook = {
  ...octoberPayerBook,
  payers: octoberPayerBook.payers.map((payer) =>
    payer.id === "kelp" ? { ...payer, taxTreatment: { kind: "out-of-scope", code: "INT", basis: "one legal person" } as const } : payer,
  ),
}

const chain = auditChain(nodeCryptography, (tenant) => ({ origin: originOf(tenant), keys: testingChainKeys }))
const scope = Effect.runSync(Scope.make())
let store: StoreFunctions

beforeAll(async () => {
  store = await Effect.runPromise(Scope.provide(openStore({ location: await testingStorage(), chain }), scope))
})

afterAll(() => Effect.runPromise(Scope.close(scope, Exit.void)))

const run = <A, E>(work: Effect.Effect<A, E, BillingStore>): Promise<A> =>
  Effect.runPromise(work.pipe(Effect.provideService(BillingStore, store), daysAfterOctober(1)))

const textOf = (files: readonly ExportFile[], path: string): string =>
  new TextDecoder().decode(files.find((file) => file.path === path)?.bytes)

it("a receipt of three tax codes is issued, booked, credited, exported and verified", async () => {
  const tenant = "taxes"
  const files = await run(
    Effect.gen(function* () {
      yield* publishBooks(octoberSite(tenant), rateBook, payerBook, actor)
      const records = Array.from({ length: 30 }, (_, index) => ({ _tag: "Record" as const, record: sampleRecord(index + 1) }))
      yield* ingestSource(Stream.make(records), { tenant, clusters: ["ci"], source: "test", actor })
      const { receipts } = yield* billMonth(tenant, "2026-10", actor)
      expect(receipts.map(({ payer, taxes }) => [payer.id, taxes.map((tax) => [tax.code, tax.netMinor, tax.taxMinor])])).toEqual([
        [
          "coral",
          [
            ["VAT7", 10_000n, 700n],
            ["education", 4_444n, 0n],
            ["equipment", 333n, 33n],
          ],
        ],
        ["kelp", [["INT", 29_554n, 0n]]],
      ])
      yield* postMonthJournal(tenant, "2026-10", actor)
      yield* closeOctober(tenant)
      return (yield* exportMonth(tenant, "2026-10", keys, actor)).files
    }),
  )

  expect(verifyExport(nodeCryptography, files, {}).findings).toEqual([])
  expect(recomputeMonth(files)).toEqual([])

  const journal = readCanonicalJournal(textOf(files, "journal.jsonl"))
  if ("badLine" in journal) throw new Error("no journal")
  const issued = journal.find(({ id }) => id === `${tenant}/2026-10/coral/1/issued`)
  expect(issued?.transfers.map(({ memo, creditAccount, amountMinor }) => [memo, creditAccount, amountMinor])).toEqual([
    ["net", "1150", 14_777n],
    ["tax VAT7", "2110", 700n],
    ["tax equipment", "2110", 33n],
  ])

  const [document] = JSON.parse(textOf(files, "e-tax.json"))
  expect(document).toMatchObject({
    TypeCode: "388",
    TradeTax: [
      { TypeCode: "VAT", CalculatedRate: "7", BasisAmount: "100.00", CalculatedAmount: "7.00" },
      { TypeCode: "FRE", CalculatedRate: "0", BasisAmount: "44.44", CalculatedAmount: "0.00" },
      { TypeCode: "VAT", CalculatedRate: "10", BasisAmount: "3.33", CalculatedAmount: "0.33" },
    ],
    TaxTotalAmount: "7.33",
    GrandTotalAmount: "155.10",
  })
  expect(
    textOf(files, "focus-1.3.csv")
      .split("\r\n")
      .filter((row) => row.includes(",Tax,"))
      .map((row) => /(VAT7 7%|equipment 10%)/.exec(row)?.[0]),
  ).toEqual(["VAT7 7%", "equipment 10%"])

  const receipt = Result.getOrThrow(receiptFromJson(JSON.parse(textOf(files, "receipts/R2026-000001.json"))))
  const stored = (await run(store.receipt(tenant, receipt.id)))?.receipt
  expect(stored).toEqual(receipt)
  expect(receipt.taxes[1]).toMatchObject({ basis: "Revenue Code s.81(1)(g)", basisThai: "ป.รัษฎากร ม.81(1)(ช)" })

  const part = await run(creditReceipt(tenant, receipt.id, { netMinor: 1_000n, reason: "node failed" }, actor))
  expect(part).toMatchObject({ netMinor: 1_000n, taxMinor: 49n })
  const rest = await run(creditReceipt(tenant, receipt.id, { netMinor: null, reason: "all of it" }, actor))
  expect(rest).toMatchObject({ netMinor: 13_777n, taxMinor: 684n })
  const taxesOf = async (number: string) =>
    (await run(readCreditNote(tenant, number)))?.taxes?.map(({ code, netMinor, taxMinor, earlierNetMinor, earlierTaxMinor }) =>
      [code, netMinor, taxMinor, earlierNetMinor, earlierTaxMinor].join(" "),
    )
  expect(await taxesOf(part.number)).toEqual(["VAT7 677 47 0 0", "education 301 0 0 0", "equipment 22 2 0 0"])
  expect(await taxesOf(rest.number)).toEqual(["VAT7 9323 653 677 47", "education 4143 0 301 0", "equipment 311 31 22 2"])
  const { bytes } = await run(printCreditNote(tenant, rest.number, actor))
  expect(bytes.length).toBeGreaterThan(10_000)
})
