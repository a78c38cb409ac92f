import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { addMonths, type JobRecord, monthWindow, type RateBook } from "@hpc-billing/core"
import { Clock, Effect } from "effect"
import { makeNodeHandler } from "../src/http/makeNodeHandler.ts"
import { billMonth } from "../src/run/billMonth.ts"
import { publishBooks } from "../src/run/publishBooks.ts"
import type { PayerBook } from "../src/site/PayerBook.ts"
import { BillingStore, openStore } from "../src/store/index.ts"
import { contractPeople, contractRateBook, contractSite, contractTenant } from "../src/testing/contractSite.ts"
import { sampleRecord } from "../src/testing/samples.ts"
import { contractChain, contractKeys } from "../src/testing/serveContract.ts"

/**
 * With 200 000 lines in the store, lists and sums are asked for over HTTP by each kind of reader: what a list may take is asserted,
 * the rest is printed. It is measured once the months have been read, which the service does when it starts.
 */
const linesWanted = 200_000
const listMillisecondsMaximum = 300
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

const recordsOf = (month: string): readonly JobRecord[] => {
  const { startSeconds, endSeconds } = monthWindow(month, "UTC")
  const step = Math.floor((endSeconds - startSeconds - 7_200) / jobsAMonth)
  return Array.from({ length: jobsAMonth }, (_, index) => {
    const submitSeconds = startSeconds + index * step
    const number = months.indexOf(month) * jobsAMonth + index + 1
    return sampleRecord(number, {
      submitSeconds,
      startSeconds: submitSeconds + 10,
      endSeconds: submitSeconds + 3_610,
      user: `user${(index * 7) % userCount}`,
      account: `account${(index * 3) % accountCount}`,
      allocated: { cpu: 4, mem: 4_096, node: 1, "gres/gpu": 1 },
      nodeList: `n[${index % 50}-${(index % 50) + 1}]`,
    })
  })
}

const program = Effect.gen(function* () {
  const store = yield* openStore({ location: { kind: "memory" }, chain: contractChain })
  const filled = Effect.gen(function* () {
    yield* publishBooks(contractSite, contractRateBook satisfies RateBook, payerBook, actor)
    for (const month of months) {
      yield* store.ingestRecords(contractTenant, recordsOf(month))
      yield* billMonth(contractTenant, month, actor)
    }
    const now = Math.floor((yield* Clock.currentTimeMillis) / 1_000)
    yield* store.recordIngestRun(contractTenant, {
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
    })
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
  const handler = yield* Effect.promise(() =>
    makeNodeHandler({
      store,
      tenants: contractKeys,
      identify: async ({ headers }) => identities[headers["x-who"] as keyof typeof identities] ?? null,
      log: (record) => {
        if (record.kind === "event") console.error(record)
      },
    }),
  )
  const server = createServer(handler.handle)
  yield* Effect.promise(() => new Promise<void>((done) => server.listen(0, "127.0.0.1", done)))
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/tenants/${contractTenant}`
  const slow = yield* Effect.promise(() => measure(base))
  server.closeAllConnections()
  server.close()
  yield* Effect.promise(handler.close)
  if (slow.length > 0) throw new Error(`slower than ${listMillisecondsMaximum} ms: ${slow.join(", ")}`)
})

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

const measure = async (base: string): Promise<readonly string[]> => {
  const slow: string[] = []
  const startedAt = performance.now()
  await (await fetch(`${base}/series?month=${last}&months=13&by=total`, { headers: { "x-who": "auditor" } })).text()
  console.log(`${months.length} months read after the start in ${Math.round(performance.now() - startedAt)} ms`)
  for (const { who, path, isList } of asked) {
    const times: number[] = []
    for (let round = 0; round < 4; round += 1) {
      const startedAt = performance.now()
      const response = await fetch(`${base}${path}`, { headers: { "x-who": who } })
      const text = await response.text()
      if (!response.ok) throw new Error(`${path}: ${text}`)
      times.push(Math.round(performance.now() - startedAt))
    }
    const [first = 0, ...warm] = times
    const worst = Math.max(...warm)
    if (isList && worst > listMillisecondsMaximum) slow.push(`${who} ${path} ${worst} ms`)
    console.log(`${who.padEnd(10)} ${String(first).padStart(6)} ms first ${String(worst).padStart(5)} ms then  ${path}`)
  }
  return slow
}

await Effect.runPromise(Effect.scoped(program))
console.log(`${(jobsAMonth * linesAJob * months.length).toLocaleString("en")} lines: every list within ${listMillisecondsMaximum} ms`)
