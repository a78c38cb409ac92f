import { Effect, Exit, Result, Scope, Stream } from "effect"
import { Reactivity } from "effect/reactivity"
import type { SqlClient, Statement } from "effect/sql"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import {
  octoberEndSeconds,
  octoberStartSeconds,
  openPeriod,
  sampleEntry,
  sampleEvent,
  sampleLine,
  sampleReceipt,
  sampleRecord,
} from "../../testing/samples.ts"
import { testingChain } from "../../testing/testingChain.ts"
import { testingStorage } from "../../testing/testingStorage.ts"
import type { PageRequest, StoreFunctions } from "../BillingStore.ts"
import { openPglite } from "../pglite/openPglite.ts"
import { makeSqlStore } from "./makeSqlStore.ts"

/** The client, which tells every statement that is made with it. */
const told = (sql: SqlClient.SqlClient, tell: (statement: Statement.Statement<object>) => void): SqlClient.SqlClient =>
  new Proxy(sql, {
    apply: (target, _self, [strings, ...values]: [TemplateStringsArray, ...unknown[]]) => {
      const statement = target(strings, ...values)
      tell(statement)
      return statement
    },
  })

const tenants = ["one", "two"]
const rows = 12_000
const scope = Effect.runSync(Scope.make())
let sql: SqlClient.SqlClient
let store: StoreFunctions
let made: Statement.Statement<object>[] = []

/** Fills both tenants so that reading everything costs more than an index does. */
const fill = Effect.gen(function* () {
  for (const tenant of tenants) {
    const numbers = Array.from({ length: rows }, (_, number) => number)
    yield* store.ingestRecords(
      tenant,
      numbers.map((number) => sampleRecord(number, { user: `user${number % 200}`, account: `account${number % 50}` })),
    )
    yield* store.storeRejections(
      tenant,
      numbers.slice(0, 3_000).map((lineNumber) => ({ source: "file", lineNumber, field: null, reason: "bad", raw: "" })),
    )
    const receipts = Array.from({ length: 600 }, (_, index) =>
      sampleReceipt(
        tenant,
        index,
        { kind: "draft" },
        numbers
          .slice(index * 20, index * 20 + 20)
          .map((number) => sampleLine(number, { user: `user${number % 200}`, account: `account${number % 50}` })),
      ),
    ).map((receipt, index) => ({
      ...receipt,
      month: `20${10 + (index % 60)}-10`,
      payer: { ...receipt.payer, id: `payer${index % 100}` },
    }))
    yield* store.commit(tenant, null, () =>
      Result.succeed({
        answer: null,
        events: numbers
          .slice(0, 3_000)
          .map((number) => sampleEvent(`s${number}`, { actor: `actor${number % 100}`, action: `action${number % 100}` })),
        receipts: receipts.map((receipt) => ({ receipt, issuedBytes: null })),
        periods: [openPeriod(tenant)],
        entries: numbers.slice(0, 3_000).map((number) =>
          sampleEntry(tenant, `e${number}`, 1n, {
            source: { kind: "issue", receiptId: `r${number % 500}`, receiptNumber: null },
            transfers: [{ debitAccount: `1${number % 60}`, creditAccount: `4${number % 60}`, amountMinor: 1n, payerId: "p", memo: "" }],
          }),
        ),
      }),
    )
  }
  const ingestRuns = Array.from({ length: 2_000 }, (_, run) => ({
    id: `run-${run}`,
    cluster: "ci",
    source: "file",
    startedAtSeconds: run,
    finishedAtSeconds: run,
    read: 0,
    accepted: 0,
    replaced: 0,
    known: 0,
    rejected: 0,
    cursor: null,
  }))
  yield* store.commit("two", null, () => Result.succeed({ answer: null, events: [sampleEvent("runs")], ingestRuns }))
  yield* sql`ANALYZE`
})

beforeAll(async () => {
  const opened = Effect.gen(function* () {
    sql = (yield* openPglite(yield* Effect.promise(testingStorage))).sql
    store = yield* makeSqlStore(
      told(sql, (statement) => made.push(statement)),
      testingChain,
    )
    yield* fill
  })
  await Effect.runPromise(opened.pipe(Scope.provide(scope), Effect.provide(Reactivity.layer)))
}, 180_000)

afterAll(() => Effect.runPromise(Scope.close(scope, Exit.void)))

interface PlanNode {
  readonly "Node Type": string
  readonly "Relation Name"?: string
  readonly Plans?: readonly PlanNode[]
}

// `ingest_head` has one row per tenant: read whole it costs nothing
const nodesOf = (node: PlanNode): readonly PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)]

/** The nodes of the plans of every query that the call makes. */
const plansOf = (call: () => Effect.Effect<unknown, unknown>) =>
  Effect.gen(function* () {
    made = []
    yield* call()
    const queries = made.map((statement) => statement.compile()).filter(([text]) => /^\(?SELECT/.test(text))
    const nodes: PlanNode[] = []
    for (const [text, values] of queries) {
      const [plan] = yield* sql.unsafe<{ "QUERY PLAN": readonly [{ readonly Plan: PlanNode }] }>(`EXPLAIN (FORMAT JSON) ${text}`, values)
      if (plan !== undefined) nodes.push(...nodesOf(plan["QUERY PLAN"][0].Plan))
    }
    return nodes
  })

const first: PageRequest = { cursor: null, limit: 50 }
const october = { startSeconds: octoberStartSeconds, endSeconds: octoberEndSeconds }
const hour = { startSeconds: octoberStartSeconds, endSeconds: octoberStartSeconds + 3_600 }

/** Each list from its start and from the middle. */
const paged = (list: (page: PageRequest) => Effect.Effect<{ readonly next: string | null }, unknown>) =>
  Effect.flatMap(list(first), ({ next }) => list({ ...first, cursor: next }))

const calls: readonly (readonly [name: string, sorts: boolean, call: () => Effect.Effect<unknown, unknown>])[] = [
  ["records of an hour", true, () => Stream.runDrain(store.records("two", { window: hour }))],
  [
    "records changed since",
    true,
    () =>
      Stream.runDrain(
        store.changedRecords("two", { sinceSequence: BigInt(rows - 10), asOfSequence: BigInt(rows), beforeSeconds: octoberEndSeconds }),
      ),
  ],
  ["ingested in an hour since", true, () => store.ingestedIn("two", hour, BigInt(rows - 10))],
  ["versions of a job", true, () => store.recordVersions("two", { cluster: "ci", jobId: "7" })],
  ["list of records", false, () => paged((page) => store.listRecords("two", {}, page))],
  ["list of records of a month", false, () => paged((page) => store.listRecords("two", { window: october }, page))],
  ["list of records of a user", false, () => paged((page) => store.listRecords("two", { user: "user7" }, page))],
  ["list of records of two accounts", true, () => paged((page) => store.listRecords("two", { accounts: ["account7", "account8"] }, page))],
  [
    "list of records of a partition and state",
    false,
    () => paged((page) => store.listRecords("two", { partition: "gpu", state: "COMPLETED" }, page)),
  ],
  ["list of rejections", false, () => paged((page) => store.listRejections("two", page))],
  ["list of ingest runs", false, () => paged((page) => store.listIngestRuns("two", page))],
  ["list of entries", false, () => paged((page) => store.listEntries("two", {}, page))],
  ["list of entries of a receipt", true, () => store.listEntries("two", { receiptId: "r7" }, first)],
  ["list of transfers of an account", true, () => paged((page) => store.listTransfers("two", { account: "17" }, page))],
  ["list of audit rows", false, () => paged((page) => store.listAudit("two", {}, page))],
  ["list of audit rows of an actor", true, () => store.listAudit("two", { actor: "actor7" }, first)],
  ["list of audit rows of a subject", true, () => store.listAudit("two", { subject: "s7" }, first)],
  ["receipt", true, () => store.receipt("two", "two/2026-10/physics/7")],
  ["receipt by number", true, () => store.receiptByNumber("two", "INV-1")],
  ["list of receipts", false, () => paged((page) => store.listReceipts("two", {}, page))],
  ["list of receipts of a month", true, () => store.listReceipts("two", { month: "2026-10" }, first)],
  ["list of receipts of a payer", true, () => store.listReceipts("two", { payerIds: ["payer7"] }, first)],
  ["list of lines", false, () => paged((page) => store.listLines("two", {}, page))],
  ["list of lines of a receipt", false, () => store.listLines("two", { receiptId: "two/2026-10/physics/7" }, first)],
  ["list of lines of a user", true, () => paged((page) => store.listLines("two", { user: "user7" }, page))],
  ["list of lines of accounts", true, () => paged((page) => store.listLines("two", { accounts: ["account7", "account8"] }, page))],
  ["list of lines of a job", true, () => store.listLines("two", { jobId: "7" }, first)],
  ["list of lines of a usage", true, () => store.listLines("two", { usageId: `ci/7/${octoberStartSeconds + 7}` }, first)],
  [
    "lines of usages",
    true,
    () => Stream.runDrain(store.lines("two", { usageIds: [7, 8].map((job) => `ci/${job}/${octoberStartSeconds + job}`) })),
  ],
  ["lines of whole periods in a month", true, () => Stream.runDrain(store.lines("two", { usageId: null, month: "2026-10" }))],
  ["lines that correct a month", true, () => Stream.runDrain(store.lines("two", { correctsMonth: "2026-10" }))],
]

describe("every list query uses an index", () => {
  it.each(calls)("%s", async (_name, sorts, call) => {
    const nodes = await Effect.runPromise(plansOf(call))
    const types = nodes.map((node) => node["Node Type"])
    expect(types.some((type) => /Index/.test(type))).toBe(true)
    const wholly = nodes.filter((node) => node["Node Type"] === "Seq Scan" && node["Relation Name"] !== "ingest_head")
    expect(wholly.map((node) => node["Relation Name"])).toEqual([])
    if (!sorts) expect(types).not.toContain("Sort")
  })
})
