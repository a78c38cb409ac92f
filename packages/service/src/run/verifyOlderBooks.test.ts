import { execFileSync } from "node:child_process"
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { zstdDecompressSync } from "node:zlib"
import { Effect, Exit, Scope } from "effect"
import { afterAll, beforeAll, expect, it } from "vitest"
import { keptTenant as tenant } from "../../fixtures/books/story.ts"
import { nodeCryptography } from "../crypto/nodeCryptography.ts"
import { readAuditorKeys, readTenantKeys } from "../keys/keyFolder.ts"
import { originOf } from "../keys/TenantKeys.ts"
import { auditChain, BillingStore } from "../store/index.ts"
import { clockAt } from "../testing/clockAt.ts"
import { type EditedBooks, openEditedBooks, toldAfter, verified } from "../testing/editedBooks.ts"
import { recordIngestRun } from "./recordIngestRun.ts"

/** The release that wrote them told the audit log nothing of prints and runs of ingest, and no instants of payments, voids and closes. */
const kept = fileURLToPath(new URL("../../fixtures/books/schema-1", import.meta.url))
const folder = mkdtempSync(join(tmpdir(), "hpc-billing-older-"))
const scope = Effect.runSync(Scope.make())
let older: EditedBooks

beforeAll(async () => {
  const data = join(folder, "data")
  mkdirSync(data)
  execFileSync("tar", ["-C", data, "-xf", "-"], { input: zstdDecompressSync(readFileSync(join(kept, "data.tar.zst"))) })
  const keys = await Effect.runPromise(readTenantKeys(join(kept, "keys"), tenant))
  const auditor = await Effect.runPromise(readAuditorKeys(join(kept, "keys", tenant, "auditor.json"), tenant))
  const chain = auditChain(nodeCryptography, () => ({ origin: originOf(tenant), keys: keys.audit }))
  older = await openEditedBooks(scope, { kind: "folder", folder: data }, chain, { tenant, auditor })
})

afterAll(async () => {
  await Effect.runPromise(Scope.close(scope, Exit.void))
  rmSync(folder, { recursive: true })
})

it("are verified, and what their log does not prove is told", async () => {
  const report = await verified(older)
  expect(report.findings).toEqual([])
  expect(report.unproven).toMatchInlineSnapshot(`
    [
      "job record versions 1 to 105: no run of ingest that the audit log tells of covers them yet",
      "file receipt/lagoon/2026-09/genome/1/R2026-000002-void.pdf, ingest run kept/job 1, ingest run kept/job 700001 and 5 more: kept by a release that did not write their digests into the audit log",
    ]
  `)
})

const payment = (from: string, to: string): string =>
  `UPDATE receipt SET status = replace(status, '${from}', '${to}') WHERE id = 'lagoon/2026-09/genome/2'`

it.each<readonly [string, readonly string[], RegExp]>([
  [
    "the day of a payment",
    [payment('"paidAtSeconds":1791961200', '"paidAtSeconds":1792047600')],
    /^receipt lagoon\/2026-09\/genome\/2: its status says paid on 2026-10-15, a day on which nothing of it is booked/m,
  ],
  [
    "the tax withheld of it",
    [payment('"withheldMinor":"300"', '"withheldMinor":"30"')],
    /^receipt lagoon\/2026-09\/genome\/2: its status says withheldMinor 30, the audit log 300/m,
  ],
  [
    "the day of a void",
    [`UPDATE receipt SET status = regexp_replace(status, '"voidedAtSeconds":\\d+', '"voidedAtSeconds":1') WHERE status_kind = 'void'`],
    /^receipt lagoon\/2026-09\/genome\/1: its status says void on 1970-01-01/m,
  ],
  [
    "a document number",
    ["UPDATE document_number SET next_number = next_number + 5 WHERE series = 'R'"],
    /^document number R 2026: the next one/m,
  ],
  ["an export run", ["DELETE FROM export_run WHERE id = '2026-09-1'"], /^export run 2026-09-1: the audit log tells of it/m],
  [
    "an exported file",
    [
      `UPDATE file SET bytes = bytes || 'x'::bytea, byte_count = byte_count + 1, sha256 = encode(sha256(bytes || 'x'::bytea), 'hex')
        WHERE name = 'e-tax.csv' AND subject = 'export/2026-09-1'`,
    ],
    /^file export\/2026-09-1\/e-tax\.csv: it is not the file that was exported/m,
  ],
  ["an open period", ["DELETE FROM period WHERE month = '2026-11'"], /^period 2026-11: was opened/m],
  [
    "a job of a month that is priced",
    ["DELETE FROM job_record WHERE job_id = '700001'"],
    /^job record version 29: it is not stored any more/m,
  ],
  [
    "where a pull begins, which no run left",
    ["INSERT INTO ingest_cursor (tenant, cluster, next_cursor) VALUES ('lagoon', 'ci', '{}')"],
    /^ingest cursor ci: it is not where the last run of the cluster ended/m,
  ],
])("%s is found changed", async (_, statements, expected) => {
  const { rows, findings } = await toldAfter(older, ...statements)
  expect(rows).toBe(1)
  expect(findings).toMatch(expected)
})

it("tell as not proven what was printed and not exported, and what a run of ingest left", async () => {
  const cursor = [
    "UPDATE ingest_run SET next_cursor = '{}' WHERE id = 'kept/job 1'",
    "INSERT INTO ingest_cursor VALUES ('lagoon', 'ci', '{}')",
  ]
  const print =
    "UPDATE file SET bytes = 'x', byte_count = 1, sha256 = encode(sha256('x'), 'hex') WHERE name = 'R2026-000004.pdf' AND subject LIKE 'receipt/%'"
  const { findings, unproven } = await toldAfter(older, ...cursor, print)
  expect(findings).toBe("")
  expect(unproven).toMatch(/file receipt\/lagoon\/2026-09\/genome\/2\/R2026-000004\.pdf/)
})

it("hold all that was read from the next run of ingest on", async () => {
  const at = { startedAtSeconds: 1_796_100_000, finishedAtSeconds: 1_796_100_000 }
  const counts = { read: 0, accepted: 0, replaced: 0, known: 0, rejected: 0 }
  const run = { id: "next", cluster: "ci", source: "sacct", ...at, ...counts, cursor: null }
  const recorded = recordIngestRun(tenant, run, { name: "malee", requestId: "next" })
  await Effect.runPromise(recorded.pipe(Effect.provideService(BillingStore, older.store), clockAt("2026-12-01T12:00:00Z")))
  const report = await verified(older)
  expect(report.findings).toEqual([])
  expect(report.unproven.join()).not.toMatch(/job record versions/)
  const { findings } = await toldAfter(older, "UPDATE rejection SET read_at_microseconds = read_at_microseconds - 1")
  expect(findings).toMatch(/^rejections read after .* they are not those that ingest run next recorded$/)
})
