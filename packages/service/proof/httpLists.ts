import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { addMonths, type JobRecord, monthWindow, type RateBook } from "@hpc-billing/core"
import { Clock, Effect } from "effect"
import { makeNodeHandler } from "../src/http/makeNodeHandler.ts"
import { billMonth } from "../src/run/billMonth.ts"
import { closeMonth } from "../src/run/closeMonth.ts"
import { postMonthJournal } from "../src/run/postMonthJournal.ts"
import { publishBooks } from "../src/run/publishBooks.ts"
import { recordIngestRun } from "../src/run/recordIngestRun.ts"
import type { PayerBook } from "../src/site/PayerBook.ts"
import { BillingStore, openStore } from "../src/store/index.ts"
import { contractPeople, contractRateBook, contractSite, contractTenant } from "../src/testing/contractSite.ts"
import { sampleRecord } from "../src/testing/samples.ts"
import { contractChain, contractKeys } from "../src/testing/serveContract.ts"

/**
 * With 200 000 lines in the store, 13 months of which the last two are open, lists and sums are asked for over HTTP by each kind of
 * reader: when nothing changed, and as the first to ask after a job came in. What a service answers in its first seconds, while it
 * reads its months, is printed. The clock of a machine with other work says little, so an answer is slow only when the processor
 * time of the whole process, database included, is above the limit too.
 */
const linesWanted = 200_000
const listMillisecondsMaximum = 300
const pageMillisecondsMaximum = 1_000
const openMonths = 2
const months = Array.from({ length: 13 }, (_, index) => addMonths("2025-10", index))
const [payerCount, accountCount, userCount] = [10, 40, 400]

const actor = { name: "proof", requestId: "proof" }
const numbered = (count: number, name: string): readonly string[] => Array.from({ length: count }, (_, index) => `${name}${index}`)

const payerBook: PayerBook = {
  format: 1,
  payers: numbered(payerCount, "payer").map((id) => ({
    id,
    nameThai: id,
    nameEnglish: id,
    addressThai: "",
    addressEnglish: "",
    taxId: "",
    branch: "",
    tier: "MU",
    taxTreatment: { kind: "taxable", code: "VAT7", ratePercent: "7" },
  })),
  mappings: numbered(accountCount, "account").map((account, index) => ({
    cluster: "ci",
    account,
    user: null,
    payerId: `payer${index % payerCount}`,
    effectiveFrom: "2025-01-01",
    effectiveUntil: null,
  })),
}

const linesAJob = 3
const jobsAMonth = Math.ceil(linesWanted / linesAJob / months.length)

const recordOf = (month: string, index: number): JobRecord => {
  const { startSeconds, endSeconds } = monthWindow(month, "UTC")
  const submitSeconds = startSeconds + index * Math.floor((endSeconds - startSeconds - 7_200) / (jobsAMonth + 1_000))
  return sampleRecord(months.indexOf(month) * (jobsAMonth + 1_000) + index + 1, {
    submitSeconds,
    startSeconds: submitSeconds + 10,
    endSeconds: submitSeconds + 3_610,
    user: `user${(index * 7) % userCount}`,
    account: `account${(index * 3) % accountCount}`,
    allocated: { cpu: 4, mem: 4_096, node: 1, "gres/gpu": 1 },
    nodeList: `n[${index % 50}-${(index % 50) + 1}]`,
  })
}

const recordsOf = (month: string): readonly JobRecord[] => Array.from({ length: jobsAMonth }, (_, index) => recordOf(month, index))

const program = Effect.gen(function* () {
  const store = yield* openStore({ location: { kind: "memory" }, chain: contractChain })
  const filled = Effect.gen(function* () {
    yield* publishBooks(contractSite, contractRateBook satisfies RateBook, payerBook, actor)
    for (const month of months) {
      yield* store.ingestRecords(contractTenant, recordsOf(month))
      yield* billMonth(contractTenant, month, actor)
      if (months.indexOf(month) >= months.length - openMonths) continue
      yield* postMonthJournal(contractTenant, month, actor)
      yield* closeMonth(contractTenant, month, actor)
    }
    const now = Math.floor((yield* Clock.currentTimeMillis) / 1_000)
    const run = {
      id: "proof",
      cluster: "ci",
      source: "proof",
      startedAtSeconds: now,
      finishedAtSeconds: now,
      read: 0,
      accepted: 0,
      replaced: 0,
      known: 0,
      rejected: 0,
      cursor: null,
    }
    yield* recordIngestRun(contractTenant, run, actor)
  })
  yield* Effect.provideService(filled, BillingStore, store)
  const identities = {
    researcher: { ...contractPeople.researcher, users: ["user7"] },
    owner: {
      ...contractPeople["project-owner"],
      accounts: numbered(accountCount, "account").filter((_, index) => index % payerCount === 3),
      users: [],
    },
    finance: contractPeople.finance,
    auditor: contractPeople.auditor,
  }
  const start = async (): Promise<Served> => {
    const handler = await makeNodeHandler({
      store,
      tenants: contractKeys,
      identify: async ({ headers }) => identities[headers["x-who"] as keyof typeof identities] ?? null,
      log: (record) => {
        if (record.kind === "event") console.error(record)
      },
    })
    const server = createServer(handler.handle)
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done))
    return {
      base: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/tenants/${contractTenant}`,
      close: async () => {
        server.closeAllConnections()
        server.close()
        await handler.close()
      },
    }
  }
  let more = 0
  const ingestOne = async (): Promise<void> => {
    await Effect.runPromise(store.ingestRecords(contractTenant, [recordOf(last, jobsAMonth + more)]))
    more += 1
  }
  const slow = yield* Effect.promise(() => measure(start, ingestOne))
  if (slow.length > 0) throw new Error(`slow: ${slow.join(", ")}`)
})

interface Served {
  readonly base: string
  readonly close: () => Promise<void>
}

const last = months.at(-1) as string
const asked: readonly { readonly who: string; readonly path: string; readonly isList: boolean }[] = [
  ...["researcher", "owner", "auditor"].flatMap((who) => [
    { who, path: "/jobs?limit=200", isList: true },
    { who, path: `/jobs?month=${last}&limit=200`, isList: true },
    { who, path: `/lines?month=${last}&limit=200`, isList: true },
    { who, path: "/lines?limit=200", isList: true },
    { who, path: `/summary?month=${last}`, isList: false },
    { who, path: `/costs?month=${last}&compareMonth=${addMonths(last, -1)}&by=user`, isList: false },
    { who, path: `/series?month=${last}&months=13&by=account`, isList: false },
    { who, path: `/facets?month=${last}`, isList: false },
  ]),
  { who: "auditor", path: "/jobs?user=user7&limit=200", isList: true },
  { who: "auditor", path: "/jobs?state=FAILED&partition=gpu&limit=200", isList: true },
  { who: "auditor", path: "/lines?user=user7&limit=200", isList: true },
  { who: "auditor", path: "/lines?account=account3&limit=200", isList: true },
  { who: "owner", path: "/receipts?limit=200", isList: true },
  { who: "auditor", path: "/receipts?limit=200", isList: true },
  { who: "auditor", path: "/audit?limit=200", isList: true },
  { who: "auditor", path: "/audit?action=receipt.issue&limit=200", isList: true },
  { who: "auditor", path: "/ingest/runs?limit=200", isList: true },
  { who: "auditor", path: "/journal/entries?limit=200", isList: true },
  { who: "auditor", path: "/periods", isList: true },
  { who: "finance", path: `/periods/${last}`, isList: false },
  { who: "finance", path: `/kpis?month=${last}`, isList: false },
  { who: "finance", path: `/receipts/${last}/payer3/1`, isList: false },
]

/** What each page asks for first. */
const pages: readonly { readonly who: string; readonly path: string }[] = [
  { who: "researcher", path: `/summary?month=${last}` },
  { who: "researcher", path: `/jobs?month=${last}&limit=25` },
  { who: "owner", path: `/summary?month=${months.at(-3)}` },
  { who: "owner", path: `/series?month=${last}&months=13&by=total` },
  { who: "owner", path: "/receipts?limit=25" },
  { who: "finance", path: `/periods/${last}` },
  { who: "finance", path: `/periods/${months.at(-3)}` },
  { who: "finance", path: `/receipts/${last}/payer3/1` },
  { who: "auditor", path: `/kpis?month=${months.at(-3)}` },
  { who: "auditor", path: "/audit?limit=25" },
  { who: "auditor", path: "/rates" },
]

interface Took {
  readonly milliseconds: number
  readonly processorMilliseconds: number
}

const ask = async (base: string, who: string, path: string): Promise<Took> => {
  const [startedAt, processor] = [performance.now(), process.cpuUsage()]
  const response = await fetch(`${base}${path}`, { headers: { "x-who": who } })
  const text = await response.text()
  if (!response.ok) throw new Error(`${path}: ${text}`)
  const { user, system } = process.cpuUsage(processor)
  return { milliseconds: Math.round(performance.now() - startedAt), processorMilliseconds: Math.round((user + system) / 1_000) }
}

const padded = ({ milliseconds, processorMilliseconds }: Took): string =>
  `${String(milliseconds).padStart(6)} ms (${String(processorMilliseconds).padStart(5)} of the processor)`

const isSlow = ({ milliseconds, processorMilliseconds }: Took, maximum: number): boolean =>
  Math.min(milliseconds, processorMilliseconds) > maximum

const readAll = (base: string): Promise<Took> => ask(base, "auditor", `/series?month=${last}&months=13&by=total`)

const measure = async (start: () => Promise<Served>, ingestOne: () => Promise<void>): Promise<readonly string[]> => {
  const slow: string[] = []
  const judge = (took: Took, maximum: number, what: string): void => {
    if (isSlow(took, maximum)) slow.push(`${what} ${took.milliseconds} ms, not ${maximum}`)
    console.log(`${padded(took)}  ${what}`)
  }
  const first = await start()
  console.log(`${padded(await readAll(first.base))}  ${months.length} months read, none of them kept`)
  await first.close()
  const { base, close } = await start()
  console.log(`${padded(await readAll(base))}  ${months.length} months read by a service that just started, the closed ones kept`)
  for (const { who, path } of pages) {
    await ingestOne()
    judge(await ask(base, who, path), pageMillisecondsMaximum, `${who} after a new job: ${path}`)
  }
  await readAll(base)
  for (const { who, path, isList } of asked) {
    const rounds: Took[] = []
    for (let round = 0; round < 3; round += 1) rounds.push(await ask(base, who, path))
    const worst = rounds.reduce((slowest, each) => (each.milliseconds > slowest.milliseconds ? each : slowest))
    judge(worst, isList ? listMillisecondsMaximum : pageMillisecondsMaximum, `${who}: ${path}`)
  }
  await close()
  return slow
}

await Effect.runPromise(Effect.scoped(program))
console.log(
  `${(jobsAMonth * linesAJob * months.length).toLocaleString("en")} lines: every list within ${listMillisecondsMaximum} ms, each page's first answer within ${pageMillisecondsMaximum} ms, also right after a new job`,
)
// the server's kept connections would hold the process
process.exit(0)
