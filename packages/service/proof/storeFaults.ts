/**
 * A hundred kills of a process that writes into an embedded database, a hundred immediate stops of a PostgreSQL server while
 * a process writes into it, and three processes with 32 writers each: no acknowledged commit lost, no fork, no gap, and
 * recovery without hands. `node proof/storeFaults.ts [rounds]`.
 */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Effect } from "effect"
import { postgresBinaries, testingPostgres } from "../src/testing/postgres.ts"
import { killDuringCommits, stopDuringCommits, writeFromProcesses } from "../src/testing/storeFaults.ts"

const rounds = Number(process.argv[2] ?? 100)

const proof = Effect.gen(function* () {
  const [binaries] = postgresBinaries()
  if (binaries === undefined) throw new Error("No PostgreSQL server is installed: apt-get install postgresql")
  const folder = mkdtempSync(join(tmpdir(), "hpc-billing-proof-"))
  yield* Effect.addFinalizer(() => Effect.sync(() => rmSync(folder, { recursive: true })))
  const killed = yield* killDuringCommits(join(folder, "data"), rounds)
  console.log(`embedded: ${rounds} kills, ${killed.acknowledged} commits acknowledged and found, ${killed.unacknowledged} more stored`)
  const server = yield* testingPostgres(binaries)
  const stopped = yield* stopDuringCommits(server, "postgres", rounds)
  console.log(`PostgreSQL: ${rounds} stops, ${stopped.acknowledged} commits acknowledged and found, ${stopped.unacknowledged} more stored`)
  yield* Effect.promise(() => server.createDatabase("many"))
  const many = yield* writeFromProcesses(server.urlOf("many"), 3, 32, 3_000)
  console.log(
    `${rounds} kills and ${rounds} stops lost none of ${killed.acknowledged + stopped.acknowledged} acknowledged commits; 3 processes with 32 writers made ${many} commits without fork or gap.`,
  )
})

await Effect.runPromise(Effect.scoped(proof))
