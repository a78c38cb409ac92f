import { type JobRecord, parseDecimal, type RateBook, type Reading } from "@hpc-billing/core"
import { Effect, Stream } from "effect"
import { makeClient } from "../../api/makeClient.ts"
import { ingestSource } from "../../run/ingestSource.ts"
import { publishBooks } from "../../run/publishBooks.ts"
import { ingestReadings } from "../../run/Readings.ts"
import type { PayerBook } from "../../site/PayerBook.ts"
import { contractSite } from "../contractSite.ts"
import { octoberStartSeconds, sampleRecord } from "../samples.ts"
import { code, type Planted } from "./codes.ts"
import { type Person, plantedTenant as tenant } from "./people.ts"

export const plantedMonth = "2026-10"
const month = plantedMonth
const beforeSeconds = octoberStartSeconds - 20 * 86_400

const payer = (id: string, change: Partial<PayerBook["payers"][number]>): PayerBook["payers"][number] => ({
  id,
  nameThai: id,
  nameEnglish: id,
  addressThai: "-",
  addressEnglish: "-",
  taxId: "",
  branch: "",
  tier: "crafts",
  taxTreatment: { kind: "taxable", code: "VAT7", ratePercent: "7" },
  ...change,
})

const payerBook: PayerBook = {
  format: 1,
  payers: [
    payer("guild", {
      nameEnglish: code("guild name"),
      nameThai: code("guild Thai name"),
      addressEnglish: code("guild address"),
      addressThai: code("guild Thai address"),
    }),
    payer("faculty", {
      nameEnglish: code("faculty name"),
      addressEnglish: code("faculty address"),
      taxTreatment: { kind: "out-of-scope", code: "INTERNAL", basis: code("faculty tax basis") },
    }),
    payer("hospital", { nameEnglish: code("hospital name"), addressEnglish: code("hospital address") }),
    payer("unused", { nameEnglish: code("nobody's payer") }),
  ],
  mappings: [
    ["weave", "guild"],
    ["dye", "guild"],
    ["physics", "faculty"],
    ["chem", "faculty"],
    ["ward", "hospital"],
  ].map(([account = "", payerId = ""]) => ({
    cluster: "ci",
    account,
    user: null,
    payerId,
    effectiveFrom: "2025-01-01",
    effectiveUntil: null,
  })),
}

const override = (id: string, change: Partial<RateBook["overrides"][number]>): RateBook["overrides"][number] => ({
  id,
  account: null,
  user: null,
  effectiveFrom: "2025-01-01",
  effectiveUntil: null,
  author: "somebody",
  reason: "agreed",
  factor: "0.5",
  ...change,
})

const rateBook: RateBook = {
  format: 1,
  currency: { code: "THB", exponent: 2 },
  zone: "UTC",
  cards: [
    {
      id: "list",
      version: 1,
      title: code("card title"),
      tier: "crafts",
      effectiveFrom: "2025-01-01",
      effectiveUntil: null,
      basis: "allocated",
      meters: [
        { sku: "cpu", title: code("meter title"), resource: "cpu", unit: "core-h", price: "2" },
        { sku: "storage", resource: "reading/storage", unit: "TiB-h", price: "1" },
      ],
    },
  ],
  tiers: [
    {
      name: "crafts",
      title: code("tier title"),
      rules: [
        { account: code("rule for an account") },
        { user: code("rule for a user") },
        { payer: "guild", cluster: code("rule for the guild") },
      ],
    },
  ],
  overrides: [
    override(code("override of ann: id"), {
      user: "ann",
      account: "physics",
      reason: code("override of ann: reason"),
      author: code("override of ann: author"),
    }),
    {
      id: code("override of weave: id"),
      account: "weave",
      user: null,
      effectiveFrom: "2025-01-01",
      effectiveUntil: null,
      author: "somebody",
      reason: code("override of weave: reason"),
      prices: { cpu: code("price agreed with weave") },
    },
    override("of-ward", { account: "ward", reason: code("override of ward: reason") }),
    override("of-dye", { account: "dye", reason: code("override of dye from 2199: reason"), effectiveFrom: "2199-01-01" }),
    override("of-eve", { user: code("override of eve: user"), reason: code("override of eve: reason") }),
  ],
}

const jobs = (first: number, user: string, account: string, change: Partial<JobRecord>): readonly JobRecord[] =>
  [0, 1].map((index) => sampleRecord(first + index, { user, account, ...change }))

const records: readonly JobRecord[] = [
  ...jobs(10, "ann", "physics", {
    name: code("job of ann"),
    reservation: code("reservation of ann"),
    wckey: code("wckey of ann"),
    partition: code("partition of ann"),
    nodeList: code("nodes of ann"),
  }),
  ...jobs(20, "ben", "chem", { name: code("job of ben") }),
  ...jobs(30, "cat", "weave", { name: code("job of cat") }),
  ...jobs(40, code("user in dye"), "dye", { name: code("job of gil") }),
  ...jobs(50, "dan", "ward", { name: code("job of dan") }),
  ...jobs(60, code("user without payer"), code("account without payer"), {
    name: code("job without payer"),
    submitSeconds: beforeSeconds,
    startSeconds: beforeSeconds,
    endSeconds: beforeSeconds + 3_600,
  }),
]

const reading = (id: string, account: string, what: Planted): Reading => ({
  service: "ci",
  id,
  account,
  user: "",
  resource: "storage",
  quantity: parseDecimal("720") as Reading["quantity"],
  unit: "TiB-h",
  startSeconds: octoberStartSeconds,
  endSeconds: octoberStartSeconds + 86_400,
  description: code(what),
})

/** Publishes the books and reads the records. */
export const plantBooks = Effect.gen(function* () {
  const actor = { name: "planter", requestId: "planted" }
  yield* publishBooks({ ...contractSite, tenant }, rateBook, payerBook, actor)
  const rejection = { source: "planted", lineNumber: 7, field: "User", reason: "no user", raw: code("rejected record") }
  const decoded = [...records.map((record) => ({ _tag: "Record" as const, record })), { _tag: "Rejection" as const, rejection }]
  yield* ingestSource(Stream.make(decoded), { tenant, clusters: ["ci"], source: code("source of records"), actor })
  yield* ingestReadings(tenant, [reading("1", "weave", "reading of weave"), reading("2", "ward", "reading of ward")], actor)
})

/** Finance bills the month and does everything with it that a reason or a reference is typed for. */
export const actOnPlanted = async (url: string, headersOf: (person: Person) => Readonly<Record<string, string>>): Promise<void> => {
  const finance = makeClient(url, fetch, { ...headersOf("fin"), "x-request-id": code("request id").padEnd(12, "0") })
  const params = { tenant }
  const idempotent = () => ({ idempotencyKey: crypto.randomUUID() })
  const at = (payerId: string, sequence: number) => ({ ...params, month, payer: payerId, sequence })
  const post = () => finance.journal.post({ params, payload: { month }, ...idempotent() })
  await finance.receipts.issue({ params, payload: { month }, ...idempotent() })
  await post()
  await finance.receipts.void({ params: at("faculty", 1), payload: { reason: code("reason of a void") }, ...idempotent() })
  await finance.receipts.issue({ params, payload: { month }, ...idempotent() })
  await post()
  await finance.receipts.credit({
    params: at("guild", 1),
    payload: { net: "1.00", reason: code("reason of a credit note") },
    ...idempotent(),
  })
  await finance.receipts.pay({ params: at("guild", 1), payload: { received: "0.50" }, ...idempotent() })
  await finance.receipts.writeOff({ params: at("faculty", 2), payload: { reason: code("reason of a write-off") }, ...idempotent() })
  await finance.receipts.pay({ params: at("hospital", 1), payload: {}, ...idempotent() })
  for (const [payerId, project, bank] of [
    ["guild", "project of the guild", "bank reference of the guild"],
    ["faculty", "project of the faculty", "bank reference of the faculty"],
  ] as const) {
    const of = { ...params, project: code(project) }
    await finance.prepaid.topUp({ params: of, payload: { id: code(bank), payerId, amount: "100" }, ...idempotent() })
  }
  const guild = { ...params, project: code("project of the guild") }
  await finance.prepaid.hold({ params: guild, payload: { id: code("hold of the guild"), amount: "5" }, ...idempotent() })
  await finance.periods.close({ params: { ...params, month }, ...idempotent() })
  await finance.exports.create({ params, payload: { month }, ...idempotent() })
  await finance.periods.requestReopen({ params: { ...params, month }, payload: { reason: code("reason to reopen") }, ...idempotent() })
}
