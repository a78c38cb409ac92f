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
