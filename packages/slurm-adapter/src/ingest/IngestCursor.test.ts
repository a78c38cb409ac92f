import { readFileSync } from "node:fs"
import { type JobRecord, jobKey, normalise, type Usage } from "@hpc-billing/core"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { sacctDecoder } from "../sacct/sacctDecoder.ts"
import {
  type Advance,
  advance,
  type IngestCursor,
  type IngestSettings,
  ingestDefaults,
  planRead,
  type ReadAnswer,
  type ReadProgress,
  startCursor,
  startRead,
} from "./IngestCursor.ts"
import { nextWindowSeconds } from "./nextWindowSeconds.ts"
import { openJobQuestions } from "./openJobQuestions.ts"

const decoder = sacctDecoder({ source: "all" })
const file = new URL("../../fixtures/22.05-debian/settled/sacct/all.epoch.noconvert.us.txt", import.meta.url)
const all: readonly JobRecord[] = [...decoder.push(readFileSync(file)), ...decoder.end()].flatMap((item) =>
  item._tag === "Record" ? [item.record] : [],
)

/** No window of a moment brings a job that was cancelled before it became eligible. */
const askable = all.filter(({ eligibleSeconds, endSeconds }) => endSeconds === null || (eligibleSeconds ?? 0) <= endSeconds)

/** What sacct answers at an instant: jobs that touch the window, those that end later still running. */
const asOf = (records: readonly JobRecord[], nowSeconds: number): readonly JobRecord[] =>
  records.flatMap((record): JobRecord[] => {
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
  cutShort: false,
  filtered: false,
  records: [record],
  canaryKeys: null,
  ...over,
})
const outcomeOf = (made: Advance): string => (made.kind === "kept" ? made.reason : made.kind)
const fresh = startRead(startCursor("ci", from))
const withCanary = startRead({ ...startCursor("ci", from), canary: { key: "ci/1/2", jobId: "1", endSeconds: from } })
const found: ReadProgress = {
  ...fresh,
  ahead: { untilSeconds: from + 86_400, found: { key: "ci/1/2", jobId: "1", eligibleSeconds: from } },
}

/** One pull of a Slurm that answers with these records: what it stores and where the cursor stands then. */
const pull = (cursor: IngestCursor, slurm: () => readonly JobRecord[], nowSeconds: number, settings: IngestSettings) => {
  const stored: JobRecord[] = []
  let progress = startRead(cursor, settings)
  let kept: string | null = null
  for (let windows = 0; ; windows++) {
    expect(windows).toBeLessThan(5_000)
    const plan = planRead(progress, nowSeconds, settings)
    if (plan === null) return { stored, cursor: progress.cursor, kept: progress.ahead === null ? null : "empty", windows }
    const { canary, window } = plan
    const answered = touching(slurm(), window.startSeconds, window.endSeconds)
    const brought = plan.untilFirst ? answered.slice(0, 1) : answered
    const cutShort = plan.untilFirst && brought.length > 0
    const asked = plan.isLast && !cutShort ? openJobQuestions(progress.cursor.openJobs, brought).flat() : []
    const records = [...brought, ...(asked.length === 0 ? [] : slurm().filter(({ jobId }) => asked.includes(jobId)))]
    stored.push(...records)
    const proof = canary === null ? null : touching(slurm(), canary.window.startSeconds, canary.window.endSeconds).map(jobKey)
    const made = advance(progress, { window, cutShort, filtered: false, records, canaryKeys: proof }, settings)
    if (made.kind === "kept") kept = made.reason
    if (kept !== null || made.kind === "kept") return { stored, cursor: progress.cursor, kept, windows }
    expect(made.progress.cursor.readUntilSeconds).toBeGreaterThanOrEqual(progress.cursor.readUntilSeconds)
    progress = made.progress
  }
}

const usagesOf = (records: readonly JobRecord[], asOfSeconds: number): readonly Usage[] =>
  [...normalise(records, { asOfSeconds }).usages].sort((left, right) => (left.id < right.id ? -1 : 1))

describe("the cursor", () => {
  it.each<[string, ReadProgress, Partial<ReadAnswer>, string]>([
    ["a filtered read", fresh, { filtered: true }, "looked"],
    ["a hole", fresh, { window: { startSeconds: from + 1, endSeconds: from + 2 } }, "gap"],
    ["a silent Slurm", withCanary, { canaryKeys: [] }, "canary-missing"],
    ["a canary not asked for", withCanary, { canaryKeys: null }, "canary-missing"],
    ["a Slurm that fell silent after its first job was found", found, { canaryKeys: [] }, "canary-missing"],
    ["nothing at the very beginning", fresh, { records: [] }, "looked"],
    ["a first job behind an empty time", { ...fresh, ahead: { untilSeconds: from + 3_600, found: null } }, {}, "looked"],
    ["a long window that ended at its first job", withCanary, { cutShort: true, canaryKeys: ["ci/1/2"] }, "looked"],
    ["jobs of another cluster alone", fresh, { records: [{ ...record, cluster: "other" }] }, "looked"],
    ["an empty day with a live canary", withCanary, { records: [], canaryKeys: ["ci/1/2"] }, "advanced"],
    ["an empty day before the first job", found, { records: [], canaryKeys: ["ci/1/2"] }, "advanced"],
    ["a good answer", fresh, {}, "advanced"],
  ])("after %s", (_, progress, over, outcome) => {
    const made = advance(progress, answer(over))
    expect(outcomeOf(made)).toBe(outcome)
    if (made.kind === "looked") expect(made.progress.cursor).toBe(progress.cursor)
  })

  it("has nothing to read before records have settled", () => {
    expect(planRead(fresh, from + 60)).toBe(null)
    expect(planRead(fresh, from + 100)?.window).toEqual({ startSeconds: from - 21_600, endSeconds: from + 40 })
  })

  const day = 86_400
  it.each<[string, number, number, { untilFirst: boolean; isLast: boolean; seconds: number }]>([
    ["a day of many", day, 9 * day, { untilFirst: false, isLast: false, seconds: day }],
    ["a long window after empty ones", 4 * day, 9 * day, { untilFirst: true, isLast: false, seconds: 4 * day }],
    ["a long window that now cuts to a day", 4 * day, day + 60, { untilFirst: false, isLast: true, seconds: day }],
    ["the last long window", 4 * day, 3 * day + 60, { untilFirst: true, isLast: true, seconds: 3 * day }],
  ])("plans %s", (_, windowSeconds, laterSeconds, { untilFirst, isLast, seconds }) => {
    const plan = planRead({ ...withCanary, windowSeconds }, from + laterSeconds)
    expect(plan).toMatchObject({ untilFirst, isLast, window: { startSeconds: from - 21_600, endSeconds: from + seconds } })
  })

  it.each<[string, ReadProgress, Partial<ReadAnswer>, number]>([
    ["nothing", fresh, { records: [] }, 2 * day],
    ["nothing in a long window", { ...withCanary, windowSeconds: 20 * day }, { records: [], canaryKeys: ["ci/1/2"] }, 32 * day],
    ["nothing of this cluster", fresh, { records: [{ ...record, cluster: "other" }] }, 2 * day],
    ["jobs", { ...withCanary, windowSeconds: 20 * day }, { canaryKeys: ["ci/1/2"] }, day],
    ["a first job", { ...withCanary, windowSeconds: 20 * day }, { cutShort: true, records: [], canaryKeys: ["ci/1/2"] }, day],
  ])("asks, after %s, for a window of the right length", (_, progress, over, seconds) => {
    const made = advance(progress, answer(over))
    expect(made.kind === "kept" ? made.reason : made.progress.windowSeconds).toBe(seconds)
  })

  it("looks again, in shorter windows, where a filtered read ended at its first job", () => {
    const ahead = { untilSeconds: from + day, found: null }
    const window = { startSeconds: from, endSeconds: from + 5 * day }
    const made = advance({ ...fresh, ahead, windowSeconds: 4 * day }, answer({ filtered: true, cutShort: true, window }))
    expect(made).toEqual({ kind: "looked", progress: { ...fresh, ahead } })
  })

  it("reads a filtered time to its end without moving", () => {
    const made = advance(fresh, answer({ filtered: true }))
    if (made.kind === "kept") throw new Error(made.reason)
    expect(planRead(made.progress, from + 7_260)?.window).toEqual({ startSeconds: from + 3_600 - 21_600, endSeconds: from + 7_200 })
    expect(made.progress.cursor.readUntilSeconds).toBe(from)
  })

  it("finds every job and its end, however often and whenever it looks, through failures too", () => {
    const instants = fc.array(fc.record({ after: fc.integer({ min: 1, max: 400_000 }), silent: fc.boolean() }), {
      minLength: 1,
      maxLength: 60,
    })
    fc.assert(
      fc.property(instants, (looks) => {
        let cursor = startCursor("ci", from)
        const stored: JobRecord[] = []
        let now = from
        for (const { after, silent } of [...looks, { after: 20_000_000, silent: false }]) {
          now += after
          const known = silent ? [] : asOf(askable, now)
          const pulled = pull(cursor, () => known, now, ingestDefaults)
          stored.push(...pulled.stored)
          cursor = pulled.cursor
        }
        expect(usagesOf(stored, now)).toEqual(usagesOf(touching(asOf(askable, now), 0, now), now))
      }),
      { numRuns: 30 },
    )
  })

  it("reads a calendar of empty and busy days completely, whatever the lengths of its windows, through failures too", () => {
    const hour = 3_600
    const calendar = fc.array(fc.oneof({ weight: 4, arbitrary: fc.constant([]) }, fc.array(fc.nat(23), { maxLength: 3 })), {
      minLength: 1,
      maxLength: 90,
    })
    const settings = fc
      .record({
        overlapSeconds: fc.integer({ min: 0, max: 2 * day }),
        windowSeconds: fc.integer({ min: 6 * hour, max: 5 * day }),
        longer: fc.integer({ min: 1, max: 40 }),
        settleSeconds: fc.nat(hour),
      })
      .map(({ longer, ...rest }) => ({ ...rest, emptyWindowSeconds: rest.windowSeconds * longer }))
    // the days between two pulls, and the question from which on Slurm is silent
    const pulls = fc.array(fc.record({ days: fc.integer({ min: 1, max: 50 }), silentFrom: fc.option(fc.nat(30)) }), { maxLength: 6 })
    fc.assert(
      fc.property(calendar, fc.nat(80), settings, pulls, (days, hoursLong, lengths, between) => {
        const jobs = days.flatMap((hours, index) =>
          hours.map((at, number): JobRecord => {
            const startSeconds = from + index * day + at * hour
            const endSeconds = startSeconds + hoursLong * hour
            const jobId = String(1_000 + index * 10 + number)
            return { ...record, jobId, submitSeconds: startSeconds, eligibleSeconds: startSeconds, startSeconds, endSeconds }
          }),
        )
        let cursor = startCursor(record.cluster, from)
        let now = from
        const stored: JobRecord[] = []
        let kept: string | null = null
        for (const { days: later, silentFrom } of [...between, { days: 100, silentFrom: null }]) {
          now += later * day
          const known = asOf(jobs, now)
          let questions = 0
          const pulled = pull(cursor, () => (questions++ >= (silentFrom ?? Number.POSITIVE_INFINITY) ? [] : known), now, lengths)
          stored.push(...pulled.stored)
          cursor = pulled.cursor
          kept = pulled.kept
        }
        expect(kept).toBe(jobs.length === 0 ? "empty" : null)
        expect(usagesOf(stored, now)).toEqual(usagesOf(asOf(jobs, now), now))
        expect(cursor.readUntilSeconds).toBe(jobs.length === 0 ? from : now - lengths.settleSeconds)
      }),
      { numRuns: 300 },
    )
  })

  it("needs few questions for a long empty time", () => {
    const late = { ...record, submitSeconds: from + 4_000 * 86_400, eligibleSeconds: from + 4_000 * 86_400 }
    const job = { ...late, startSeconds: late.submitSeconds, endSeconds: late.submitSeconds + 60 }
    const { cursor, windows } = pull(startCursor("ci", from), () => [job], job.endSeconds + 86_400, ingestDefaults)
    expect(cursor.readUntilSeconds).toBe(job.endSeconds + 86_400 - ingestDefaults.settleSeconds)
    expect(windows).toBeLessThan(2 * (4_000 / 32) + 40)
  })

  it("asks for every open job that no window brought, in questions of at most 500", () => {
    const open = Array.from({ length: 1_203 }, (_, index) => ({ key: `ci/${index}/5`, jobId: String(index) }))
    const brought = [7, 650].map((index): JobRecord => ({ ...record, cluster: "ci", jobId: String(index), submitSeconds: 5 }))
    const other = { ...record, cluster: "ci", jobId: "8", submitSeconds: 6 }
    const questions = openJobQuestions([...open, { key: "ci/9/7", jobId: "9" }], [...brought, other])
    expect(questions.map(({ length }) => length)).toEqual([500, 500, 201])
    expect(new Set(questions.flat())).toEqual(new Set(open.map(({ jobId }) => jobId).filter((id) => id !== "7" && id !== "650")))
    expect(openJobQuestions([], [record])).toEqual([])
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
