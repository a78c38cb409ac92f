import { readFileSync } from "node:fs"
import { type JobRecord, jobKey, normalise, type Usage } from "@hpc-billing/core"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { sacctDecoder } from "../sacct/sacctDecoder.ts"
import { type Advance, advance, type IngestCursor, planRead, type ReadAnswer, startCursor } from "./IngestCursor.ts"
import { nextWindowSeconds } from "./nextWindowSeconds.ts"

const decoder = sacctDecoder({ source: "all" })
const file = new URL("../../fixtures/22.05-debian/settled/sacct/all.epoch.noconvert.us.txt", import.meta.url)
const all: readonly JobRecord[] = [...decoder.push(readFileSync(file)), ...decoder.end()].flatMap((item) =>
  item._tag === "Record" ? [item.record] : [],
)

/** What sacct answers at an instant: jobs that touch the window, those that end later still running. */
const asOf = (nowSeconds: number): readonly JobRecord[] =>
  all.flatMap((record): JobRecord[] => {
    if (record.submitSeconds > nowSeconds) return []
    if (record.endSeconds !== null && record.endSeconds <= nowSeconds) return [record]
    const started = record.startSeconds !== null && record.startSeconds <= nowSeconds
    return [{ ...record, state: started ? "RUNNING" : "PENDING", startSeconds: started ? record.startSeconds : null, endSeconds: null }]
  })
const touching = (records: readonly JobRecord[], startSeconds: number, endSeconds: number): readonly JobRecord[] =>
  records.filter(
    (record) =>
      (record.eligibleSeconds ?? Number.POSITIVE_INFINITY) < endSeconds && (record.endSeconds ?? Number.POSITIVE_INFINITY) >= startSeconds,
  )

const from = 1_788_912_000
const [record] = all
if (record === undefined) throw new Error("no records")
const answer = (over: Partial<ReadAnswer>): ReadAnswer => ({
  window: { startSeconds: from, endSeconds: from + 3_600 },
  filtered: false,
  records: [record],
  canaryKeys: null,
  ...over,
})
const reasonOf = (made: Advance): string => (made.kind === "kept" ? made.reason : "advanced")
const withCanary: IngestCursor = { ...startCursor("ci", from), canary: { key: "ci/1/2", jobId: "1", endSeconds: from } }

describe("the cursor", () => {
  it.each<[string, IngestCursor, Partial<ReadAnswer>, string]>([
    ["a filtered read", startCursor("ci", from), { filtered: true }, "filtered"],
    ["a hole", startCursor("ci", from), { window: { startSeconds: from + 1, endSeconds: from + 2 } }, "gap"],
    ["a silent Slurm", withCanary, { canaryKeys: [] }, "canary-missing"],
    ["a canary not asked for", withCanary, { canaryKeys: null }, "canary-missing"],
    ["nothing at the very beginning", startCursor("ci", from), { records: [] }, "empty"],
    ["an empty day with a live canary", withCanary, { records: [], canaryKeys: ["ci/1/2"] }, "advanced"],
    ["a good answer", startCursor("ci", from), {}, "advanced"],
  ])("after %s", (_, cursor, over, outcome) => {
    const made = advance(cursor, answer(over))
    expect(reasonOf(made)).toBe(outcome)
    if (made.kind === "kept") expect(made.cursor).toBe(cursor)
  })

  it("has nothing to read before records have settled", () => {
    expect(planRead(startCursor("ci", from), from + 60)).toBe(null)
    expect(planRead(startCursor("ci", from), from + 100)?.window).toEqual({ startSeconds: from - 21_600, endSeconds: from + 40 })
  })

  it("finds every job and its end, however often and whenever it looks, through failures too", () => {
    const instants = fc.array(fc.record({ after: fc.integer({ min: 1, max: 400_000 }), silent: fc.boolean() }), {
      minLength: 1,
      maxLength: 60,
    })
    fc.assert(
      fc.property(instants, (looks) => {
        let cursor = startCursor("ci", from)
        const stored = new Map<string, JobRecord[]>()
        let now = from
        const look = (silent: boolean): boolean => {
          const plan = planRead(cursor, now)
          if (plan === null) return false
          const known = silent ? [] : asOf(now)
          const records = [
            ...touching(known, plan.window.startSeconds, plan.window.endSeconds),
            ...known.filter(({ jobId }) => plan.openJobIds.includes(jobId)),
          ]
          for (const each of records) stored.set(jobKey(each), [...(stored.get(jobKey(each)) ?? []), each])
          const canaryKeys = plan.canary && touching(known, plan.canary.window.startSeconds, plan.canary.window.endSeconds).map(jobKey)
          const before = cursor.readUntilSeconds
          cursor = advance(cursor, { window: plan.window, filtered: false, records, canaryKeys }).cursor
          expect(cursor.readUntilSeconds).toBeGreaterThanOrEqual(before)
          return cursor.readUntilSeconds > before
        }
        for (const { after, silent } of looks) {
          now += after
          look(silent)
        }
        now = 1_800_000_000
        // no job is there to be found in the first day: the first window with one moves the cursor
        cursor = { ...cursor, readUntilSeconds: Math.max(cursor.readUntilSeconds, from + 86_400) }
        while (look(false));
        const usages = (records: readonly JobRecord[]): readonly Usage[] =>
          [...normalise(records, { asOfSeconds: now }).usages].sort((left, right) => (left.id < right.id ? -1 : 1))
        expect(usages([...stored.values()].flat())).toEqual(usages(touching(asOf(now), 0, now)))
      }),
      { numRuns: 30 },
    )
  })
})

it.each([
  [3_600, 2_001, 1_800],
  [3_600, "failed", 1_800],
  [60, "failed", 60],
  [3_600, 1_000, 3_600],
  [3_600, 10, 7_200],
  [7 * 86_400, 0, 7 * 86_400],
] as const)("after %s seconds with %s jobs asks for %s", (lastSeconds, jobCount, seconds) => {
  expect(nextWindowSeconds(lastSeconds, jobCount)).toBe(seconds)
})
