/**
 * Acts that meet: every ordered pair with the first stopped at each of its calls of the store, triples drawn by a seed, and pairs of
 * two processes on PostgreSQL without any stop. Each run leaves the books of one of the orders of its acts.
 * `node proof/interleavings.ts [triples] [natural pairs] [seed]`.
 */
import { spawn } from "node:child_process"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { Effect, Redacted } from "effect"
import { BillingStore, openStore, type StoreFunctions } from "../src/store/index.ts"
import { booksText } from "../src/testing/interleaving/booksText.ts"
import { freshTenant, interleaved, type Outcome, ordersOf, whyOutOfOrder } from "../src/testing/interleaving/interleave.ts"
import { actsIn, drawFrom, type Meeting, meetings, meetingText } from "../src/testing/interleaving/matrix.ts"
import { daysAfterOctober } from "../src/testing/octoberBooks.ts"
import { postgresBinaries, testingPostgres } from "../src/testing/postgres.ts"
import { testingChain } from "../src/testing/testingChain.ts"
import { testingStorage } from "../src/testing/testingStorage.ts"

const triples = Number(process.argv[2] ?? 500)
const naturalPairs = Number(process.argv[3] ?? 1_000)
const seed = Number(process.argv[4] ?? 20_261_130)
/** Books of so many tenants stay in one embedded database; then a new one begins. */
const runsADatabase = 2_000

const draw = drawFrom(seed)
const faults: string[] = []
const judge = (meeting: Meeting, place: string, run: Outcome, orders: readonly Outcome[]): void => {
  const why = whyOutOfOrder(run, orders)
  if (why === null) return
  faults.push(`${meetingText(meeting)} ${place}: ${why}`)
  console.log(`OUT OF ORDER ${faults.at(-1)}`)
}

const within = <A, E>(store: StoreFunctions, work: Effect.Effect<A, E, BillingStore>) =>
  work.pipe(Effect.provideService(BillingStore, store), daysAfterOctober(32))

const embedded = Effect.gen(function* () {
  const location = yield* Effect.promise(testingStorage)
  return yield* openStore({ location, chain: testingChain })
})

/** Works through a list, a new database for every so many runs; each piece answers how many runs it made. */
const overDatabases = <A>(list: readonly A[], piece: (store: StoreFunctions, one: A) => Effect.Effect<number, unknown>) =>
  Effect.gen(function* () {
    let [next, total] = [0, 0]
    while (next < list.length) {
      yield* Effect.scoped(
        Effect.gen(function* () {
          const store = yield* embedded
          for (let runs = 0; runs < runsADatabase && next < list.length; next++) {
            const made = yield* piece(store, list[next] as A)
            runs += made
            total += made
          }
        }),
      )
      console.log(`   ${next} of ${list.length}, ${total} runs`)
    }
    return total
  })

const pairs = overDatabases(meetings, (store, meeting) =>
  Effect.gen(function* () {
    const orders = yield* within(store, ordersOf(meeting.world, meeting.acts))
    for (let atCall = 0; ; atCall++) {
      const run = yield* within(store, interleaved(store, meeting.world, meeting.acts, [atCall]))
      judge(meeting, `at call ${atCall}`, run, orders)
      if (!run.stopped) return atCall
    }
  }),
)

const drawnTriples = Array.from({ length: triples }, (): { readonly meeting: Meeting; readonly stops: readonly number[] } => {
  const { world } = meetings[draw(meetings.length)] as Meeting
  const here = actsIn(world)
  const acts = [0, 1, 2].map(() => here[draw(here.length)] as (typeof here)[number])
  return { meeting: { world, acts }, stops: [draw(24), draw(24)] }
})

const triplesHold = overDatabases(drawnTriples, (store, { meeting, stops }) =>
  Effect.gen(function* () {
    const orders = yield* within(store, ordersOf(meeting.world, meeting.acts))
    judge(meeting, `at calls ${stops.join(" and ")}`, yield* within(store, interleaved(store, meeting.world, meeting.acts, stops)), orders)
    return 1 + orders.length
  }),
)

/** A worker process: sends it an act, waits for what was told. */
const startWorker = async (url: string) => {
  const file = fileURLToPath(new URL("../src/testing/interleaving/worker.ts", import.meta.url))
  const child = spawn(process.execPath, ["--conditions=@hpc-billing/source", "--no-warnings", file, url], {
    stdio: ["pipe", "pipe", "inherit"],
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async (): Promise<string> => (await lines.next()).value ?? "ended"
  await next()
  return {
    act: (line: string): Promise<string> => {
      child.stdin.write(`${line}\n`)
      return next()
    },
    stop: (): void => void child.stdin.end(),
  }
}

const natural = Effect.gen(function* () {
  const [binaries] = postgresBinaries()
  if (binaries === undefined) throw new Error("No PostgreSQL server is installed: apt-get install postgresql")
  const server = yield* testingPostgres(binaries)
  const store = yield* openStore({ location: { kind: "postgres", url: Redacted.make(server.url) }, chain: testingChain })
  const workers = yield* Effect.promise(() => Promise.all([startWorker(server.url), startWorker(server.url)]))
  let [busy, busyWithItself] = [0, 0]
  for (let pair = 0; pair < naturalPairs; pair++) {
    const meeting = meetings[draw(meetings.length)] as Meeting
    const orders = yield* within(store, ordersOf(meeting.world, meeting.acts))
    const tenant = freshTenant()
    yield* within(store, meeting.world.prepare(tenant))
    const told = yield* Effect.promise(() =>
      Promise.all(workers.map((worker, place) => worker.act(`${tenant} ${place} ${meeting.acts[place]?.name}`))),
    )
    if (told.some((each) => each.includes("busy"))) {
      busy += 1
      if (meeting.acts[0] === meeting.acts[1]) busyWithItself += 1
    } else judge(meeting, "in two processes", { told, books: yield* within(store, booksText(tenant)) }, orders)
  }
  for (const worker of workers) worker.stop()
  return { busy, busyWithItself }
})

const proof = Effect.gen(function* () {
  const pairRuns = yield* pairs
  const tripleRuns = yield* triplesHold
  const { busy, busyWithItself } = yield* Effect.scoped(natural)
  const holds = faults.length === 0 && busy * 100 <= naturalPairs && busyWithItself === 0
  console.log(
    `${meetings.length} pairs in ${pairRuns} interleavings, ${triples} triples (${tripleRuns} runs, seed ${seed}) and ${naturalPairs} pairs of two processes on PostgreSQL: ${faults.length} out of order, ${busy} busy (${busyWithItself} with a second run of the same act).`,
  )
  if (!holds) process.exitCode = 1
})

await Effect.runPromise(proof)
