import { execFileSync } from "node:child_process"
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { zstdDecompressSync } from "node:zlib"
import { Clock, Effect, Redacted, type Scope, Stream } from "effect"
import { describe, expect, it } from "vitest"
import { keptPayment, keptTenant as tenant } from "../../fixtures/books/story.ts"
import { nodeCryptography } from "../crypto/nodeCryptography.ts"
import { readAuditorKeys, readTenantKeys } from "../keys/keyFolder.ts"
import { originOf } from "../keys/TenantKeys.ts"
import { billMonth } from "../run/billMonth.ts"
import { closeMonth } from "../run/closeMonth.ts"
import { exportMonth } from "../run/exportMonth.ts"
import { ingestSource } from "../run/ingestSource.ts"
import { postMonthJournal } from "../run/postMonthJournal.ts"
import { showPrepaid } from "../run/prepaidCredit.ts"
import { verifyFolder } from "../run/verifyFolder.ts"
import { verifyStore } from "../run/verifyStore.ts"
import { writeDocuments } from "../run/writeDocuments.ts"
import { writeExportFolder } from "../run/writeExportFolder.ts"
import { booksDigests } from "../testing/booksDigests.ts"
import { postgresBinaries, testingPostgres } from "../testing/postgres.ts"
import { sampleRecord } from "../testing/samples.ts"
import { testingClock } from "../testing/testingClock.ts"
import { auditChain } from "./AuditChain.ts"
import { BillingStore } from "./BillingStore.ts"
import { fileWitness, readFileWitness } from "./fileWitness.ts"
import { openStore, type StoreLocation } from "./openStore.ts"

const books = fileURLToPath(new URL("../../fixtures/books", import.meta.url))
const releases = readdirSync(books).filter((name) => existsSync(join(books, name, "digests.json")))

const unpack = (archive: string, folder: string): void => {
  mkdirSync(folder)
  execFileSync("tar", ["-C", folder, "-xf", "-"], { input: zstdDecompressSync(readFileSync(archive)) })
}

type Restored = Effect.Effect<StoreLocation, never, Scope.Scope>

const inFolder = (release: string, folder: string): Restored =>
  Effect.sync(() => {
    unpack(join(books, release, "data.tar.zst"), join(folder, "data"))
    return { kind: "folder", folder: join(folder, "data") }
  })

/** By the program that reads what `pg_dump` writes. */
const onServer = (binaries: string) => (release: string) =>
  Effect.map(testingPostgres(binaries), ({ url }): StoreLocation => {
    const input = zstdDecompressSync(readFileSync(join(books, release, "dump.sql.zst")))
    execFileSync(join(binaries, "psql"), ["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--output=/dev/null", "--dbname", url], {
      input,
    })
    return { kind: "postgres", url: Redacted.make(url) }
  })

const server = postgresBinaries().find((binaries) => existsSync(join(binaries, "psql")))
const places: readonly (readonly [string, (release: string, folder: string) => Restored])[] = [
  ["a copied folder of PGlite", inFolder],
  ...(server === undefined ? [] : ([["PostgreSQL restored from pg_dump", onServer(server)]] as const)),
]

const seconds = (text: string): number => Date.parse(`${text}+07:00`) / 1_000
const actor = { name: "successor", requestId: "next" }

/** What is asked of the books of an earlier release: that they are sound, that nothing written changed, and that work goes on. */
const goesOn = (release: string, folder: string, restored: Restored) =>
  Effect.gen(function* () {
    const kept = join(books, release)
    for (const name of ["keys", "witness"]) cpSync(join(kept, name), join(folder, name), { recursive: true })
    const keys = yield* readTenantKeys(join(folder, "keys"), tenant)
    const auditor = yield* readAuditorKeys(join(folder, "keys", tenant, "auditor.json"), tenant)
    const chain = auditChain(nodeCryptography, () => ({ origin: originOf(tenant), keys: keys.audit }))
    const store = yield* openStore({ location: yield* restored, chain, witness: fileWitness(join(folder, "witness")) })

    yield* Effect.gen(function* () {
      const verified = Effect.gen(function* () {
        const report = yield* verifyStore(tenant, auditor, yield* readFileWitness(join(folder, "witness"), tenant))
        expect(report.findings).toEqual([])
        return report
      })
      const before = yield* verified
      expect(before.receipts).toBe(7)
      const digests = JSON.parse(readFileSync(join(kept, "digests.json"), "utf8"))
      expect(yield* booksDigests(tenant)).toEqual(digests)

      const { commitSequence } = yield* store.head(tenant)
      expect((yield* keptPayment).status.kind).toBe("paid")
      expect((yield* exportMonth(tenant, "2026-10", keys, actor)).already).toBe(true)
      expect((yield* store.head(tenant)).commitSequence).toBe(commitSequence)

      const [startSeconds, elapsedSeconds] = [seconds("2026-11-10T08:00"), 3_600]
      const record = sampleRecord(700_004, {
        account: "chem",
        submitSeconds: startSeconds - 60,
        startSeconds,
        endSeconds: startSeconds + elapsedSeconds,
        elapsedSeconds,
      })
      const { settledMinor, inFlightMinor } = yield* showPrepaid(tenant, "looms")
      expect(inFlightMinor).toBe(2_500n)
      const records = Stream.make([{ _tag: "Record" as const, record }])
      yield* ingestSource(records, { tenant, clusters: ["ci"], source: "next", actor })
      const { receipts } = yield* billMonth(tenant, "2026-11", actor)
      expect(receipts.map(({ status }) => status)).toMatchObject(
        [8, 9, 10].map((number) => ({ number: `R2026-${String(number).padStart(6, "0")}` })),
      )
      // the hold of the job pays
      expect(yield* showPrepaid(tenant, "looms")).toMatchObject({ inFlightMinor: 0n, settledMinor: settledMinor - 2_500n })
      yield* writeDocuments(tenant, "2026-11", actor)
      yield* postMonthJournal(tenant, "2026-11", actor)
      yield* closeMonth(tenant, "2026-11", actor)
      const { runId, files } = yield* exportMonth(tenant, "2026-11", keys, actor)
      yield* writeExportFolder(join(folder, runId), files)
      expect((yield* verifyFolder(join(folder, runId), auditor)).findings).toEqual([])
      expect((yield* verified).receipts).toBe(10)
      expect(yield* booksDigests(tenant)).toMatchObject(digests)
    }).pipe(Effect.provideService(BillingStore, store))
  }).pipe(
    Effect.scoped,
    Effect.provideService(
      Clock.Clock,
      testingClock(() => seconds("2026-12-02T09:00")),
    ),
  )

const inTemporaryFolder = async (use: (folder: string) => Promise<void>): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), "hpc-billing-kept-"))
  try {
    await use(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

if (server === undefined) {
  describe.skip("PostgreSQL: its psql (apt-get install postgresql) is not here; its part did not run", () => {
    it("restores a pg_dump", () => {})
  })
}

it("books of an earlier release are kept", () => {
  expect(releases).toContain("schema-1")
})

describe.each(releases)("books kept by %s", (release) => {
  it.each(places)("are sound, unchanged and go on in %s", (_name, restored) =>
    inTemporaryFolder((folder) => Effect.runPromise(goesOn(release, folder, restored(release, folder)))),
  )

  it("have exports that verify offline", () =>
    inTemporaryFolder(async (folder) => {
      const exports = join(folder, "exports")
      unpack(join(books, release, "exports.tar.zst"), exports)
      const auditor = await Effect.runPromise(readAuditorKeys(join(books, release, "keys", tenant, "auditor.json"), tenant))
      const witness = await Effect.runPromise(readFileWitness(join(books, release, "witness"), tenant))
      for (const run of ["2026-09-1", "2026-10-1"]) {
        expect(await Effect.runPromise(verifyFolder(join(exports, run), auditor, witness))).toMatchObject({ findings: [], unproven: [] })
      }
    }))
})
