import { createHash } from "node:crypto"
import { openAsBlob } from "node:fs"
import { rename, stat, writeFile } from "node:fs/promises"
import { createRequire } from "node:module"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Effect } from "effect"
import { Reactivity } from "effect/reactivity"
import { migrations } from "../store/migrations/migrations.ts"
import { openPglite, type PgliteStorage } from "../store/pglite/openPglite.ts"
import { makeSqlStore } from "../store/sql/makeSqlStore.ts"
import { testingChain } from "./testingChain.ts"

const pgliteEntry = createRequire(import.meta.url).resolve("@electric-sql/pglite")

/** Of what the snapshot is made from: another schema or another PGlite is another file. */
const snapshotFile = (): string => {
  const made = createHash("sha256").update(JSON.stringify(migrations)).update(pgliteEntry).digest("hex").slice(0, 16)
  return join(tmpdir(), `hpc-billing-snapshot-${made}.tar`)
}

const makeSnapshot = (file: string): Promise<void> =>
  Effect.gen(function* () {
    const { pglite, sql } = yield* openPglite({ kind: "memory" })
    yield* Effect.scoped(makeSqlStore(sql, testingChain))
    yield* Effect.promise(async () => {
      const snapshot = await pglite.dumpDataDir("none")
      const draft = `${file}.${process.pid}`
      await writeFile(draft, Buffer.from(await snapshot.arrayBuffer()))
      await rename(draft, file)
    })
  }).pipe(Effect.scoped, Effect.provide(Reactivity.layer), Effect.runPromise)

/**
 * An empty store in memory with the schema in place, in a fifth of the time that a new database takes: the first test on a
 * machine makes it and leaves it in the folder for temporary files for all that follow.
 */
export const testingStorage = async (): Promise<PgliteStorage> => {
  const file = snapshotFile()
  const isThere = await stat(file).then(
    () => true,
    () => false,
  )
  if (!isThere) await makeSnapshot(file)
  return { kind: "memory", snapshot: await openAsBlob(file) }
}
