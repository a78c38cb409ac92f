import { readFileSync } from "node:fs"
import { Result } from "effect"
import { describe, expect, it } from "vitest"
import { decodeRestAnswer } from "./decodeRestAnswer.ts"

const fixture = (path: string): string => readFileSync(new URL(`../../fixtures/${path}`, import.meta.url), "utf8")
const decode = (text: string) => decodeRestAnswer(text, { source: "test" })
const said = (text: string): string => Result.getOrThrow(Result.flip(decode(text))).message

const answer = (job: unknown, version = "v0.0.44"): string =>
  JSON.stringify({ meta: { plugin: { data_parser: version } }, errors: [], jobs: [job] })
const good = (): Record<string, never> => JSON.parse(fixture("25.11/live/sacct/all.v0.0.44.json")).jobs[5]

describe("answers that are none", () => {
  it.each([
    [fixture("22.05-debian/settled/rest/v0.0.38.slurmdb.jobs.badparam.json"), "Slurm answers: Unknown Query field"],
    ["<html>502</html>", 'test: the answer is not JSON ("<html>502</html>"); check that this is slurmrestd, or the output of sacct --json'],
    [answer({}, "v0.0.50"), "test: it speaks v0.0.50; v0.0.36 to v0.0.44 can be read"],
    ["{}", "test: it speaks no version that it names; v0.0.36 to v0.0.44 can be read"],
    [JSON.stringify({ meta: { plugin: { type: "openapi/dbv0.0.38" } } }), "an answer without jobs and without errors"],
  ])("%#", (text, sentence) => {
    expect(said(text)).toContain(sentence)
  })

  it("reads a bad token that comes under HTTP 200 as what it is", () => {
    const body = fixture("22.05-debian/settled/rest/auth.badtoken.txt")
      .split(/\r?\n\r?\n/)
      .at(-1) as string
    expect(said(body)).toMatch(/^test: Slurm answers: .+; check the token and that slurmdbd runs$/)
  })
})

it("reads the error with which 22.05 answers where there is no job as no jobs", () => {
  expect(decode(fixture("22.05-debian/settled/rest/v0.0.38.slurmdb.job.missing.json"))).toEqual(Result.succeed([]))
})

describe("jobs that cannot be read", () => {
  const rejection = (change: (job: Record<string, unknown>) => void) => {
    const job: Record<string, unknown> = structuredClone(good())
    change(job)
    const [decoded] = Result.getOrThrow(decode(answer(job)))
    return decoded?._tag === "Rejection" ? decoded.rejection : null
  }

  it.each<[string, (job: Record<string, unknown>) => void, string | null]>([
    ["a missing list", (job) => delete job.tres, "tres"],
    ["a wrong type", (job) => Object.assign(job.time as object, { elapsed: "1" }), "time.elapsed"],
    ["an unknown state", (job) => Object.assign(job, { state: { current: ["DONE"] } }), "state"],
    ["a fraction of a second", (job) => Object.assign(job.time as object, { suspended: 1.5 }), "time.suspended"],
    ["no submit time", (job) => Object.assign(job.time as object, { submission: 0 }), "time.submission"],
    ["an end before the start", (job) => Object.assign(job.time as object, { end: 5, elapsed: 9 }), "time.end"],
    [
      "half a core",
      (job) => Object.assign(job, { tres: { allocated: [{ type: "cpu", name: "", count: 0.5 }], requested: [] } }),
      "tres.allocated",
    ],
  ])("%s", (_, change, field) => {
    expect(rejection(change)).toMatchObject({ source: "test", lineNumber: 0, field })
  })
})

it.each(["completed", "gpus-type", "gpus-multi-types", "running", "pending"])("reads another site's v0.0.43: %s", (name) => {
  const decoded = Result.getOrThrow(decode(fixture(`public/slurm-web/25.05/0.0.43/slurmdb-job-${name}.json`)))
  expect(decoded.map(({ _tag }) => _tag)).toEqual(["Record"])
})

describe("numbers that Slurm has not set", () => {
  type Edit = (job: { time: Record<string, unknown>; tres: Record<string, unknown>; [field: string]: unknown }) => void
  /** A job of 22.05, whose numbers stand plain, and one of 25.11. */
  const shapes = [
    ["v0.0.38", () => JSON.parse(fixture("22.05-debian/settled/sacct/all.json")).jobs[5]],
    ["v0.0.44", good],
  ] as const
  const read = (version: string, job: unknown) => {
    // a number that JavaScript cannot hold is written into the text as it is
    const text = answer(job, version).replaceAll(/"number:(-?\d+)"/g, "$1")
    return Result.getOrThrow(decode(text))
  }
  const recordOf = (shape: (typeof shapes)[number], edit: Edit) => {
    const job = structuredClone(shape[1]())
    edit(job)
    const [decoded] = read(shape[0], job)
    if (decoded?._tag !== "Record") throw new Error(JSON.stringify(decoded))
    return decoded.record
  }
  const counts =
    (...names: readonly string[]) =>
    (number: string) => [
      ...names.map((name) => ({ type: name, name: "", id: 1, count: `number:${number}` })),
      { type: "node", name: "", id: 4, count: 2 },
    ]

  it.each(
    shapes.flatMap((shape) =>
      [
        "4294967293",
        "4294967294",
        "4294967295",
        "9223372036854775808",
        "18446744073708557016",
        "18446744073709551614",
        "-2",
        "-994600",
      ].map((number) => [shape[0], number, shape] as const),
    ),
  )("%s: %s is no count", (_, number, shape) => {
    const record = recordOf(shape, (job) => Object.assign(job.tres, { allocated: counts("cpu", "mem", "energy", "billing")(number) }))
    expect(record).toMatchObject({ allocated: { node: 2 }, energyJoules: null })
    expect(Object.keys(record.allocated)).toEqual(["node"])
  })

  it.each(
    shapes.flatMap((shape) => ["4294967294", "4294967295", "18446744073709551615"].map((number) => [shape[0], number, shape] as const)),
  )("%s: %s is no time", (_, number, shape) => {
    const value = `number:${number}`
    const { elapsedSeconds } = recordOf(shape, () => {})
    expect(recordOf(shape, (job) => Object.assign(job.time, { elapsed: value, suspended: value }))).toMatchObject({
      elapsedSeconds,
      suspendedSeconds: 0,
    })
    expect(recordOf(shape, (job) => Object.assign(job.time, { end: value, eligible: value }))).toMatchObject({
      endSeconds: null,
      eligibleSeconds: null,
    })
    const total = { seconds: value, microseconds: 0 }
    expect(recordOf(shape, (job) => Object.assign(Object.assign(job, { steps: [] }).time, { total })).consumedCpuMilliseconds).toBe(null)
  })

  it("nor is a step's memory", () => {
    const peak = (count: string) => ({
      time: { start: 1, total: { seconds: 0, microseconds: 0 } },
      tres: { requested: { max: [{ type: "mem", name: "", count: `number:${count}` }] } },
    })
    for (const shape of shapes) {
      const steps = ["18446744073709551614", "65536", "9223372036854775808"].map(peak)
      expect(recordOf(shape, (job) => Object.assign(job, { steps })).consumedMemoryBytesMaximum).toBe(65_536)
    }
  })

  it("holds more energy than the nodes can draw, and more cores than there are", () => {
    const [decoded] = read("v0.0.44", Object.assign(good(), { tres: { allocated: counts("energy")("9000000000000000"), requested: [] } }))
    expect(decoded).toMatchObject({
      rejection: {
        source: "test",
        lineNumber: 0,
        field: "tres.allocated",
        reason: expect.stringMatching(/^9000000000000000 J in \d+ s on 2 nodes/),
      },
    })
    const [wrapped] = read("v0.0.44", Object.assign(good(), { tres: { allocated: counts("cpu")("4294963696"), requested: [] } }))
    expect(wrapped).toMatchObject({ rejection: { field: "tres.allocated", reason: "cpu 4294963696 is larger than any machine" } })
  })
})

it("holds two jobs of one key that differ, and neither of two that are the same", () => {
  const { jobs, meta } = JSON.parse(fixture("25.11/live/sacct/all.v0.0.44.json"))
  const [first, second] = jobs
  const read = (list: readonly unknown[]) =>
    Result.getOrThrow(decode(JSON.stringify({ meta, errors: [], jobs: list }))).map(({ _tag }) => _tag)
  expect(read([first, second, { ...second, user: "eve" }])).toEqual(["Record", "Rejection", "Rejection"])
  expect(read([first, second, first])).toEqual(["Record", "Record", "Record"])
})
