import { readFileSync } from "node:fs"
import { type JobRecord, jobKey, normalise } from "@hpc-billing/core"
import { Result } from "effect"
import { describe, expect, it } from "vitest"
import { sacctDecoder } from "../sacct/sacctDecoder.ts"
import { decodeRestAnswer } from "./decodeRestAnswer.ts"
import { restVersions } from "./restJob.ts"

/**
 * The same jobs read from sacct's text and from JSON are the same records, field by field, but for what a version of the JSON lacks. This is
 * the table of what each lacks; it stands here so that a change of it is seen.
 */
const lacking: Readonly<Record<string, readonly (keyof JobRecord)[]>> = {
  "v0.0.36": ["reservation", "exitCode", "derivedExitCode"],
  "v0.0.37": ["reservation", "exitCode", "derivedExitCode"],
  "v0.0.38": ["reservation", "exitCode", "derivedExitCode"],
  "v0.0.39": ["exitCode", "derivedExitCode"],
  "v0.0.40": [],
  "v0.0.41": [],
  "v0.0.42": [],
  "v0.0.43": [],
  "v0.0.44": [],
}

/** Of a job that runs without a step, these give the eligible time for the start; its usage is provisional until it ends. */
const startOfRunningUnknown = ["v0.0.36", "v0.0.37"]

const sources: readonly [version: string, text: string, json: string][] = [
  ["v0.0.36", "22.05-debian/settled/sacct/all.epoch.noconvert.us.txt", "22.05-debian/settled/rest/v0.0.36.jobs.json"],
  ["v0.0.37", "22.05-debian/settled/sacct/all.epoch.noconvert.us.txt", "22.05-debian/settled/rest/v0.0.37.jobs.json"],
  ["v0.0.38", "22.05-debian/settled/sacct/all.epoch.noconvert.us.txt", "22.05-debian/settled/sacct/all.json"],
  ["v0.0.39", "24.05-energy-extern/live/sacct/all.epoch.noconvert.us.txt", "24.05-energy-extern/live/sacct/all.v0.0.39.json"],
  ["v0.0.40", "24.05-energy-extern/live/sacct/all.epoch.noconvert.us.txt", "24.05-energy-extern/live/sacct/all.v0.0.40.json"],
  ["v0.0.41", "24.05-energy-extern/live/sacct/all.epoch.noconvert.us.txt", "24.05-energy-extern/live/sacct/all.v0.0.41.json"],
  ["v0.0.41", "25.11/live/sacct/all.epoch.noconvert.us.txt", "25.11/live/rest/v0.0.41.jobs.json"],
  ["v0.0.42", "25.11/live/sacct/all.epoch.noconvert.us.txt", "25.11/live/sacct/all.v0.0.42.json"],
  ["v0.0.43", "25.11/live/sacct/all.epoch.noconvert.us.txt", "25.11/live/rest/v0.0.43.jobs.json"],
  ["v0.0.44", "25.11/live/sacct/all.epoch.noconvert.us.txt", "25.11/live/sacct/all.v0.0.44.json"],
]

it("holds a real answer of each version that is read", () => {
  expect([...new Set(sources.map(([version]) => version))].sort()).toEqual(restVersions.map((version) => `v0.0.${version}`))
})

const fixture = (path: string): Buffer => readFileSync(new URL(`../../fixtures/${path}`, import.meta.url))
const byKey = (records: readonly JobRecord[]): ReadonlyMap<string, JobRecord> => new Map(records.map((record) => [jobKey(record), record]))

const fromText = (path: string): ReadonlyMap<string, JobRecord> => {
  const decoder = sacctDecoder({ source: path })
  return byKey([...decoder.push(fixture(path)), ...decoder.end()].flatMap((item) => (item._tag === "Record" ? [item.record] : [])))
}
const fromJson = (path: string): ReadonlyMap<string, JobRecord> => {
  const decoded = Result.getOrThrow(decodeRestAnswer(fixture(path).toString("utf8"), { source: path }))
  return byKey(decoded.map((item) => (item._tag === "Record" ? item.record : expect.fail(item.rejection.reason))))
}

describe.each(sources)("%s beside %s", (version, text, json) => {
  const fields = lacking[version] ?? []
  const sacct = fromText(text)
  const rest = fromJson(json)
  // what still runs grew between the two commands
  const comparable = (record: JobRecord): Partial<JobRecord> => {
    const kept: Record<string, unknown> = { ...record }
    for (const field of fields) delete kept[field]
    if (record.endSeconds === null) {
      delete kept.elapsedSeconds
      if (startOfRunningUnknown.includes(version)) delete kept.startSeconds
    }
    return kept
  }

  it("tells of the same jobs", () => {
    expect([...rest.keys()].sort()).toEqual([...sacct.keys()].sort())
  })

  it("tells the same of each, but for the fields it lacks", () => {
    for (const [key, record] of sacct) expect(comparable(rest.get(key) as JobRecord)).toEqual(comparable(record))
  })

  it("really lacks the fields of the table", () => {
    for (const field of fields) expect([...sacct].some(([key, record]) => rest.get(key)?.[field] !== record[field])).toBe(true)
  })

  it("makes the same usages", () => {
    const asOfSeconds = 1_800_000_000
    const usages = (records: ReadonlyMap<string, JobRecord>) =>
      normalise(
        [...records.values()].sort((left, right) => (jobKey(left) < jobKey(right) ? -1 : 1)),
        { asOfSeconds },
      )
        .usages.filter(({ provisional }) => !provisional || !startOfRunningUnknown.includes(version))
        .map(({ record: _, ...usage }) => usage)
    expect(usages(rest)).toEqual(usages(sacct))
  })
})
