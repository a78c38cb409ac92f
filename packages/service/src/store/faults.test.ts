import { cp, mkdtemp, rm, writeFile } from "node:fs/promises"
import { createConnection } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Effect, Exit, Redacted, Scope, Stream } from "effect"
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest"
import { postgresBinaries, type TestingPostgres, testingPostgres } from "../testing/postgres.ts"
import { sampleRecord } from "../testing/samples.ts"
import { startWriter } from "../testing/startWriter.ts"
import { killDuringCommits, stopDuringCommits, writeFromProcesses } from "../testing/storeFaults.ts"
import { testingChain } from "../testing/testingChain.ts"
import { writeOne } from "../testing/writer.ts"
import { openStore, type StoreLocation } from "./openStore.ts"
import { lockPathOf } from "./pglite/folderLock.ts"
import type { StoreErrorReason } from "./StoreError.ts"

// each case starts databases and processes, on a machine that may have other work
vi.setConfig({ testTimeout: 180_000 })

const scope = Effect.runSync(Scope.make())
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hpc-billing-faults-"))
})

afterAll(async () => {
  await Effect.runPromise(Scope.close(scope, Exit.void))
  await rm(folder, { recursive: true, force: true })
})

/** Why the store does not open. */
const refusal = (location: StoreLocation): Promise<StoreErrorReason> =>
  Effect.runPromise(
    openStore({ location, chain: testingChain }).pipe(
      Effect.scoped,
      Effect.flip,
      Effect.map(({ reason }) => reason),
    ),
  )

/** Connects and resets the connection without reading. */
const leaveAtOnce = (path: string): Promise<void> =>
  new Promise((done) => {
    const socket = createConnection(path, () => socket.destroy())
    socket.on("error", () => {})
    socket.on("close", () => done())
  })

describe("the embedded database in a folder", () => {
  beforeAll(() =>
    Effect.runPromise(Effect.scoped(openStore({ location: { kind: "folder", folder: join(folder, "new") }, chain: testingChain }))),
  )

  /** A database that was made and closed before: to make one takes longer than what is asked of it. */
  const madeBefore = async (...names: readonly string[]): Promise<string> => {
    const place = join(folder, ...names)
    await cp(join(folder, "new"), place, { recursive: true })
    return place
  }

  it("loses no acknowledged commit when its process is killed", async () => {
    const report = await Effect.runPromise(killDuringCommits(await madeBefore("killed"), 2))
    expect(report.acknowledged).toBeGreaterThanOrEqual(40)
  })

  it("goes on when who asks for the holder leaves before the answer", async () => {
    const place = await madeBefore("asked")
    const asked = Effect.gen(function* () {
      const store = yield* openStore({ location: { kind: "folder", folder: place }, chain: testingChain })
      yield* Effect.promise(() => Promise.all(Array.from({ length: 50 }, () => leaveAtOnce(lockPathOf(place)))))
      yield* writeOne(store, "t", "after-the-askers")
    })
    await Effect.runPromise(Effect.scoped(asked))
  })

  it("syncs to the disk at least once per commit", async () => {
    let syncs = 0
    const place = await madeBefore("counted")
    const counted = Effect.gen(function* () {
      const store = yield* openStore({
        location: { kind: "folder", folder: place, onSync: () => syncs++ },
        chain: testingChain,
      })
      for (let commit = 0; commit < 50; commit++) {
        const before = syncs
        yield* writeOne(store, "t", `key-${commit}`)
        expect(syncs).toBeGreaterThan(before)
      }
      const before = syncs
      yield* store.ingestRecords("t", [sampleRecord(1)])
      expect(syncs).toBeGreaterThan(before)
    })
    await Effect.runPromise(Effect.scoped(counted))
  })

  it("is open in one process at a time, and who comes second is told who has it", async () => {
    const place = await madeBefore("locked")
    const open = openStore({ location: { kind: "folder", folder: place }, chain: testingChain })
    const held = Effect.gen(function* () {
      yield* open
      const second = yield* Effect.promise(
        () => startWriter({ location: { folder: place }, tenant: "t", name: "second", fibers: 1, commits: 1 }).ended,
      )
      expect(second.acknowledged).toEqual([])
      expect(second.error).toContain("Locked")
      expect(second.error).toContain(`in use by process ${process.pid}`)
      expect((yield* Effect.flip(Effect.scoped(open))).reason._tag).toBe("Locked")
    })
    await Effect.runPromise(Effect.scoped(held))
    await Effect.runPromise(Effect.scoped(open))
  })

  it("of several processes that find a dead one's lock, one gets the folder", async () => {
    const place = await madeBefore("stale")
    const task = { location: { folder: place }, tenant: "t", fibers: 1, commits: 1_000_000 } as const
    const first = startWriter({ ...task, name: "first" })
    await first.acknowledges(1)
    first.kill()
    await first.ended
    const heirs = [1, 2, 3].map((number) => startWriter({ ...task, name: `heir-${number}` }))
    await Promise.all(heirs.map((heir) => heir.acknowledges(1)))
    for (const heir of heirs) heir.kill()
    const reports = await Promise.all(heirs.map((heir) => heir.ended))
    expect(reports.filter(({ acknowledged }) => acknowledged.length > 0)).toHaveLength(1)
    expect(reports.flatMap(({ error }) => error?.split(" ")[0] ?? [])).toEqual(["Locked", "Locked"])
  })

  it("has its lock in the folder for temporary files when the path is too long for a socket", async () => {
    const place = await madeBefore("long".repeat(30), "data")
    expect(lockPathOf(place).startsWith(tmpdir())).toBe(true)
    expect(Buffer.byteLength(lockPathOf(place))).toBeLessThanOrEqual(107)
    const open = openStore({ location: { kind: "folder", folder: place }, chain: testingChain })
    const twice = Effect.andThen(open, Effect.flip(Effect.scoped(open)))
    expect((await Effect.runPromise(Effect.scoped(twice))).reason._tag).toBe("Locked")
  })

  it("says so when the folder cannot be made", async () => {
    await writeFile(join(folder, "file"), "")
    const reason = await refusal({ kind: "folder", folder: join(folder, "file", "data") })
    expect(reason._tag).toBe("Unavailable")
    expect(reason.sentence).toMatch(/The embedded database in the folder .* cannot be opened .*check that the folder can be written/)
  })
})

const [binaries] = postgresBinaries()
describe.skipIf(binaries === undefined)("PostgreSQL (skipped where Debian's server is not installed)", () => {
  let server: TestingPostgres
  beforeAll(async () => {
    server = await Effect.runPromise(Scope.provide(testingPostgres(binaries as string), scope))
    for (const name of ["many", "faults", "newer", "edited", "restarted"]) await server.createDatabase(name)
  })

  it("takes three processes with 32 writers each: no fork, no gap, dense numbers", async () => {
    expect(await Effect.runPromise(writeFromProcesses(server.urlOf("many"), 3, 32, 200))).toBe(600)
  })

  it("loses no acknowledged commit when the server stops at once", async () => {
    const report = await Effect.runPromise(stopDuringCommits(server, "faults", 2))
    expect(report.acknowledged).toBeGreaterThanOrEqual(40)
  })

  it("answers that it is unavailable while the server is down, and goes on when it is back", async () => {
    const outlived = Effect.gen(function* () {
      const store = yield* openStore({ location: at(server.urlOf("restarted")), chain: testingChain })
      yield* writeOne(store, "t", "before")
      yield* Effect.promise(server.stopImmediately)
      expect((yield* Effect.flip(writeOne(store, "t", "meanwhile"))).reason._tag).toBe("Unavailable")
      expect((yield* Effect.flip(store.ingestRecords("t", [sampleRecord(1)]))).reason._tag).toBe("Unavailable")
      expect((yield* Effect.flip(store.listRecords("t", {}, { cursor: null, limit: 1 }))).reason._tag).toBe("Unavailable")
      yield* Effect.promise(server.start)
      const after = writeOne(store, "t", "after")
      return yield* Effect.retry(after, { times: 3 })
    })
    expect(await Effect.runPromise(Effect.scoped(outlived))).toMatchObject({ commitSequence: 2n, answer: "2" })
  })

  const at = (url: string): StoreLocation => ({ kind: "postgres", url: Redacted.make(url) })

  it("a wrong password, database, server or address is one sentence with the next step, without the password", async () => {
    const reasons = await Promise.all([
      refusal(at(server.urlOf("postgres", "postgres", "secret-but-wrong"))),
      refusal(at(server.urlOf("no-such-database"))),
      refusal(at("postgres://postgres:secret-but-wrong@127.0.0.1:1/postgres")),
      refusal(at("secret-but-wrong")),
    ])
    const [password, database, none, address] = reasons.map((reason) => reason.sentence)
    const words = reasons.map((reason) => ("words" in reason ? reason.words : undefined))
    expect(password).toMatch(/refused the login: check user and password in DATABASE_URL/)
    expect(words[0]).toMatch(/password authentication failed for user "postgres"/)
    expect(database).toMatch(/look into its log|DATABASE_URL/)
    expect(words[1]).toMatch(/database "no-such-database" does not exist/)
    expect(none).toMatch(/No connection to the database: check that the server runs/)
    expect(words[2]).toMatch(/ECONNREFUSED/)
    expect(address).toMatch(/DATABASE_URL is not the address of a PostgreSQL database/)
    for (const reason of reasons) {
      expect(reason._tag).toBe("Unavailable")
      expect(reason.sentence).not.toContain("secret-but-wrong")
    }
  })

  it("a schema of a newer release is refused untouched", async () => {
    const location = at(server.urlOf("newer"))
    await Effect.runPromise(Effect.scoped(openStore({ location, chain: testingChain })))
    await server.execute("newer", "INSERT INTO schema_migration VALUES (999, 'of the future', 0)")
    const reason = await refusal(location)
    expect(reason).toMatchObject({ _tag: "NewerSchema", found: 999 })
    expect(reason.sentence).toMatch(/schema version 999, this release knows \d+: start the newer release/)
  })

  it("a row edited behind the store's back is named", async () => {
    const location = at(server.urlOf("edited"))
    const written = Effect.scoped(Effect.flatMap(openStore({ location, chain: testingChain }), (store) => writeOne(store, "t", "entry-1")))
    await Effect.runPromise(written)
    await server.execute(
      "edited",
      "UPDATE transfer SET amount_minor = 101",
      "UPDATE entry SET month = '2026-11'",
      "UPDATE account_balance SET debit_minor = 7 WHERE account = '1150'",
    )
    const rows = await Effect.runPromise(
      Effect.scoped(Effect.flatMap(openStore({ location, chain: testingChain }), (store) => Stream.runCollect(store.contradictions("t")))),
    )
    expect(rows.map(({ row }) => row)).toEqual([
      "entry entry-1",
      "transfers of entry entry-1",
      "balance 1150 THB 2026-10",
      "balance 4000 THB 2026-10",
    ])
  })
})
