import assert from "node:assert/strict"
import { createHash } from "node:crypto"
import type { JobRecord } from "@hpc-billing/core"
import { decodeEvent, encodeChainHead, fingerprintOf, makeChainVerifier } from "@hpc-billing/ledger"
import { Clock, Effect, Result, Stream } from "effect"
import { nodeCryptography } from "../crypto/nodeCryptography.ts"
import type { Page, PageRequest, StoreFunctions } from "../store/BillingStore.ts"
import type { StoreError } from "../store/StoreError.ts"
import { actConformance } from "./actConformance.ts"
import { type ConformanceCase, check, numbers, plan, refusal } from "./conformanceCase.ts"
import {
  octoberEndSeconds,
  octoberStartSeconds,
  openPeriod,
  sampleEntry,
  sampleEvent,
  sampleLine,
  sampleReceipt,
  sampleRecord,
} from "./samples.ts"
import { testingChain, testingChainKeys } from "./testingChain.ts"
import { testingClock } from "./testingClock.ts"

const october = { startSeconds: octoberStartSeconds, endSeconds: octoberEndSeconds }

/** Every row of a list, by pages of the given size. */
const allPages = <A>(limit: number, list: (page: PageRequest) => Effect.Effect<Page<A>, StoreError>) =>
  Effect.gen(function* () {
    const rows: A[] = []
    let cursor: string | null = null
    do {
      const page: Page<A> = yield* list({ cursor, limit })
      assert.ok(page.rows.length <= limit)
      rows.push(...page.rows)
      cursor = page.next
    } while (cursor !== null)
    return rows
  })

/** I14: the chain as stored is whole and signed, and as long as the head says. */
export const verifyStoredChain = (store: StoreFunctions, tenant: string) =>
  Effect.gen(function* () {
    const publicKey = nodeCryptography.ed25519PublicKey(testingChainKeys.signingSeed)
    const verifier = makeChainVerifier(nodeCryptography, {
      chain: 1,
      origin: `testing/${tenant}`,
      publicKey,
      publicKeyFingerprint: fingerprintOf(nodeCryptography, publicKey),
      macKey: testingChainKeys.macKey,
    })
    yield* Stream.runForEach(store.auditRecords(tenant, 1n), (record) =>
      Effect.sync(() => verifier.push(record, record.projection ?? undefined)),
    )
    const report = verifier.finish()
    assert.deepEqual(report.firstBad, null)
    assert.equal(report.size, (yield* store.head(tenant)).chain.sequence)
    return report
  })

/** The events of the chain in order, its checkpoints left out. */
const storedEvents = (store: StoreFunctions, tenant: string) =>
  Effect.map(Stream.runCollect(store.auditRecords(tenant, 1n)), (records) => records.flatMap((record) => decodeEvent(record.payload) ?? []))

/** I3 and I1: stored balances are the fold of the stored transfers, and sum to zero. */
export const verifyBalances = (store: StoreFunctions, tenant: string) =>
  Effect.gen(function* () {
    const fold = new Map<string, bigint>()
    const add = (key: string, amount: bigint) => fold.set(key, (fold.get(key) ?? 0n) + amount)
    let position = 0n
    yield* Stream.runForEach(store.entries(tenant, {}), (posted) =>
      Effect.sync(() => {
        position += 1n
        assert.equal(posted.position, position, "positions are dense")
        for (const transfer of posted.entry.transfers) {
          add(`${transfer.debitAccount}/${posted.entry.currency}/${posted.entry.month}/debit`, transfer.amountMinor)
          add(`${transfer.creditAccount}/${posted.entry.currency}/${posted.entry.month}/credit`, transfer.amountMinor)
        }
      }),
    )
    let sum = 0n
    const stored = new Map<string, bigint>()
    for (const balance of yield* store.balances(tenant, null)) {
      sum += balance.debitMinor - balance.creditMinor
      const key = `${balance.account}/${balance.currency}/${balance.month}`
      if (balance.debitMinor > 0n) stored.set(`${key}/debit`, balance.debitMinor)
      if (balance.creditMinor > 0n) stored.set(`${key}/credit`, balance.creditMinor)
    }
    assert.equal(sum, 0n)
    assert.deepEqual(new Map([...stored].sort()), new Map([...fold].sort()))
  })

export const storeConformance: readonly ConformanceCase[] = [
  check("job records: read twice is known, newer replaces, older loses, all versions stay", function* (store, tenant) {
    const records = numbers(50).map((number) => sampleRecord(number))
    assert.deepEqual(yield* store.ingestRecords(tenant, records), { accepted: 50, replaced: 0, known: 0 })
    assert.deepEqual(yield* store.ingestRecords(tenant, records), { accepted: 0, replaced: 0, known: 50 })
    assert.equal(yield* store.ingestHead(tenant), 50n)

    const corrected = sampleRecord(7, { account: "corrected" })
    const running = sampleRecord(8, { endSeconds: null, state: "RUNNING" })
    assert.deepEqual(yield* store.ingestRecords(tenant, [corrected, running]), { accepted: 0, replaced: 1, known: 1 })
    assert.deepEqual(yield* store.ingestRecords(tenant, [running, corrected]), { accepted: 0, replaced: 0, known: 2 })
    assert.deepEqual(yield* store.ingestRecords(tenant, records), { accepted: 0, replaced: 0, known: 50 })

    const versions = yield* store.recordVersions(tenant, { cluster: "ci", jobId: "7" })
    assert.deepEqual(
      versions.map(({ record, ingestSequence, replacedBy }) => [record.account, ingestSequence, replacedBy]),
      [
        ["account1", 8n, 51n],
        ["corrected", 51n, null],
      ],
    )
    const lost = yield* store.recordVersions(tenant, { cluster: "ci", jobId: "8", submitSeconds: octoberStartSeconds + 8 })
    assert.deepEqual(
      lost.map(({ record, ingestSequence, replacedBy }) => [record.state, ingestSequence, replacedBy]),
      [
        ["COMPLETED", 9n, null],
        ["RUNNING", null, 9n],
      ],
    )
  }),

  check("job records: what Slurm says last stands, also when it goes back; no file read again undoes it", function* (store, tenant) {
    const kinds = ["pull", "file"] as const
    const contents = ["physics", "chem"]
    const sightings = kinds.flatMap((kind) => contents.map((account) => ({ kind, account })))
    // every way to read one job four times, each way on a job of its own
    const ways = numbers(sightings.length ** 4).map((way) =>
      numbers(4).map((step) => sightings[Math.floor(way / sightings.length ** step) % sightings.length] as (typeof sightings)[number]),
    )
    let nowSeconds = octoberEndSeconds
    const clock = testingClock(() => nowSeconds)
    const expected = ways.map(() => ({ account: "", seen: new Set<string>() }))
    const heads: { readonly head: bigint; readonly accounts: readonly string[] }[] = []
    for (const step of numbers(4)) {
      for (const kind of kinds) {
        const read = ways.flatMap((way, job) => (way[step]?.kind === kind ? [{ job, account: way[step].account }] : []))
        for (const { job, account } of read) {
          const known = expected[job] as (typeof expected)[number]
          if (kind === "pull" || !known.seen.has(account)) known.account = account
          known.seen.add(account)
        }
        nowSeconds += 3_600
        const records = read.map(({ job, account }) => sampleRecord(job, { account }))
        const asOf = kind === "pull" ? BigInt(nowSeconds - 1) * 1_000_000n : undefined
        yield* Effect.provideService(store.ingestRecords(tenant, records, asOf), Clock.Clock, clock)
        heads.push({ head: yield* store.ingestHead(tenant), accounts: expected.map(({ account }) => account) })
      }
    }
    for (const { head, accounts } of heads) {
      const then = yield* Stream.runCollect(store.records(tenant, { window: october, asOfSequence: head }))
      const stored = new Map(then.map((record) => [record.jobId, record.account]))
      assert.equal(stored.size, then.length)
      assert.deepEqual(
        accounts.map((_, job) => stored.get(String(job)) ?? ""),
        accounts,
      )
    }
  }),

  check("job records: with known instants the later stands, in whatever order they are read", function* (store, tenant) {
    const instants = numbers(4)
    const orders = numbers(4 ** 4)
      .map((order) => instants.map((step) => Math.floor(order / 4 ** step) % 4))
      .filter((order) => new Set(order).size === 4)
    const said = (job: number, instant: number) => sampleRecord(job, { account: `account at ${instant}` })
    const read = (instant: number, jobs: readonly number[]) =>
      store.ingestRecords(
        tenant,
        jobs.map((job) => said(job, instant)),
        BigInt(instant),
      )
    for (const step of instants) {
      for (const instant of instants) {
        yield* read(
          instant,
          orders.flatMap((order, job) => (order[step] === instant ? [job] : [])),
        )
      }
    }
    const current = () => Stream.runCollect(store.records(tenant, { window: october }))
    const last = (yield* current()).map(({ account }) => account)
    assert.deepEqual(
      last,
      orders.map(() => "account at 3"),
    )
    const head = yield* store.ingestHead(tenant)
    for (const instant of instants) yield* read(instant, [...orders.keys()])
    assert.equal(yield* store.ingestHead(tenant), head)

    // an older reading fills what the newer does not know, and an ended one stands before a running one of any age
    const ended = sampleRecord(100, { energyJoules: 7n })
    yield* store.ingestRecords(tenant, [{ ...ended, account: "moved", energyJoules: null }], 9n)
    yield* store.ingestRecords(tenant, [ended], 8n)
    yield* store.ingestRecords(tenant, [{ ...ended, state: "RUNNING", endSeconds: null }], 10n)
    const standing = (yield* current()).find(({ jobId }) => jobId === "100")
    assert.deepEqual([standing?.account, standing?.energyJoules, standing?.state], ["moved", 7n, "COMPLETED"])
  }),

  check("job records: a key repeated in one batch is one job", function* (store, tenant) {
    const running = sampleRecord(1, { endSeconds: null, state: "RUNNING" })
    const ended = sampleRecord(1)
    assert.deepEqual(yield* store.ingestRecords(tenant, [running, ended, ended, running]), { accepted: 1, replaced: 1, known: 2 })
    const current = yield* Stream.runCollect(store.records(tenant, { window: october }))
    assert.deepEqual(current, [ended])

    const moved = sampleRecord(1, { account: "moved" })
    assert.deepEqual(yield* store.ingestRecords(tenant, [moved, ended]), { accepted: 0, replaced: 1, known: 1 })
    const back = BigInt(octoberEndSeconds) * 1_000_000_000n
    assert.deepEqual(yield* store.ingestRecords(tenant, [ended, moved], back), { accepted: 0, replaced: 1, known: 1 })
    assert.deepEqual(yield* store.ingestRecords(tenant, [ended, moved], back), { accepted: 0, replaced: 0, known: 2 })
  }),

  check("job records: come back as they went in", function* (store, tenant) {
    const records: readonly JobRecord[] = [
      sampleRecord(1, { suspendedWindows: [{ startSeconds: octoberStartSeconds + 20, endSeconds: octoberStartSeconds + 30 }] }),
      sampleRecord(2, { energyJoules: null, consumedCpuMilliseconds: null, consumedMemoryBytesMaximum: null, timeLimitSeconds: null }),
      sampleRecord(3, { name: 'ผลลัพธ์ | "quoted" \\ \u0000 \n', allocated: { "gres/gpu": 4, cpu: 1, "gres/gpu:a100": 4 } }),
    ]
    yield* store.ingestRecords(tenant, records)
    const back = yield* Stream.runCollect(store.records(tenant, { window: october }))
    const byJob = (left: JobRecord, right: JobRecord) => Number(left.jobId) - Number(right.jobId)
    assert.deepEqual([...back].sort(byJob), records)
  }),

  check("job records: a window holds what runs in it, and each record without run in one month only", function* (store, tenant) {
    const never = (number: number, atSeconds: number) =>
      sampleRecord(number, { startSeconds: null, endSeconds: atSeconds, state: "CANCELLED" })
    const run = (number: number, startSeconds: number, endSeconds: number | null) => sampleRecord(number, { startSeconds, endSeconds })
    yield* store.ingestRecords(tenant, [
      run(1, october.startSeconds - 10, october.startSeconds),
      run(2, october.startSeconds - 10, october.startSeconds + 1),
      run(3, october.endSeconds - 1, october.endSeconds + 10),
      run(4, october.endSeconds, october.endSeconds + 10),
      run(5, october.startSeconds - 10, null),
      run(6, october.startSeconds, october.startSeconds),
      never(7, october.startSeconds),
      never(8, october.endSeconds),
      never(9, october.endSeconds - 1),
    ])
    const ids = (window: typeof october) =>
      Effect.map(Stream.runCollect(store.records(tenant, { window })), (rows) => rows.map((record) => record.jobId).sort())
    assert.deepEqual(yield* ids(october), ["2", "3", "5", "6", "7", "9"])
    assert.deepEqual(yield* ids({ startSeconds: october.endSeconds, endSeconds: october.endSeconds + 100 }), ["3", "4", "5", "8"])
  }),

  check("job records: the head of then gives the records of then", function* (store, tenant) {
    yield* store.ingestRecords(tenant, [sampleRecord(1), sampleRecord(2)])
    const then = yield* store.ingestHead(tenant)
    yield* store.ingestRecords(tenant, [sampleRecord(2, { account: "later" }), sampleRecord(3)])
    const accounts = (asOfSequence?: bigint) =>
      Effect.map(
        Stream.runCollect(store.records(tenant, asOfSequence === undefined ? { window: october } : { window: october, asOfSequence })),
        (rows) => rows.map((record) => `${record.jobId} ${record.account}`).sort(),
      )
    assert.deepEqual(yield* accounts(then), ["1 account1", "2 account2"])
    assert.deepEqual(yield* accounts(), ["1 account1", "2 later", "3 account0"])
  }),

  check("job records: what changed before an instant, with every attempt of the job", function* (store, tenant) {
    const end = october.endSeconds
    const late = (number: number, change: Partial<JobRecord> = {}) =>
      sampleRecord(number, { submitSeconds: end + number, startSeconds: end + number, endSeconds: end + 3_600, ...change })
    const resized = sampleRecord(5, { submitSeconds: octoberStartSeconds + 900 })
    yield* store.ingestRecords(tenant, [sampleRecord(1), sampleRecord(2), sampleRecord(5), resized, sampleRecord(6)])
    const then = yield* store.ingestHead(tenant)
    const moved = sampleRecord(2, { startSeconds: end + 60, endSeconds: end + 120 })
    const ended = sampleRecord(5, { state: "RESIZING" })
    const carried = late(8, { startSeconds: end - 5 })
    yield* store.ingestRecords(tenant, [moved, ended, late(7), carried, sampleRecord(9, { account: "first" })])
    const middle = yield* store.ingestHead(tenant)
    yield* store.ingestRecords(tenant, [sampleRecord(9, { account: "second" }), sampleRecord(10)])
    const changed = (sinceSequence: bigint, asOfSequence: bigint, beforeSeconds: number) =>
      Effect.map(Stream.runCollect(store.changedRecords(tenant, { sinceSequence, asOfSequence, beforeSeconds })), (records) =>
        records
          .map(({ jobId, submitSeconds, state, account }) => `${jobId} ${submitSeconds - octoberStartSeconds} ${state} ${account}`)
          .sort(),
      )
    assert.deepEqual(
      yield* changed(then, middle, end),
      [
        "2 2 COMPLETED account2",
        "5 5 RESIZING account2",
        "5 900 COMPLETED account2",
        `8 ${end + 8 - octoberStartSeconds} COMPLETED account2`,
        "9 9 COMPLETED first",
      ].sort(),
    )
    assert.deepEqual(yield* changed(middle, yield* store.ingestHead(tenant), end), ["10 10 COMPLETED account1", "9 9 COMPLETED second"])
    assert.deepEqual(yield* changed(then, then, end), [])
    assert.deepEqual(yield* changed(0n, then, octoberStartSeconds), [])
  }),

  check("job records: what was ingested in a window since then, also what lay in it before", function* (store, tenant) {
    const [hour, day] = [3_600, 86_400]
    const at = (number: number, startSeconds: number, endSeconds: number) =>
      sampleRecord(number, { submitSeconds: october.startSeconds + number, startSeconds, endSeconds })
    const [start, end] = [october.startSeconds, october.endSeconds]
    yield* store.ingestRecords(tenant, [at(1, start + day, start + 2 * day), at(2, end, end + hour)])
    const later = { startSeconds: end, endSeconds: end + day }
    assert.deepEqual([yield* store.ingestedIn(tenant, october, 0n), yield* store.ingestedIn(tenant, later, 0n)], [1n, 2n])
    assert.deepEqual([yield* store.ingestedIn(tenant, october, 2n), yield* store.ingestedIn(tenant, later, 2n)], [2n, 2n])
    yield* store.ingestRecords(tenant, [at(3, end + hour, end + 2 * hour)])
    assert.deepEqual([yield* store.ingestedIn(tenant, october, 2n), yield* store.ingestedIn(tenant, later, 2n)], [2n, 3n])
    yield* store.ingestRecords(tenant, [{ ...at(1, end + day, end + 2 * day), account: "moved" }])
    assert.deepEqual([yield* store.ingestedIn(tenant, october, 3n), yield* store.ingestedIn(tenant, later, 3n)], [4n, 3n])
  }),

  check("job records: the attempts of jobs that have more than one, as they stand now", function* (store, tenant) {
    const at = (number: number, submitSeconds: number, over: Partial<JobRecord> = {}) => sampleRecord(number, { submitSeconds, ...over })
    const start = october.startSeconds
    yield* store.ingestRecords(tenant, [at(1, start), at(2, start + 20), at(3, start), at(2, start), at(4, start, { cluster: "other" })])
    yield* store.ingestRecords(tenant, [at(2, start, { account: "later" }), at(3, start, { account: "later" }), at(4, start)])
    const repeated = yield* Stream.runCollect(store.repeatedJobs(tenant))
    assert.deepEqual(
      repeated.map(({ jobId, submitSeconds, account }) => [jobId, submitSeconds - start, account]),
      [
        ["2", 0, "later"],
        ["2", 20, "account2"],
      ],
    )
  }),

  check("job records: concurrent batches make one dense sequence", function* (store, tenant) {
    const batches = numbers(8).map((batch) => numbers(40).map((number) => sampleRecord(batch * 20 + number)))
    const counts = yield* Effect.forEach(batches, (batch) => store.ingestRecords(tenant, batch), { concurrency: "unbounded" })
    assert.equal(
      counts.reduce((sum, { accepted }) => sum + accepted, 0),
      180,
    )
    const versions = yield* Effect.forEach(numbers(180), (number) => store.recordVersions(tenant, { cluster: "ci", jobId: String(number) }))
    const sequences = versions.flat().map(({ ingestSequence }) => ingestSequence ?? 0n)
    assert.deepEqual(
      sequences.sort((left, right) => (left < right ? -1 : 1)),
      numbers(180).map((number) => BigInt(number + 1)),
    )
  }),

  check("lists: pages hold every row once, in order, for every filter", function* (store, tenant) {
    const records = numbers(57).map((number) => sampleRecord(number, { startSeconds: octoberStartSeconds + (number % 4) }))
    yield* store.ingestRecords(tenant, records)
    const filters = [
      [{}, () => true],
      [{ user: "user2" }, (record: JobRecord) => record.user === "user2"],
      [{ accounts: ["account0", "account2"] }, (record: JobRecord) => record.account !== "account1"],
      [{ accounts: [] }, () => false],
      [{ partition: "gpu", state: "COMPLETED" }, (record: JobRecord) => record.partition === "gpu"],
      [{ cluster: "other" }, () => false],
      [
        { window: { startSeconds: 0, endSeconds: octoberStartSeconds + 2 } },
        (record: JobRecord) => (record.startSeconds ?? 0) < octoberStartSeconds + 2,
      ],
    ] as const
    for (const [filter, wanted] of filters) {
      const rows = yield* allPages(10, (page) => store.listRecords(tenant, filter, page))
      assert.deepEqual(
        rows.map((record) => record.jobId).sort(),
        records
          .filter(wanted)
          .map((record) => record.jobId)
          .sort(),
      )
      const starts = rows.map((record) => record.startSeconds ?? 0)
      assert.deepEqual(
        starts,
        [...starts].sort((left, right) => right - left),
      )
    }
  }),

  check("lists: a made-up cursor or limit is refused with a sentence", function* (store, tenant) {
    const cursors = ["x", "", "bnVsbA", Buffer.from('["a"]').toString("base64url"), Buffer.from('["a","b","c","d"]').toString("base64url")]
    for (const cursor of cursors) {
      assert.equal(yield* refusal(store.listRecords(tenant, {}, { cursor, limit: 5 })), "InvalidPage")
      assert.equal(yield* refusal(store.listAudit(tenant, {}, { cursor, limit: 5 })), "InvalidPage")
    }
    for (const limit of [0, -1, 1.5, 1_001, Number.NaN]) {
      assert.equal(yield* refusal(store.listRecords(tenant, {}, { cursor: null, limit })), "InvalidPage")
    }
  }),

  check("texts: what a column cannot hold is no error, neither stored nor asked for", function* (store, tenant) {
    const odd = sampleRecord(1, { user: "a\u0000b", account: "'; DROP TABLE job_record; --", name: "\ud800" })
    yield* store.ingestRecords(tenant, [odd])
    assert.equal((yield* store.listRecords(tenant, { user: "a\u0000b" }, { cursor: null, limit: 5 })).rows.length, 1)
    assert.equal((yield* store.listRecords(tenant, { accounts: [odd.account, "\u0000"] }, { cursor: null, limit: 5 })).rows.length, 1)
    assert.equal(yield* store.receipt(tenant, "\u0000"), null)
    assert.deepEqual((yield* store.listLines(tenant, { jobId: "\u0000" }, { cursor: null, limit: 5 })).rows, [])
    yield* store.commit(tenant, { key: "a\u0000b", bodySha256: "x" }, () =>
      plan("a\u0000b", { events: [sampleEvent("a\u0000b", { actor: "\u0000" })] }),
    )
    assert.equal((yield* store.listAudit(tenant, { actor: "\u0000" }, { cursor: null, limit: 5 })).rows.length, 1)
    yield* verifyStoredChain(store, tenant)
  }),

  check("rejections and runs: kept once, listed newest first, with the cluster's cursor", function* (store, tenant) {
    const rejection = { source: "sacct.txt", lineNumber: 3, field: "End", reason: "End is no time", raw: "1|ก|\u0000" }
    assert.equal(yield* store.storeRejections(tenant, [rejection, { ...rejection, lineNumber: 4 }, rejection]), 2)
    assert.equal(yield* store.storeRejections(tenant, [rejection]), 0)
    const listed = yield* allPages(1, (page) => store.listRejections(tenant, page))
    assert.deepEqual(
      [...listed].sort((left, right) => (left.lineNumber ?? 0) - (right.lineNumber ?? 0)),
      [rejection, { ...rejection, lineNumber: 4 }],
    )

    const run = (id: string, startedAtSeconds: number, cursor: string | null) => ({
      id,
      cluster: "ci",
      source: "sacct.txt",
      startedAtSeconds,
      finishedAtSeconds: startedAtSeconds + 1,
      read: 10,
      accepted: 5,
      replaced: 1,
      known: 2,
      rejected: 2,
      cursor,
    })
    assert.equal(yield* store.ingestCursor(tenant, "ci"), null)
    const keep = (kept: ReturnType<typeof run>) => store.commit(tenant, null, () => plan(kept.id, { ingestRuns: [kept] }))
    yield* keep(run("a", 100, "2026-10-01"))
    yield* keep(run("b", 200, null))
    assert.equal(yield* refusal(keep(run("b", 300, null))), "Conflict")
    assert.deepEqual(yield* store.ingestRun(tenant, "a"), run("a", 100, "2026-10-01"))
    assert.equal(yield* store.ingestRun(tenant, "c"), null)
    assert.deepEqual([...(yield* store.ingestCursors(tenant))], [["ci", "2026-10-01"]])
    assert.equal(yield* store.ingestCursor(tenant, "ci"), "2026-10-01")
    assert.deepEqual(yield* allPages(1, (page) => store.listIngestRuns(tenant, page)), [run("b", 200, null), run("a", 100, "2026-10-01")])
  }),

  check(
    "I10 I14 commits: 32 writers, numbers dense in commit order, chain whole, balances the fold of the journal",
    function* (store, tenant) {
      yield* store.commit(tenant, null, () => plan("open", { periods: [openPeriod(tenant)] }))
      const committed = yield* Effect.forEach(
        numbers(300),
        (number) =>
          store.commit(tenant, { key: `key-${number}`, bodySha256: "body" }, (head) =>
            plan(head.nextNumber("INV", 2026).toString(), {
              numbers: [{ series: "INV", year: 2026, taken: 1 }],
              entries: [sampleEntry(tenant, `entry-${number}`, BigInt(number + 1))],
            }),
          ),
        { concurrency: 32 },
      )
      const inOrder = [...committed].sort((left, right) => Number(left.commitSequence - right.commitSequence))
      assert.deepEqual(
        inOrder.map(({ answer }) => answer),
        numbers(300).map((number) => String(number + 1)),
      )
      assert.deepEqual(
        inOrder.map(({ commitSequence }) => commitSequence),
        numbers(300).map((number) => BigInt(number + 2)),
      )
      assert.ok(committed.every(({ entriesPosted, replayed }) => entriesPosted === 1 && !replayed))
      const head = yield* store.head(tenant)
      assert.equal(head.nextNumber("INV", 2026), 301n)
      assert.equal(head.nextNumber("INV", 2027), 1n)
      assert.equal(head.entryCount, 300n)
      yield* verifyStoredChain(store, tenant)
      assert.equal((yield* storedEvents(store, tenant)).length, 301)
      yield* verifyBalances(store, tenant)
    },
  ),

  check("I5 commits: the same key and body replay, another body is refused, a rejection leaves no trace", function* (store, tenant) {
    const key = { key: "key", bodySha256: "one" }
    assert.equal(yield* refusal(store.commit(tenant, key, () => Result.fail("not today"))), "not today")
    assert.equal((yield* store.head(tenant)).commitSequence, 0n)
    const first = yield* store.commit(tenant, key, () => plan({ text: "คำตอบ" }))
    assert.deepEqual(first, { answer: { text: "คำตอบ" }, replayed: false, commitSequence: 1n, entriesPosted: 0 })
    const never = () => assert.fail("a replay runs no plan")
    assert.deepEqual(yield* store.commit(tenant, key, never), { ...first, replayed: true })
    assert.equal(yield* refusal(store.commit(tenant, { ...key, bodySha256: "two" }, never)), "IdempotencyConflict")
    const both = yield* Effect.forEach(numbers(5), () => store.commit(tenant, { key: "twin", bodySha256: "one" }, () => plan("twin")), {
      concurrency: "unbounded",
    })
    assert.equal(both.filter(({ replayed }) => !replayed).length, 1)
    assert.equal((yield* store.head(tenant)).commitSequence, 2n)
  }),

  check("commits: a command that cannot go in does not hold up its group", function* (store, tenant) {
    yield* store.commit(tenant, null, () => plan("open", { periods: [openPeriod(tenant)], entries: [sampleEntry(tenant, "taken", 1n)] }))
    const outcomes = yield* Effect.forEach(
      numbers(40),
      (number) =>
        Effect.exit(
          store.commit(tenant, null, () => {
            if (number === 5) throw new TypeError("a mistake in a plan")
            if (number === 6) return Result.fail("refused")
            if (number === 7) return plan("conflict", { entries: [sampleEntry(tenant, "taken", 2n)] })
            if (number === 8) return plan("unbalanced", { entries: [sampleEntry(tenant, "zero", 0n)] })
            if (number === 9) return Result.succeed({ answer: "no event", events: [] })
            return plan("good", { entries: [sampleEntry(tenant, `good-${number}`, 1n)] })
          }),
        ),
      { concurrency: "unbounded" },
    )
    const failed = outcomes.flatMap((outcome, number) => (outcome._tag === "Failure" ? [number] : []))
    assert.deepEqual(failed, [5, 6, 7, 8, 9])
    assert.equal((yield* store.head(tenant)).entryCount, 36n)
    yield* verifyStoredChain(store, tenant)
    yield* verifyBalances(store, tenant)
  }),

  check("I8 entries: nothing posts into a month that is closed or was never opened", function* (store, tenant) {
    const post = (id: string) => store.commit(tenant, null, () => plan(id, { entries: [sampleEntry(tenant, id, 1n)] }))
    assert.equal(yield* refusal(post("early")), "PeriodClosed")
    yield* store.commit(tenant, null, () => plan("open", { periods: [openPeriod(tenant)] }))
    yield* post("good")
    const closed = {
      ...openPeriod(tenant),
      status: {
        kind: "closed",
        closedAtSeconds: octoberEndSeconds,
        closedBy: "tester",
        journalSha256: "00",
        debitMinor: 2n,
        creditMinor: 2n,
        entryCount: 2,
      },
    } as const
    yield* store.commit(tenant, null, () =>
      plan("close", { periods: [closed], entries: [sampleEntry(tenant, "closing", 1n)], checkpoint: true }),
    )
    assert.equal(yield* refusal(post("late")), "PeriodClosed")
    assert.deepEqual(yield* store.periods(tenant), [closed])
    assert.deepEqual((yield* store.head(tenant)).periods.get("2026-10"), closed)
    const report = yield* verifyStoredChain(store, tenant)
    assert.equal(report.unsealedTail, 1n, "only the checkpoint itself stands after what it seals")
  }),

  check("I7 entries: posting again is posting once; other content under the id is refused", function* (store, tenant) {
    const entry = sampleEntry(tenant, "entry", 100n, { source: { kind: "issue", receiptId: "receipt-1", receiptNumber: "INV-1" } })
    const post = (change: Partial<typeof entry>) => store.commit(tenant, null, () => plan("post", { entries: [{ ...entry, ...change }] }))
    yield* store.commit(tenant, null, () => plan("open", { periods: [openPeriod(tenant), openPeriod(tenant, "2026-11")] }))
    assert.equal((yield* post({})).entriesPosted, 1)
    assert.equal((yield* post({})).entriesPosted, 0)
    assert.equal(yield* refusal(post({ memo: "other" })), "Conflict")
    yield* post({ id: "november", month: "2026-11", effectiveDate: "2026-11-01" })
    const posted = yield* Stream.runCollect(store.entries(tenant, { month: "2026-10" }))
    assert.deepEqual(
      posted.map((row) => [row.entry, row.position]),
      [[entry, 1n]],
    )
    assert.equal((yield* Stream.runCollect(store.entries(tenant, { afterPosition: 1n })))[0]?.entry.id, "november")
    assert.equal((yield* Stream.runCollect(store.entries(tenant, { receiptId: "receipt-1" }))).length, 2)
    assert.deepEqual(yield* store.postedEntryIds(tenant, ["entry", "other"]), new Set(["entry"]))
    assert.deepEqual(
      (yield* allPages(1, (page) => store.listTransfers(tenant, { account: "4000" }, page))).map((row) => [row.entryId, row.transfer]),
      [
        ["entry", entry.transfers[0]],
        ["november", entry.transfers[0]],
      ],
    )
    assert.equal((yield* store.listTransfers(tenant, { account: "1150", month: "2026-11" }, { cursor: null, limit: 5 })).rows.length, 1)
    assert.equal((yield* store.balances(tenant, "2026-10")).length, 2)
    yield* verifyBalances(store, tenant)
  }),

  check("receipts: drafted, drafted again, issued, paid; what is issued stays", function* (store, tenant) {
    const corrects = { month: "2026-09", lineId: 'of "corrects":{"month":"2026-01"}', receiptNumber: null }
    const lines = numbers(30).map((number) =>
      sampleLine(number, { ...(number % 7 === 6 ? { usageId: null } : {}), ...(number % 10 === 4 ? { corrects } : {}) }),
    )
    const draft = sampleReceipt(tenant, 1, { kind: "draft" }, lines.slice(0, 3))
    yield* store.commit(tenant, null, () => plan("draft", { receipts: [{ receipt: draft, issuedBytes: null }] }))
    assert.deepEqual(yield* store.receipt(tenant, draft.id), { receipt: draft, issuedBytes: null, issuedSha256: null })
    const second = sampleReceipt(tenant, 1, { kind: "draft" }, lines)
    yield* store.commit(tenant, null, () => plan("draft again", { receipts: [{ receipt: second, issuedBytes: null }] }))

    const bytes = new Uint8Array(Buffer.from('{"receipt":"ใบเสร็จ"}'))
    const issued = { kind: "issued", number: "INV-2026-000001", issuedAtSeconds: octoberEndSeconds } as const
    const issue = store.commit(tenant, null, () =>
      plan("issue", { receiptChanges: [{ receiptId: draft.id, from: "draft", to: issued, issuedBytes: bytes }] }),
    )
    yield* issue
    assert.equal(yield* refusal(issue), "Conflict")
    assert.equal(
      yield* refusal(store.commit(tenant, null, () => plan("edit", { receipts: [{ receipt: draft, issuedBytes: null }] }))),
      "Conflict",
    )
    const paid = { ...issued, kind: "paid", paidAtSeconds: octoberEndSeconds + 5, paidMinor: 3_117n, withheldMinor: 93n } as const
    const voided = { ...issued, kind: "void", voidedAtSeconds: octoberEndSeconds + 6, reason: "twice" } as const
    const twice = [
      { receiptId: draft.id, from: "issued", to: paid },
      { receiptId: draft.id, from: "paid", to: voided },
    ] as const
    assert.equal(yield* refusal(store.commit(tenant, null, () => plan("pay and void", { receiptChanges: twice }))), "Conflict")
    assert.deepEqual((yield* store.receiptByNumber(tenant, issued.number))?.receipt.status, issued)
    yield* store.commit(tenant, null, () => plan("pay", { receiptChanges: [{ receiptId: draft.id, from: "issued", to: paid }] }))
    const stored = yield* store.receiptByNumber(tenant, issued.number)
    assert.deepEqual(stored?.receipt, { ...second, status: paid })
    assert.deepEqual(Buffer.from(stored?.issuedBytes ?? []), Buffer.from(bytes))
    assert.equal(stored?.issuedSha256, Buffer.from(nodeCryptography.sha256(bytes)).toString("hex"))

    const { lines: _, ...particulars } = second
    const header = { ...particulars, status: paid, lineCount: 30, issuedSha256: stored?.issuedSha256 }
    assert.deepEqual(yield* store.receiptHeader(tenant, draft.id), header)
    assert.equal(yield* store.receiptHeader(tenant, "no such receipt"), null)
    assert.deepEqual((yield* store.listReceipts(tenant, { month: "2026-10", status: "paid" }, { cursor: null, limit: 5 })).rows, [header])
    assert.deepEqual((yield* store.listReceipts(tenant, { payerIds: [draft.payer.id] }, { cursor: null, limit: 5 })).rows, [header])
    assert.deepEqual((yield* store.listReceipts(tenant, { status: "draft" }, { cursor: null, limit: 5 })).rows, [])

    const filters = [
      [{}, () => true],
      [{ receiptId: draft.id }, () => true],
      [{ month: "2026-10", user: "user3" }, (number: number) => number % 5 === 3],
      [{ accounts: ["account1"], cluster: "ci" }, (number: number) => number % 3 === 1],
      [{ jobId: "12" }, (number: number) => number === 12],
      [{ usageId: lines[9]?.usageId ?? "" }, (number: number) => number === 9],
      [{ usageId: null }, (number: number) => number % 7 === 6],
      [{ usageIds: [9, 6, 2].map((number) => sampleLine(number).usageId ?? "") }, (number: number) => number === 2 || number === 9],
      [{ correctsMonth: "2026-09" }, (number: number) => number % 10 === 4],
      [{ correctsMonth: "2026-01" }, () => false],
      [{ month: "2026-11" }, () => false],
    ] as const
    for (const [filter, wanted] of filters) {
      const expected = numbers(30)
        .filter(wanted)
        .map((position) => ({ receiptId: draft.id, position, line: lines[position] }))
      assert.deepEqual(yield* allPages(4, (page) => store.listLines(tenant, filter, page)), expected)
      assert.deepEqual(yield* Stream.runCollect(store.lines(tenant, filter)), expected)
    }
  }),

  check("receipts: a number belongs to one receipt", function* (store, tenant) {
    const issued = { kind: "issued", number: "INV-1", issuedAtSeconds: 1 } as const
    const add = (sequence: number) =>
      store.commit(tenant, null, () =>
        plan("issue", {
          receipts: [{ receipt: sampleReceipt(tenant, sequence, issued, [sampleLine(1)]), issuedBytes: new Uint8Array([1]) }],
        }),
      )
    yield* add(1)
    assert.equal(yield* refusal(add(2)), "Conflict")
    assert.equal(yield* store.receipt(tenant, `${tenant}/2026-10/physics/2`), null)
    assert.deepEqual(yield* Stream.runCollect(store.lines(tenant, { receiptId: `${tenant}/2026-10/physics/2` })), [])
  }),

  check("documents and files: versions follow on, bytes never change", function* (store, tenant) {
    const bytes = new Uint8Array([0, 255, 1])
    const add = (version: number) => store.commit(tenant, null, () => plan("card", { documents: [{ kind: "rate-book", version, bytes }] }))
    yield* add(1)
    assert.equal(yield* refusal(add(1)), "Conflict")
    assert.equal(yield* refusal(add(3)), "Conflict")
    yield* add(2)
    const latest = yield* store.document(tenant, "rate-book", null)
    assert.equal(latest?.version, 2)
    assert.deepEqual([...(latest?.bytes ?? [])], [...bytes])
    assert.equal(latest?.sha256, Buffer.from(nodeCryptography.sha256(bytes)).toString("hex"))
    assert.deepEqual(
      (yield* store.documents(tenant, "rate-book")).map(({ version }) => version),
      [1, 2],
    )
    assert.equal(yield* store.document(tenant, "rate-book", 3), null)
    const head = yield* store.head(tenant)
    assert.equal(head.documentVersion("rate-book"), 2)
    assert.deepEqual([head.documentKinds("rate-"), head.documentKinds("book")], [["rate-book"], []])

    const file = { subject: "receipt/1", name: "receipt.pdf", mediaType: "application/pdf", bytes }
    const header = yield* store.attachFile(tenant, file)
    assert.deepEqual(yield* store.attachFile(tenant, file), header)
    assert.equal(yield* refusal(store.attachFile(tenant, { ...file, bytes: new Uint8Array([1]) })), "Conflict")
    const exported = {
      id: "run-1",
      month: "2026-10",
      profile: "generic",
      exportedAtMicroseconds: 5n,
      manifestSha256: "00",
      throughPosition: 3n,
      chainSequence: 4n,
    }
    yield* store.commit(tenant, null, () =>
      plan("export", { exports: [exported], files: [{ ...file, subject: "export/run-1", name: "gl.csv", mediaType: "text/csv" }, file] }),
    )
    assert.deepEqual(yield* store.exportRuns(tenant, "2026-10"), [exported])
    assert.deepEqual(yield* store.exportRuns(tenant, "2026-11"), [])
    assert.deepEqual(
      (yield* store.files(tenant, "export/run-1")).map(({ name }) => name),
      ["gl.csv"],
    )
    const back = yield* store.file(tenant, "receipt/1", "receipt.pdf")
    assert.deepEqual([...(back?.bytes ?? [])], [...bytes])
    assert.equal(yield* store.file(tenant, "receipt/1", "other.pdf"), null)
  }),

  check("audit: rows are listed newest first, and rows that are no event go in by the same head", function* (store, tenant) {
    yield* Effect.forEach(numbers(5), (number) => store.commit(tenant, null, () => plan(`event ${number}`)))
    const listed = yield* allPages(2, (page) => store.listAudit(tenant, {}, page))
    assert.deepEqual([...listed].reverse(), yield* Stream.runCollect(store.auditRecords(tenant, 1n)))
    assert.deepEqual(
      (yield* storedEvents(store, tenant)).map((event) => event.subject),
      numbers(5).map((number) => `event ${number}`),
    )
    const before = yield* store.head(tenant)
    const sealed = yield* store.appendToChain(tenant, (chain, at) => testingChain.checkpoint(tenant, chain, at))
    assert.equal(sealed.sequence, before.chain.sequence + 1n)
    assert.equal((yield* store.listAudit(tenant, {}, { cursor: null, limit: 1 })).rows[0]?.kind, "checkpoint")
    yield* verifyStoredChain(store, tenant)
  }),

  check("verification: the head, the numbers, the events of a subject, and work on one state of the store", function* (store, tenant) {
    assert.equal(yield* store.storedHead(tenant), null)
    yield* store.commit(tenant, null, () => plan("first", { numbers: [{ series: "INV", year: 2026, taken: 2 }] }))
    yield* store.commit(tenant, null, () => plan("second"))
    yield* store.commit(tenant, null, () => plan("first"))
    const { chain } = yield* store.head(tenant)
    const stored = yield* store.storedHead(tenant)
    assert.deepEqual([stored?.commitSequence, stored?.entryCount, stored?.chainSequence], [3n, 0n, chain.sequence])
    assert.equal(stored?.chainCarried, encodeChainHead(chain))
    assert.deepEqual(yield* store.documentNumbers(tenant), [{ series: "INV", year: 2026, nextNumber: 3n }])
    const told = yield* store.eventsOf(tenant, ["first", "nobody"])
    assert.deepEqual(
      told.map(({ projection }) => projection?.subject),
      ["first", "first"],
    )
    assert.ok((told[0]?.sequence ?? 0n) < (told[1]?.sequence ?? 0n))
    assert.deepEqual(yield* store.eventsOf(tenant, []), [])
    const within = store.snapshot(Effect.andThen(store.snapshot(store.storedHead(tenant)), Effect.fail("refused" as const)))
    assert.equal(yield* Effect.flip(within), "refused")
    assert.equal(yield* store.snapshot(Effect.map(store.storedHead(tenant), (head) => head?.commitSequence)), 3n)
  }),

  check("what was read: its digest is that of its span, and what comes later is not in it", function* (store, tenant) {
    const rejection = { source: "s", lineNumber: 1, field: null, reason: "r", raw: "x" }
    const all = { recordsAfter: 0n, recordsThrough: 3n, rejectionsAfter: 0n, rejectionsThrough: null }
    yield* store.ingestRecords(
      tenant,
      numbers(3).map((number) => sampleRecord(number)),
    )
    yield* store.storeRejections(tenant, [rejection])
    const first = yield* store.digestIngested(tenant, all)
    yield* store.ingestRecords(tenant, [sampleRecord(4)])
    yield* store.storeRejections(tenant, [{ ...rejection, lineNumber: 2 }])
    assert.deepEqual(yield* store.digestIngested(tenant, { ...all, rejectionsThrough: first.rejectionsThrough }), first)
    const second = yield* store.digestIngested(tenant, { ...all, recordsThrough: 4n })
    assert.ok(second.rejectionsThrough > first.rejectionsThrough)
    assert.notEqual(second.recordsSha256, first.recordsSha256)
    assert.notEqual(second.rejectionsSha256, first.rejectionsSha256)
    const none = { recordsAfter: 4n, recordsThrough: 4n, rejectionsAfter: second.rejectionsThrough, rejectionsThrough: null }
    const nothing = createHash("sha256").digest("hex")
    assert.deepEqual(yield* store.digestIngested(tenant, none), {
      rejectionsThrough: second.rejectionsThrough,
      recordsSha256: nothing,
      rejectionsSha256: nothing,
    })
  }),

  check("open entries: those of receipts that stand open on an account, or were settled from the month on", function* (store, tenant) {
    yield* store.commit(tenant, null, () => plan("open", { periods: [openPeriod(tenant), openPeriod(tenant, "2026-11")] }))
    const of = (id: string, receiptId: string | null, debitAccount: string, creditAccount: string, month = "2026-10") =>
      sampleEntry(tenant, id, 5n, {
        month,
        effectiveDate: `${month}-20`,
        source: { kind: "adjustment", receiptId, receiptNumber: null },
        transfers: [{ debitAccount, creditAccount, amountMinor: 5n, payerId: "p", memo: "" }],
      })
    const entries = [
      of("a1", "a", "1100", "1150"),
      of("b1", "b", "1100", "1150"),
      of("b2", "b", "1000", "1100"),
      of("c1", "c", "1100", "1150"),
      of("c2", "c", "1000", "1100", "2026-11"),
      of("d1", "d", "1150", "4000"),
      of("e1", null, "1100", "4000"),
    ]
    yield* store.commit(tenant, null, () => plan("post", { entries }))
    const idsOn = (date: string) => Effect.map(store.openEntries(tenant, "1100", date), (found) => found.map(({ id }) => id))
    assert.deepEqual(yield* idsOn("2026-10-20"), ["a1", "b1", "b2", "c1", "c2", "e1"])
    assert.deepEqual(yield* idsOn("2026-11-30"), ["a1", "c1", "c2", "e1"])
    assert.deepEqual(yield* idsOn("2026-12-01"), ["a1", "e1"])
    assert.deepEqual(yield* store.openEntries(tenant, "2000", "2026-12-01"), [])
  }),

  check("tenants do not see each other", function* (store, tenant) {
    const other = `${tenant}-other`
    yield* store.ingestRecords(tenant, [sampleRecord(1)])
    yield* store.commit(tenant, null, (head) =>
      plan(head.nextNumber("INV", 2026).toString(), { numbers: [{ series: "INV", year: 2026, taken: 1 }] }),
    )
    assert.equal((yield* store.listRecords(other, {}, { cursor: null, limit: 5 })).rows.length, 0)
    assert.deepEqual(yield* store.ingestRecords(other, [sampleRecord(1)]), { accepted: 1, replaced: 0, known: 0 })
    assert.equal((yield* store.commit(other, null, (head) => plan(head.nextNumber("INV", 2026).toString()))).answer, "1")
    yield* verifyStoredChain(store, other)
  }),

  ...actConformance,
]
