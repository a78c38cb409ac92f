import { readFileSync } from "node:fs"
import { type JobRecord, normalise, type Window } from "@hpc-billing/core"
import { Result } from "effect"
import { describe, expect, it } from "vitest"
import { sacctDecoder } from "../sacct/sacctDecoder.ts"
import { parseSreport, type ReportedSeconds } from "./parseSreport.ts"
import { readSlurmDump } from "./readSlurmDump.ts"
import { reconcile } from "./reconcile.ts"
import { withSuspendedWindows } from "./withSuspendedWindows.ts"

const settled = new URL("../../fixtures/22.05-debian/settled/", import.meta.url)
const textOf = (path: string): string => readFileSync(new URL(path, settled), "utf8")

const decoder = sacctDecoder({ source: "all" })
const records: readonly JobRecord[] = [
  ...decoder.push(readFileSync(new URL("sacct/all.epoch.noconvert.us.txt", settled))),
  ...decoder.end(),
].flatMap((item) => (item._tag === "Record" ? [item.record] : []))
const dump = readSlurmDump(textOf("slurmdbd-dump.sql"), "ci")
const asOfSeconds = 1_795_365_822
const { usages } = normalise(withSuspendedWindows(records, dump.suspendedWindows), { asOfSeconds })
const against = (window: Window, reported: readonly ReportedSeconds[]) =>
  reconcile({ ...dump, usages, reported, window, reportedUntilSeconds: null })

const windows = [
  "2026-09-01_2026-10-01",
  "2026-09-10_2026-09-11",
  "2026-10-01_2026-11-01",
  "2026-10-31_2026-11-01",
  "2026-11-01_2026-11-02",
]

describe("agreement with Slurm", () => {
  it.each(windows)("leaves nothing unexplained against sreport, %s", (name) => {
    const report = Result.getOrThrow(parseSreport(textOf(`sreport-${name}/AccountUtilizationByUser.Seconds.psv`)))
    const { lines, unexplainedCount } = against(report.window, report.rows)
    expect(unexplainedCount).toBe(0)
    expect(lines.length).toBeGreaterThanOrEqual(10)
  })

  it("leaves nothing unexplained against the rollup rows of the database, day by day", () => {
    const days = new Set(dump.days.map(({ daySeconds }) => daySeconds))
    expect(days.size).toBeGreaterThan(30)
    for (const startSeconds of days) {
      const reported = dump.days.filter(({ daySeconds }) => daySeconds === startSeconds)
      // the last day was rolled up while it ran
      const { lines } = against({ startSeconds, endSeconds: startSeconds + 86_400 }, reported)
      expect(lines.filter(({ unexplainedSeconds }) => unexplainedSeconds !== 0n)).toEqual([])
    }
  })

  it("lays each difference to its record", () => {
    const report = Result.getOrThrow(parseSreport(textOf("sreport-2026-09-10_2026-09-11/AccountUtilizationByUser.Seconds.psv")))
    const { lines, notes } = against(report.window, report.rows)
    const cpu = lines.find(({ user, account, tres }) => user === "alice" && account === "physics" && tres === "cpu")
    expect(cpu?.explanations).toEqual([{ reason: "resize-overlap", seconds: 2_000n, subject: "ci/500021/1788999400" }])
    expect(notes.map(({ kind, subject }) => `${kind} ${subject}`)).toEqual([
      "requeued ci/500019/1788998400",
      "requeued ci/500020/1788998400",
      "requeued ci/500020/1789000400",
      "energy-left-out energy",
    ])
  })

  it("leaves suspended seconds out of cpu as Slurm does, and says so", () => {
    const report = Result.getOrThrow(parseSreport(textOf("sreport-2026-11-01_2026-11-02/AccountUtilizationByUser.Seconds.psv")))
    const { notes } = against(report.window, report.rows)
    expect(notes.filter(({ kind }) => kind === "suspended")).toEqual([
      { kind: "suspended", subject: "ci/55/1793491203", text: "6 suspended seconds count for no cpu, here and in Slurm" },
    ])
    const unplaced = normalise(records, { asOfSeconds }).usages.filter(({ record }) => record.jobId === "55")
    const cut = { startSeconds: 1_793_491_210, endSeconds: 1_793_577_600 }
    expect(
      reconcile({ ...dump, usages: unplaced, reported: [], window: cut, reservations: [], reportedUntilSeconds: null }).notes,
    ).toMatchObject([{ kind: "suspension-unplaced", subject: "ci/55/1793491203" }])
  })

  it("computes the idle time of a reservation from the reservation, not from what is left", () => {
    const report = Result.getOrThrow(parseSreport(textOf("sreport-2026-10-01_2026-11-01/AccountUtilizationByUser.Seconds.psv")))
    const without = reconcile({
      ...dump,
      usages,
      reported: report.rows,
      window: report.window,
      reservations: [],
      reportedUntilSeconds: null,
    })
    expect(without.lines.flatMap(({ unexplainedSeconds }) => (unexplainedSeconds === 0n ? [] : [unexplainedSeconds]))).toEqual(
      Array(7).fill(17n),
    )
  })

  it("shows what it cannot explain", () => {
    const reported = [{ cluster: "ci", account: "physics", user: "nobody", tres: "cpu", seconds: 5n }]
    const { lines } = against({ startSeconds: 1_788_912_000, endSeconds: 1_788_998_400 }, reported)
    expect(lines).toMatchObject([{ user: "nobody", oursSeconds: 0n, reportedSeconds: 5n, unexplainedSeconds: 5n }])
  })

  it("explains a running job by the time between our instant and Slurm's rollup", () => {
    const window = { startSeconds: 1_790_812_800, endSeconds: 1_793_491_200 }
    const early = normalise(
      records.filter(({ jobId }) => jobId === "500013"),
      { asOfSeconds: 1_790_813_000 },
    ).usages
    const reported = [{ cluster: "ci", account: "chem", user: "bob", tres: "cpu", seconds: 3_500n }]
    const { lines } = reconcile({ ...dump, usages: early, reported, window, reservations: [], reportedUntilSeconds: 1_790_816_400 })
    expect(lines.find(({ tres }) => tres === "cpu")).toMatchObject({
      oursSeconds: 100n,
      explanations: [{ reason: "running", seconds: 3_400n, subject: "ci/500013/1790812800" }],
      unexplainedSeconds: 0n,
    })
  })
})

it.each([
  ["", "it is no report; run sreport -P -t Seconds -T ALL cluster AccountUtilizationByUser, with its title (without -n)"],
  [
    textOf("sreport-2026-09-10_2026-09-11/AccountUtilizationByUser.Seconds.psv").replace("TRES Seconds", "TRES Minutes"),
    "it is in TRES Minutes, rounded line by line; run sreport again with -t Seconds",
  ],
  [
    `${textOf("sreport-2026-09-10_2026-09-11/AccountUtilizationByUser.Seconds.psv")}ci|a|b\n`,
    expect.stringMatching(/^line \d+ of the report is no row of it \("ci\|a\|b"\); run sreport again$/),
  ],
])("refuses a report that cannot be compared (%#)", (text, sentence) => {
  expect(parseSreport(text)).toEqual(Result.fail(sentence))
})
