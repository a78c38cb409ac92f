import type { JobRecord } from "@hpc-billing/core"
import fc from "fast-check"
import { expect, it } from "vitest"
import type { Decoded } from "../Decoded.ts"
import { decodeSacctChunks } from "../sacct/decodeSacctChunks.ts"
import { holdConflicts, holdConflictsOf } from "./holdConflicts.ts"

const header = "Cluster|JobIDRaw|User|Account|State|Submit|Start|End|Elapsed|AllocTRES|ConsumedEnergyRaw"
const row = (
  jobId: string,
  over: { readonly submit?: number; readonly user?: string; readonly cores?: number; readonly state?: string } = {},
) =>
  `reef|${jobId}|${over.user ?? "ann"}|kelp|${over.state ?? "COMPLETED"}|${over.submit ?? 100}|200|260|00:01:00|cpu=${over.cores ?? 1},node=1|5000`

const read = async (...rows: readonly string[]): Promise<readonly Decoded[]> => {
  const bytes = Buffer.from([header, ...rows, ""].join("\n"))
  const decoded: Decoded[] = []
  for await (const batch of holdConflictsOf(() => decodeSacctChunks([bytes], { source: "test" }), "test")) decoded.push(...batch)
  return decoded
}
const recordsOf = (decoded: readonly Decoded[]): readonly JobRecord[] =>
  decoded.flatMap((item) => (item._tag === "Record" ? [item.record] : []))

it("holds two different rows of one job, and shows both in either place", async () => {
  const decoded = await read(row("41"), row("42", { cores: 64 }), row("43"), row("42", { user: "eve", cores: 1 }))
  expect(recordsOf(decoded).map(({ jobId }) => jobId)).toEqual(["41", "43"])
  const rejections = decoded.flatMap((item) => (item._tag === "Rejection" ? [item.rejection] : []))
  expect(rejections).toMatchObject([
    { source: "test", lineNumber: 3, field: "JobIDRaw" },
    { source: "test", lineNumber: 5, field: "JobIDRaw" },
  ])
  expect(rejections.map(({ reason }) => reason.split(". ")[0])).toEqual([
    'job 42 of cluster reef, submitted at 100, has two different rows in one answer, the other at line 5: user "ann" or "eve", allocated {"cpu":64,"node":1} or {"cpu":1,"node":1}',
    'job 42 of cluster reef, submitted at 100, has two different rows in one answer, the other at line 3: user "eve" or "ann", allocated {"cpu":1,"node":1} or {"cpu":64,"node":1}',
  ])
  for (const { raw } of rejections) expect([raw.includes('"user":"ann"'), raw.includes('"user":"eve"')]).toEqual([true, true])
})

it("holds every one of many, also those that agree with another", async () => {
  const decoded = await read(row("7"), row("7"), row("7", { cores: 2 }), row("7"))
  expect(decoded.map(({ _tag }) => _tag)).toEqual(["Rejection", "Rejection", "Rejection", "Rejection"])
})

it("takes attempts, steps and repeated rows for what they are", async () => {
  const decoded = await read(
    row("9", { submit: 100, state: "REQUEUED" }),
    row("9.batch", { submit: 100 }),
    row("9", { submit: 170, state: "REQUEUED" }),
    row("9", { submit: 230 }),
    row("9.batch", { submit: 230 }),
    row("9.0", { submit: 230 }),
    row("8"),
    row("8"),
  )
  expect(decoded.filter(({ _tag }) => _tag === "Rejection")).toEqual([])
  expect(recordsOf(decoded).map(({ jobId, submitSeconds }) => [jobId, submitSeconds])).toEqual(
    expect.arrayContaining([
      ["9", 100],
      ["9", 170],
      ["9", 230],
      ["8", 100],
      ["8", 100],
    ]),
  )
})

it("says the same read twice from a stream as read once in memory", async () => {
  const rows = fc.array(
    fc.record({ jobId: fc.constantFrom("1", "2", "3", "4"), submit: fc.constantFrom(100, 170), cores: fc.constantFrom(1, 2) }),
    { maxLength: 12 },
  )
  await fc.assert(
    fc.asyncProperty(rows, async (drawn) => {
      const lines = drawn.map(({ jobId, submit, cores }) => row(jobId, { submit, cores }))
      const inMemory: Decoded[] = []
      for await (const batch of decodeSacctChunks([Buffer.from([header, ...lines, ""].join("\n"))], { source: "test" }))
        inMemory.push(...batch)
      const sorted = (decoded: readonly Decoded[]): readonly string[] => decoded.map((item) => String(placeOf(item))).sort()
      expect(sorted(await read(...lines))).toEqual(sorted(holdConflicts(inMemory, "test", "line")))
      const different = new Set(drawn.map(({ jobId, submit, cores }) => `${jobId}/${submit}/${cores}`))
      const keys = new Set(drawn.map(({ jobId, submit }) => `${jobId}/${submit}`))
      const wanted = [...keys].filter((key) => ["1", "2"].some((cores) => !different.has(`${key}/${cores}`)))
      const kept = new Set(recordsOf(await read(...lines)).map(({ jobId, submitSeconds }) => `${jobId}/${submitSeconds}`))
      expect([...kept].sort()).toEqual(wanted.sort())
    }),
  )
})

const placeOf = (item: Decoded): string =>
  item._tag === "Record" ? `record ${item.lineNumber}` : `rejection ${item.rejection.lineNumber} ${item.rejection.reason}`
