import { mkdir, open } from "node:fs/promises"
import { dirname, resolve } from "node:path"
import * as PgClient from "@effect/sql-pg/PgClient"
import { PGlite, type PGliteOptions } from "@electric-sql/pglite"
import { Effect, type Scope } from "effect"
import type { Reactivity } from "effect/reactivity"
import { StoreError } from "../StoreError.ts"
import { toStoreError } from "../sql/toStoreError.ts"
import { durableNodeFs, durableStartParameters } from "./durableNodeFs.ts"
import { folderLock } from "./folderLock.ts"
import { pgliteDuplex } from "./pgliteDuplex.ts"

export type PgliteStorage =
  /** Durable: every commit reaches the disk before it is acknowledged. `onSync` is told of each fsync. */
  | { readonly kind: "folder"; readonly folder: string; readonly onSync?: () => void }
  /** Gone when closed; begun from a snapshot (`dumpDataDir`) when one is given. */
  | { readonly kind: "memory"; readonly snapshot?: Blob }

/** An embedded database and the client that speaks to it. One session: statements run one after another. */
export const openPglite = Effect.fnUntraced(function* (
  storage: PgliteStorage,
): Effect.fn.Return<{ readonly pglite: PGlite; readonly sql: PgClient.PgClient }, StoreError, Scope.Scope | Reactivity.Reactivity> {
  if (storage.kind === "folder") {
    yield* makeFolder(storage.folder)
    yield* folderLock(storage.folder)
  }
  const pglite = yield* Effect.acquireRelease(
    Effect.tryPromise({ try: () => PGlite.create(optionsOf(storage)), catch: (error) => unopened(storage, error) }),
    (opened) => Effect.promise(() => opened.close()),
  )
  if (storage.kind === "folder") yield* syncFolder(storage.folder)
  const sql = yield* PgClient.makeClient({
    stream: () => pgliteDuplex(pglite),
    username: "postgres",
    database: "postgres",
    ssl: false,
    maxMessageSize: 1_000_000_000,
  }).pipe(Effect.mapError(toStoreError))
  return { pglite, sql }
})

const optionsOf = (storage: PgliteStorage): PGliteOptions => {
  if (storage.kind === "memory") return storage.snapshot === undefined ? {} : { loadDataDir: storage.snapshot }
  return {
    fs: durableNodeFs(resolve(storage.folder), storage.onSync ?? (() => {})),
    startParams: durableStartParameters(PGlite.defaultStartParams),
  }
}

const makeFolder = (folder: string) =>
  Effect.tryPromise({
    try: () => mkdir(resolve(folder), { recursive: true, mode: 0o700 }),
    catch: (error) => unopened({ kind: "folder", folder }, error),
  })

/** The names of a new database must survive a power cut as its rows do. */
const syncFolder = (folder: string) =>
  Effect.tryPromise({
    try: async () => {
      for (const path of [resolve(folder), dirname(resolve(folder))]) {
        const handle = await open(path)
        await handle.sync().finally(() => handle.close())
      }
    },
    catch: (error) => unopened({ kind: "folder", folder }, error),
  })

const unopened = (storage: PgliteStorage, error: unknown): StoreError => {
  const words = error instanceof Error ? error.message : String(error)
  const place = storage.kind === "folder" ? `in the folder ${storage.folder}` : "in memory"
  return new StoreError({
    reason: {
      _tag: "Unavailable",
      sentence: `The embedded database ${place} cannot be opened (${words}): check that the folder can be written and has space, or set DATABASE_URL to a PostgreSQL server.`,
      cause: error,
    },
  })
}
