import { generateKeyPairSync } from "node:crypto"
import type { JobRecord } from "@hpc-billing/core"
import { fingerprintOf } from "@hpc-billing/ledger"
import { Effect, Exit, Scope } from "effect"
import { Reactivity } from "effect/reactivity"
import type { SqlClient } from "effect/sql"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { nodeCryptography } from "../crypto/nodeCryptography.ts"
import { type AuditorKeys, originOf } from "../keys/TenantKeys.ts"
import { auditChain } from "../store/AuditChain.ts"
import { BillingStore, type StoreFunctions } from "../store/index.ts"
import { openPglite } from "../store/pglite/openPglite.ts"
import { makeSqlStore } from "../store/sql/makeSqlStore.ts"
import { closeOctober, postOctober } from "../testing/octoberBooks.ts"
import { sampleRecord } from "../testing/samples.ts"
import { testingStorage } from "../testing/testingStorage.ts"
import { checkConservation } from "./fate/checkConservation.ts"
import type { StoreFinding } from "./StoreFinding.ts"
import { verifyStore } from "./verifyStore.ts"

const tenant = "reef"
const auditKeys = { epoch: 0, macKey: new Uint8Array(32).fill(7), signingSeed: new Uint8Array(32).fill(8) }
const publicKey = nodeCryptography.ed25519PublicKey(auditKeys.signingSeed)
const auditor: AuditorKeys = {
  origin: originOf(tenant),
  auditFingerprint: fingerprintOf(nodeCryptography, publicKey),
  exportFingerprint: "",
  auditPublicKey: publicKey,
  auditMacKey: auditKeys.macKey,
  exportHmacKey: new Uint8Array(32),
}

const scope = Effect.runSync(Scope.make())
let sql: SqlClient.SqlClient
let store: StoreFunctions

beforeAll(async () => {
  const prepare = Effect.gen(function* () {
    ;({ sql } = yield* openPglite(yield* Effect.promise(testingStorage)))
    store = yield* makeSqlStore(
      sql,
      auditChain(nodeCryptography, () => ({ origin: originOf(tenant), keys: auditKeys })),
    )
    yield* Effect.provideService(Effect.andThen(postOctober(tenant), closeOctober(tenant)), BillingStore, store)
  })
  await Effect.runPromise(prepare.pipe(Scope.provide(scope), Effect.provide(Reactivity.layer)))
})

afterAll(() => Effect.runPromise(Scope.close(scope, Exit.void)))

/** What verification, or a part of it, says after statements, which are taken back again. */
const findingsAfter = async (
  statements: string,
  verification: Effect.Effect<{ readonly findings: readonly StoreFinding[] }, unknown, BillingStore> = verifyStore(tenant, auditor),
): Promise<string> => {
  const tampered = Effect.gen(function* () {
    for (const statement of statements.split("; ")) yield* sql.unsafe(statement)
    const { findings } = yield* verification
    return yield* Effect.fail(findings.map(({ row, finding }) => `${row}: ${finding}`).join("\n"))
  })
  const outcome = sql.withTransaction(tampered).pipe(Effect.provideService(BillingStore, store), Effect.flip)
  return String(await Effect.runPromise(outcome))
}

it("finds nothing in books that nobody touched", async () => {
  const report = await Effect.runPromise(Effect.provideService(verifyStore(tenant, auditor), BillingStore, store))
  expect(report).toMatchObject({ findings: [], receipts: 2, entries: 4 })
})

const voidedLate = `UPDATE receipt SET status_kind = 'void', status = replace(status, '"kind":"issued"', '"kind":"void","voidedAtSeconds":1,"reason":"x"') WHERE payer_id = 'kelp'`

it("names what a closed month does not bill, the first few by name", async () => {
  const breaches = Effect.gen(function* () {
    const findings: StoreFinding[] = []
    yield* checkConservation(tenant, (row, finding) => findings.push({ row, finding }))
    return { findings }
  })
  expect(await findingsAfter(voidedLate, breaches)).toMatch(
    /^usage ci\/1\/\d+: ci\/1 of 2026-10 is not billed, .*reopen 2026-10 and bill it again\.(\n.*){9}\nusages of 2026-10: 10 more/,
  )
})

it.each([
  [
    "a receipt line",
    "UPDATE receipt_line SET body = replace(body, '2.5', '2.6') WHERE position = 0 AND receipt_id LIKE '%coral%'",
    /receipt reef\/2026-10\/coral\/1/,
  ],
  [
    "a receipt line's column",
    "UPDATE receipt_line SET user_name = 'nobody' WHERE position = 0 AND receipt_id LIKE '%coral%'",
    /receipt line reef\/2026-10\/coral\/1/,
  ],
  [
    "a receipt's total",
    "UPDATE receipt SET header = replace(header, '\"grossMinor\":\"', '\"grossMinor\":\"9') WHERE payer_id = 'kelp'",
    /receipt reef\/2026-10\/kelp\/1/,
  ],
  [
    "an issued document",
    "UPDATE receipt SET issued_bytes = issued_bytes || ' '::bytea WHERE payer_id = 'kelp'",
    /receipt reef\/2026-10\/kelp\/1/,
  ],
  [
    "a lost receipt",
    "DELETE FROM receipt_line WHERE receipt_id LIKE '%kelp%'; DELETE FROM receipt WHERE payer_id = 'kelp'",
    /receipt reef\/2026-10\/kelp\/1/,
  ],
  ["an entry", "UPDATE entry SET body = replace(body, 'kelp', 'help')", /entry reef\/2026-10\/kelp\/1/],
  ["an amount", "UPDATE transfer SET amount_minor = amount_minor + 1 WHERE entry_position = 1", /entry reef\/2026-10/],
  ["a lost entry", "DELETE FROM transfer WHERE entry_position = 4; DELETE FROM entry WHERE position = 4", /entry reef\/2026-10\/kelp/],
  ["a balance", "UPDATE account_balance SET debit_minor = debit_minor + 1 WHERE account = '1100'", /1100/],
  [
    "a period's status",
    "UPDATE period SET status = '{\"kind\":\"open\"}' WHERE month = '2026-10'",
    /period 2026-10: was closed, but is stored as open/,
  ],
  [
    "a rate book",
    "UPDATE document SET bytes = replace(convert_from(bytes, 'UTF8'), '2.5', '0.5')::bytea WHERE kind = 'rate-book'",
    /document rate-book\/1: column sha256 holds \w+, its body says/,
  ],
  [
    "a rate book with its own digest",
    "UPDATE document SET bytes = replace(convert_from(bytes, 'UTF8'), '2.5', '0.5')::bytea WHERE kind = 'rate-book'; UPDATE document SET sha256 = encode(sha256(bytes), 'hex') WHERE kind = 'rate-book'",
    /document rate-book\/1: column sha256 holds \w+, its audit record says/,
  ],
  [
    "a job record",
    "UPDATE job_record SET body = replace(body, '\"cpu\":4', '\"cpu\":8') WHERE job_id = '7'",
    /job record.*7|job records of 2026-10/,
  ],
  [
    "a receipt voided after the close of its month",
    voidedLate,
    /^receipt reef\/2026-10\/kelp\/1: its status says kind void, the audit log issued; voidedAtSeconds 1, the audit log absent/,
  ],
  ["an audit record", "UPDATE audit_record SET payload = payload || ' '::bytea WHERE sequence = 3", /audit record 3/],
  ["an audit record's column", "UPDATE audit_record SET actor = 'someone else' WHERE sequence = 3", /audit record 3: the column actor/],
  ["the last audit records", "DELETE FROM audit_record WHERE sequence > 5", /audit/],
])("names %s that was edited in the database", async (_, statement, expected) => {
  expect(await findingsAfter(statement)).toMatch(expected)
})

describe("a job that was read twice", () => {
  const zoneHours = 9
  /** What verification names after more records were read, which are taken back again. */
  const readTwiceAfter = async (records: readonly JobRecord[]): Promise<readonly StoreFinding[]> => {
    const outcome = Effect.gen(function* () {
      yield* store.ingestRecords(tenant, records)
      const { findings, readTwice } = yield* verifyStore(tenant, auditor)
      expect(findings).toEqual([])
      return yield* Effect.fail(readTwice)
    })
    return (await Effect.runPromise(
      sql.withTransaction(outcome).pipe(Effect.provideService(BillingStore, store), Effect.flip),
    )) as readonly StoreFinding[]
  }
  const job = (over: Partial<JobRecord> = {}): JobRecord =>
    sampleRecord(4_711, { cluster: "ci", submitSeconds: 1_795_000_000, startSeconds: 1_795_000_060, endSeconds: 1_795_003_660, ...over })
  const shifted = ({ submitSeconds, startSeconds, endSeconds }: JobRecord, seconds: number): JobRecord =>
    job({
      submitSeconds: submitSeconds + seconds,
      startSeconds: startSeconds === null ? null : startSeconds + seconds,
      endSeconds: endSeconds === null ? null : endSeconds + seconds,
    })

  it("once in another zone, is named with both times, the hours between them and what to do", async () => {
    expect(await readTwiceAfter([job(), shifted(job(), zoneHours * 3_600)])).toEqual([
      {
        row: "job 4711 of cluster ci",
        finding: expect.stringMatching(
          /^has two usages, submitted at 2026-11-18T11:06:40Z and 2026-11-18T20:06:40Z, whose submit, start and end differ by the same 9 h: .* Compare both with sacct/,
        ),
      },
    ])
    expect((await readTwiceAfter([shifted(job(), -5.75 * 3_600), job()]))[0]?.finding).toContain("by the same 5 h 45 min:")
  })

  it("is told from a job that ran twice", async () => {
    const requeued = job({ submitSeconds: 1_795_007_200, startSeconds: 1_795_007_260, endSeconds: 1_795_009_000 })
    const elsewhere = { ...shifted(job(), 3_600), cluster: "other" }
    const another = { ...shifted(job(), 3_600), jobId: "4712" }
    expect(await readTwiceAfter([job(), requeued, elsewhere, another, shifted(job(), 3_601)])).toEqual([])
  })
})

it("trusts no chain of another key", async () => {
  const other = generateKeyPairSync("ed25519").publicKey.export({ format: "der", type: "spki" }).subarray(12)
  const report = await Effect.runPromise(
    Effect.provideService(
      verifyStore(tenant, { ...auditor, auditFingerprint: fingerprintOf(nodeCryptography, other) }),
      BillingStore,
      store,
    ),
  )
  expect(report.findings[0]?.finding).toContain("does not have the fingerprint")
})
