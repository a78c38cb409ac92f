import { Clock, Effect, Exit, Redacted, Scope, Stream } from "effect"
import fc from "fast-check"
import { afterAll, expect, it, vi } from "vitest"
import { postgresBinaries, testingPostgres } from "../testing/postgres.ts"
import { octoberEndSeconds, octoberStartSeconds, sampleRecord } from "../testing/samples.ts"
import { testingChain } from "../testing/testingChain.ts"
import { testingClock } from "../testing/testingClock.ts"
import { testingStorage } from "../testing/testingStorage.ts"
import { openStore, type StoreLocation } from "./openStore.ts"

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

const scope = Effect.runSync(Scope.make())
afterAll(() => Effect.runPromise(Scope.close(scope, Exit.void)))

let nowSeconds = octoberEndSeconds
const clock = testingClock(() => nowSeconds)
const nowMicroseconds = (): bigint => BigInt(nowSeconds) * 1_000_000n
const run = <A, E>(effect: Effect.Effect<A, E>) => Effect.runPromise(Effect.provideService(effect, Clock.Clock, clock))

const jobs = [0, 1]
/** What Slurm says of each job: the account at its place. */
type Said = readonly string[]
const recordsOf = (said: Said) => jobs.map((job) => sampleRecord(job, { account: said[job] as string }))

const steps = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant("correct" as const), job: fc.nat(1), account: fc.constantFrom("physics", "chem") }),
    fc.record({ do: fc.constantFrom("pull" as const, "ask" as const, "export" as const) }),
    fc.record({ do: fc.constantFrom("answer" as const, "ingest" as const), which: fc.nat() }),
  ),
  { minLength: 20, maxLength: 30 },
)

const locations: readonly (readonly [string, Effect.Effect<StoreLocation, never, Scope.Scope>])[] = [
  ["PGlite", Effect.promise(testingStorage)],
  ...postgresBinaries()
    .slice(0, 1)
    .map((binaries) => {
      const server = testingPostgres(binaries)
      return [
        `PostgreSQL of ${binaries}`,
        Effect.map(server, ({ url }) => ({ kind: "postgres", url: Redacted.make(url) }) as const),
      ] as const
    }),
]

it.each(locations)(
  "%s: a pull finds what Slurm says now and a file read again changes nothing, in whatever order they come",
  async (name, location) => {
    const opened = Effect.flatMap(location, (at) => openStore({ location: at, chain: testingChain }))
    const store = await Effect.runPromise(Scope.provide(opened, scope))
    let runs = 0
    await fc.assert(
      fc.asyncProperty(steps, async (sequence) => {
        const tenant = `${name}-${runs++}`
        let slurm: Said = jobs.map(() => "physics")
        const asked: { readonly said: Said; readonly at: bigint }[] = []
        const files: { readonly said: Said; isRead: boolean }[] = []
        const heads: { readonly head: bigint; readonly stored: Said }[] = []
        const read = (said: Said, asOf?: bigint) => run(store.ingestRecords(tenant, recordsOf(said), asOf))
        const stored = async (asOfSequence?: bigint): Promise<Said> => {
          const window = { startSeconds: octoberStartSeconds, endSeconds: octoberEndSeconds }
          const records = await run(
            Stream.runCollect(store.records(tenant, asOfSequence === undefined ? { window } : { window, asOfSequence })),
          )
          return [...records].sort((left, right) => Number(left.jobId) - Number(right.jobId)).map(({ account }) => account)
        }
        const ingest = async (file: (typeof files)[number]) => {
          const counts = await read(file.said)
          if (file.isRead) expect(counts).toEqual({ accepted: 0, replaced: 0, known: jobs.length })
          file.isRead = true
        }
        for (const step of [...sequence, { do: "pull" as const }]) {
          nowSeconds += 1
          const which = "which" in step ? step.which : 0
          if (step.do === "correct") slurm = slurm.with(step.job, step.account)
          else if (step.do === "export") files.push({ said: slurm, isRead: false })
          else if (step.do === "ask") asked.push({ said: slurm, at: nowMicroseconds() })
          else if (step.do === "pull") {
            await read(slurm, nowMicroseconds())
            expect(await stored()).toEqual(slurm)
          } else if (step.do === "answer") {
            const [pull] = asked.splice(which % Math.max(1, asked.length), 1)
            if (pull !== undefined) await read(pull.said, pull.at)
          } else {
            const file = files[which % Math.max(1, files.length)]
            if (file !== undefined) await ingest(file)
          }
          heads.push({ head: await run(store.ingestHead(tenant)), stored: await stored() })
        }
        for (const file of files) if (file.isRead) await ingest(file)
        expect(await stored()).toEqual(slurm)
        for (const { head, stored: then } of heads) expect(await stored(head)).toEqual(then)
        expect(await run(Stream.runCollect(store.contradictions(tenant)))).toEqual([])
      }),
      { numRuns: 30 },
    )
  },
)
