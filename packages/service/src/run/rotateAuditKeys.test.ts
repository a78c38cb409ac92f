import { randomBytes } from "node:crypto"
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Effect, Exit, Scope, Stream } from "effect"
import { Reactivity } from "effect/reactivity"
import type { SqlClient } from "effect/sql"
import { afterEach, beforeEach, expect, it } from "vitest"
import { nodeCryptography } from "../crypto/nodeCryptography.ts"
import { createTenantKeys, readAuditorKeys, readTenantKeys } from "../keys/keyFolder.ts"
import { prepareNextAuditKeys } from "../keys/nextAuditKeys.ts"
import { originOf, type TenantKeys } from "../keys/TenantKeys.ts"
import { auditChain } from "../store/AuditChain.ts"
import { BillingStore, fileWitness, readFileWitness, type StoreFunctions } from "../store/index.ts"
import { openPglite } from "../store/pglite/openPglite.ts"
import { makeSqlStore } from "../store/sql/makeSqlStore.ts"
import {
  closeOctober,
  daysAfterOctober,
  octoberActor,
  octoberPayerBook,
  octoberRateBook,
  octoberSite,
  postOctober,
} from "../testing/octoberBooks.ts"
import { testingStorage } from "../testing/testingStorage.ts"
import { exportMonth } from "./exportMonth.ts"
import { publishBooks } from "./publishBooks.ts"
import { rotateAuditKeys } from "./rotateAuditKeys.ts"
import { settleAuditKeys } from "./settleAuditKeys.ts"
import { verifyFolder } from "./verifyFolder.ts"
import { verifyStore } from "./verifyStore.ts"
import { writeExportFolder } from "./writeExportFolder.ts"

const tenant = "reef"
const random = (count: number): Uint8Array => new Uint8Array(randomBytes(count))

let folder: string
let keysFolder: string
let scope: Scope.Closeable
let sql: SqlClient.SqlClient

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hpc-billing-rotate-"))
  keysFolder = join(folder, "keys")
  scope = Effect.runSync(Scope.make())
  const opened = openPglite(await testingStorage()).pipe(Scope.provide(scope), Effect.provide(Reactivity.layer))
  ;({ sql } = await Effect.runPromise(opened))
  await Effect.runPromise(createTenantKeys(keysFolder, tenant, random))
})

afterEach(async () => {
  await Effect.runPromise(Scope.close(scope, Exit.void))
  await rm(folder, { recursive: true })
})

interface Started {
  readonly store: StoreFunctions
  readonly keys: TenantKeys
}

/** A process: it reads the key folder, settles it, does its work on the same database, and ends. */
const inProcess = <A, E>(work: (started: Started) => Effect.Effect<A, E, BillingStore>): Promise<A> =>
  Effect.gen(function* () {
    let standing = yield* readTenantKeys(keysFolder, tenant)
    const chain = auditChain(nodeCryptography, () => ({ origin: originOf(tenant), keys: standing.audit }))
    const store = yield* makeSqlStore(sql, chain, fileWitness(join(folder, "witness")))
    return yield* Effect.gen(function* () {
      standing = yield* settleAuditKeys(tenant, keysFolder, standing)
      return yield* work({ store, keys: standing })
    }).pipe(Effect.provideService(BillingStore, store))
  }).pipe(Effect.scoped, Effect.runPromise)

const rotate = (seed = random(32)): Promise<number> =>
  inProcess(({ keys }) => rotateAuditKeys(tenant, keysFolder, keys, seed, octoberActor))

/** Something to seal: another name of the issuer is another version of the site. */
const write = (name: string): Promise<unknown> =>
  inProcess(() => {
    const site = octoberSite(tenant)
    return publishBooks({ ...site, issuer: { ...site.issuer, nameEnglish: name } }, octoberRateBook, octoberPayerBook, octoberActor)
  })

const findings = (): Promise<readonly unknown[]> =>
  inProcess(() =>
    Effect.gen(function* () {
      const auditor = yield* readAuditorKeys(join(keysFolder, tenant, "auditor.json"), tenant)
      return (yield* verifyStore(tenant, auditor, yield* readFileWitness(join(folder, "witness"), tenant))).findings
    }),
  )

const keyFile = (name = "audit.json"): Promise<string> => readFile(join(keysFolder, tenant, name), "utf8")

it("three rotations: each begins an epoch, erases the key before it, and what is written verifies over all of them", async () => {
  await write("Centre 0")
  const genesis = JSON.parse(await keyFile())
  for (const epoch of [1, 2, 3]) {
    const before = JSON.parse(await keyFile())
    expect(await rotate()).toBe(epoch)
    const after = await keyFile()
    expect(after).not.toContain(before.macKey)
    expect(after).not.toContain(before.signingSeed)
    expect(JSON.parse(after)).toMatchObject({ epoch, genesisPublicKey: genesis.genesisPublicKey })
    await expect(keyFile("audit.next.json")).rejects.toThrow("ENOENT")
    await write(`Centre ${epoch}`)
    expect(await findings()).toEqual([])
  }
  const epochs = await inProcess(({ store }) =>
    Effect.map(Stream.runCollect(store.auditRecords(tenant, 1n)), (records) => [...new Set(records.map(({ epoch }) => epoch))]),
  )
  expect(epochs).toEqual([0, 1, 2, 3])
})

it("an export taken after a rotation verifies from its files, the auditor's first keys and the witness", async () => {
  await inProcess(() => Effect.andThen(postOctober(tenant), closeOctober(tenant)))
  await rotate()
  await write("Centre 1")
  const report = await inProcess(({ keys }) =>
    Effect.gen(function* () {
      const { files } = yield* exportMonth(tenant, "2026-10", keys, octoberActor)
      yield* writeExportFolder(join(folder, "export"), files)
      const auditor = yield* readAuditorKeys(join(keysFolder, tenant, "auditor.json"), tenant)
      return yield* verifyFolder(join(folder, "export"), auditor, yield* readFileWitness(join(folder, "witness"), tenant))
    }).pipe(daysAfterOctober(2)),
  )
  expect(report).toMatchObject({ findings: [], unproven: [] })
  expect(await findings()).toEqual([])
})

it("a crash before the rotation is stored leaves the keys as they were", async () => {
  await write("Centre 0")
  const before = await keyFile()
  await inProcess(({ keys }) => prepareNextAuditKeys(keysFolder, tenant, keys, random(32)))
  expect(JSON.parse(await keyFile("audit.next.json")).epoch).toBe(1)
  await write("Centre 1")
  expect(await keyFile()).toBe(before)
  await expect(keyFile("audit.next.json")).rejects.toThrow("ENOENT")
  expect(await rotate()).toBe(1)
  expect(await findings()).toEqual([])
})

it("a crash while the next keys are written leaves the keys as they were", async () => {
  await write("Centre 0")
  await writeFile(join(keysFolder, tenant, "audit.next.json"), '{\n  "epoch": 1,')
  await write("Centre 1")
  expect(await rotate()).toBe(1)
  expect(await findings()).toEqual([])
})

it("a crash after the rotation is stored is finished by the next start, and the one after finds nothing to do", async () => {
  await write("Centre 0")
  const before = await keyFile()
  await rotate()
  const after = await keyFile()
  await writeFile(join(keysFolder, tenant, "audit.json"), before)
  await writeFile(join(keysFolder, tenant, "audit.next.json"), after)
  await write("Centre 1")
  expect(await keyFile()).toBe(after)
  await expect(keyFile("audit.next.json")).rejects.toThrow("ENOENT")
  await write("Centre 2")
  expect(await findings()).toEqual([])
})

it("next keys that another process dropped or replaced meanwhile do no harm", async () => {
  await write("Centre 0")
  const other = await inProcess(({ keys }) => Effect.succeed(keys))
  await rotate()
  const after = await keyFile()
  await Effect.runPromise(prepareNextAuditKeys(keysFolder, tenant, other, random(32)))
  await write("Centre 1")
  expect(await keyFile()).toBe(after)
  expect(await findings()).toEqual([])
})

it("the keys of an epoch that has ended are refused", async () => {
  await write("Centre 0")
  const before = await keyFile()
  await rotate()
  await writeFile(join(keysFolder, tenant, "audit.json"), before)
  await expect(write("Centre 1")).rejects.toThrow(/are not those that its audit chain is sealed with/)
})

it("the witness names a database that was brought back from a copy; without it nothing shows", async () => {
  const tables = ["audit_record", "ledger_head", "document"]
  await write("Centre 0")
  for (const table of tables) await Effect.runPromise(sql.unsafe(`CREATE TABLE copy_of_${table} AS SELECT * FROM ${table}`))
  await write("Centre 1")
  for (const table of tables) {
    await Effect.runPromise(sql.unsafe(`DELETE FROM ${table}`))
    await Effect.runPromise(sql.unsafe(`INSERT INTO ${table} SELECT * FROM copy_of_${table}`))
  }
  expect(await findings()).toEqual([
    { row: "audit record 5", finding: expect.stringContaining("the end of the log was cut off or an old copy restored") },
  ])
  const auditorFile = join(keysFolder, tenant, "auditor.json")
  const unwitnessed = inProcess(() => Effect.flatMap(readAuditorKeys(auditorFile, tenant), (auditor) => verifyStore(tenant, auditor)))
  expect((await unwitnessed).findings).toEqual([])
})
