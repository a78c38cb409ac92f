/**
 * The journal of 1 000 receipts posted in one commit (entries, transfers, balances, the digest of each entry in the audit chain),
 * beside COPY of the same journal lines into a table with a primary key, in turns on the same server: lines a
 * second, and the disk's fdatasync/s. What COPY takes for all rows that a posting stores, into tables with the same indexes, is the
 * floor of any way to post.
 */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { loadavg, tmpdir } from "node:os"
import { join } from "node:path"
import * as PgClient from "@effect/sql-pg/PgClient"
import { issueReceipt, monthWindow, type Receipt } from "@hpc-billing/core"
import { deriveEntries, type Entry, journalLines } from "@hpc-billing/ledger"
import { Effect, Redacted, Result } from "effect"
import { Reactivity } from "effect/reactivity"
import { openPeriod } from "../src/run/monthPeriod.ts"
import { postingOf } from "../src/run/postingOf.ts"
import { policyOf } from "../src/site/policyOf.ts"
import { openStore } from "../src/store/openStore.ts"
import { octoberActor, octoberPayerBook, octoberSite } from "../src/testing/octoberBooks.ts"
import { postgresBinaries, testingPostgres } from "../src/testing/postgres.ts"
import { testingChain } from "../src/testing/testingChain.ts"
import { diskSyncsASecond } from "./diskSyncs.ts"

const receiptCount = 1_000
const rounds = 7
const ratioWanted = 0.3
const month = "2026-10"
const tenant = "bench"
const site = octoberSite(tenant)

const receiptOf = (round: number, index: number): Receipt => {
  const [payer] = octoberPayerBook.payers
  if (payer === undefined) throw new Error("the sample has payers")
  const netMinor = BigInt(1_000 + index)
  const taxMinor = (netMinor * 7n + 50n) / 100n
  const draft: Receipt = {
    id: `${tenant}/${month}/${payer.id}-${index}/${round}`,
    tenant,
    month,
    zone: site.zone,
    window: monthWindow(month, site.zone),
    issuer: site.issuer,
    payer: { ...payer, id: `${payer.id}-${index}` },
    currency: { code: "THB", exponent: 2 },
    lines: [],
    taxes: [{ code: "VAT7", ratePercent: "7", basis: "", netMinor, taxMinor }],
    netMinor,
    taxMinor,
    grossMinor: netMinor + taxMinor,
    status: { kind: "draft" },
  }
  const issuedAtSeconds = draft.window.endSeconds + 60
  return Result.getOrThrow(issueReceipt(draft, { number: `R2026-${round * receiptCount + index}`, issuedAtSeconds }))
}

const entriesOf = (receipts: readonly Receipt[]): readonly Entry[] =>
  receipts.flatMap((receipt) =>
    (["accrued", "issued"] as const).flatMap((kind) => Result.getOrThrow(deriveEntries({ kind, receipt, month }, policyOf(site)))),
  )

const copyText = (entries: readonly Entry[]): string =>
  entries
    .flatMap((entry) =>
      journalLines(entry).map((line, position) =>
        [
          tenant,
          entry.id,
          position,
          entry.month,
          entry.effectiveDate,
          entry.currency,
          line.account,
          line.debitMinor,
          line.creditMinor,
          entry.memo,
        ].join("\t"),
      ),
    )
    .join("\n")
    .concat("\n")

const secondsOf = <A, E, R>(work: Effect.Effect<A, E, R>) =>
  Effect.suspend(() => {
    const started = performance.now()
    return Effect.map(work, () => (performance.now() - started) / 1_000)
  })

const median = (values: readonly number[]): number => values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0

const bench = Effect.gen(function* () {
  const [binaries] = postgresBinaries()
  if (binaries === undefined) return console.log("No PostgreSQL server is installed: apt-get install postgresql")
  const server = yield* testingPostgres(binaries)
  const store = yield* openStore({ location: { kind: "postgres", url: Redacted.make(server.url) }, chain: testingChain })
  const sql = yield* PgClient.make({ url: Redacted.make(server.url) })
  const folder = mkdtempSync(join(tmpdir(), "hpc-billing-copy-"))
  yield* Effect.addFinalizer(() => Effect.sync(() => rmSync(folder, { recursive: true })))
  chmodSync(folder, 0o777)
  yield* store.commit(tenant, null, () =>
    Result.succeed({
      answer: null,
      periods: [openPeriod(tenant, month, site.zone)],
      events: [{ action: "bench", actor: "bench", requestId: "bench", subject: month, detail: {} }],
    }),
  )
  console.log(`disk: ${diskSyncsASecond()} fdatasync/s; load ${(loadavg()[0] as number).toFixed(1)}`)
  const [ours, theirs]: [number[], number[]] = [[], []]
  let cpuSeconds = 0
  let lines = 0
  for (let round = 0; round < rounds; round++) {
    const receipts = Array.from({ length: receiptCount }, (_, index) => receiptOf(round, index))
    const file = join(folder, `${round}.tsv`)
    const entries = entriesOf(receipts)
    const text = copyText(entries)
    writeFileSync(file, text, { mode: 0o644 })
    lines = text.split("\n").length - 1
    yield* sql.unsafe(`CREATE TABLE copied_${round} (tenant text, entry_id text, line int, month text, effective_date text,
      currency text, account text, debit_minor bigint, credit_minor bigint, memo text, PRIMARY KEY (tenant, entry_id, line))`)
    const before = process.cpuUsage()
    ours.push(
      yield* secondsOf(
        store.commit(tenant, null, (head) =>
          Result.map(postingOf(entries, head, site, octoberActor), (posting) => ({ ...posting, answer: null })),
        ),
      ),
    )
    const { user, system } = process.cpuUsage(before)
    cpuSeconds += (user + system) / 1e6 / rounds
    theirs.push(yield* secondsOf(sql.unsafe(`COPY copied_${round} FROM '${file}'`)))
  }
  const stored = ["entry", "transfer", "audit_record"]
  for (const table of stored) {
    yield* sql.unsafe(`COPY ${table} TO '${join(folder, table)}'`)
    yield* sql.unsafe(`CREATE TABLE again_${table} (LIKE ${table} INCLUDING ALL)`)
  }
  const again = sql.withTransaction(Effect.forEach(stored, (table) => sql.unsafe(`COPY again_${table} FROM '${join(folder, table)}'`)))
  const floor = (yield* secondsOf(again)) / rounds
  const [posting, copying] = [Math.round(lines / median(ours)), Math.round(lines / median(theirs))]
  const ratio = posting / copying
  console.log(
    `of ${median(ours).toFixed(3)} s a posting, ${cpuSeconds.toFixed(3)} s are this process's own; a COPY takes ${median(theirs).toFixed(3)} s, and one of all the rows it stores, with their indexes, ${floor.toFixed(3)} s`,
  )
  console.log(
    `${receiptCount} receipts, ${lines} lines, median of ${rounds}: ${posting} lines/s posted, ${copying} by COPY, ratio ${ratio.toFixed(2)} (wanted ${ratioWanted.toFixed(2)})`,
  )
  console.log(`disk: ${diskSyncsASecond()} fdatasync/s; load ${(loadavg()[0] as number).toFixed(1)}`)
})

await Effect.runPromise(bench.pipe(Effect.scoped, Effect.provide(Reactivity.layer)))
