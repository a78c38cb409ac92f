import { describe, expect, it } from "vitest"
import type { JobRecord } from "./JobRecord.ts"
import { normalise } from "./normalise.ts"

const record = (over: Partial<JobRecord>): JobRecord => ({
  cluster: "c",
  jobId: "1",
  submitSeconds: 100,
  displayJobId: "1",
  name: "job",
  user: "alice",
  account: "physics",
  partition: "cpu",
  qos: "normal",
  reservation: "",
  wckey: "",
  state: "COMPLETED",
  eligibleSeconds: 100,
  startSeconds: 200,
  endSeconds: 300,
  elapsedSeconds: 100,
  suspendedSeconds: 0,
  suspendedWindows: null,
  requested: { cpu: 2 },
  allocated: { cpu: 2, mem: 1024, node: 1, billing: 2 },
  nodeList: "n1",
  exitCode: "0:0",
  derivedExitCode: "0:0",
  timeLimitSeconds: 600,
  energyJoules: 0n,
  consumedCpuMilliseconds: null,
  consumedMemoryBytesMaximum: null,
  ...over,
})

const only = (over: Partial<JobRecord>, asOfSeconds = 1_000) => {
  const [usage] = normalise([record(over)], { asOfSeconds }).usages
  if (usage === undefined) throw new Error("no usage")
  return usage
}

describe("normalise", () => {
  it("counts a record read twice once, whatever the order", () => {
    const running = record({ state: "RUNNING", endSeconds: null, elapsedSeconds: 50 })
    const ended = record({})
    for (const records of [
      [running, ended, ended],
      [ended, running, ended],
      [ended, ended, running],
    ]) {
      const { usages, repeatedCount } = normalise(records, { asOfSeconds: 1_000 })
      expect(usages.map(({ endSeconds, provisional }) => ({ endSeconds, provisional }))).toEqual([{ endSeconds: 300, provisional: false }])
      expect(repeatedCount).toBe(2)
    }
  })

  it("keeps the names that a later source leaves out, and takes those that it gives", () => {
    const named = record({ name: "fold", wckey: "thesis", state: "RUNNING", endSeconds: null })
    const nameless = record({ name: "" })
    const standing = (...records: readonly JobRecord[]) => normalise(records, { asOfSeconds: 1_000 }).usages[0]?.record
    for (const records of [
      [named, nameless],
      [nameless, named],
    ])
      expect(standing(...records)).toEqual({ ...nameless, name: "fold", wckey: "thesis" })
    expect(standing(named, record({ name: "renamed" }))).toMatchObject({ name: "renamed", wckey: "thesis" })
  })

  it("takes energy from an earlier reading, but none of a counter that wrapped", () => {
    const later = record({ energyJoules: null, exitCode: "1:0" })
    const standing = (energyJoules: bigint) => normalise([record({ energyJoules }), later], { asOfSeconds: 1_000 }).usages[0]?.energyJoules
    expect([standing(86_400n), standing(2n ** 63n - 1n)]).toEqual([86_400n, 2n ** 63n - 1n])
    expect([standing(2n ** 63n), standing(2n ** 64n - 77_777n)]).toEqual([null, null])
  })

  it.each<readonly [what: string, over: Partial<JobRecord>, asOfSeconds: number, flags: readonly string[]]>([
    ["within its limit and a day", {}, 200 + 600 + 86_400, []],
    ["a day beyond its limit", {}, 200 + 600 + 86_401, ["probably-runaway"]],
    ["suspended time does not count", { suspendedSeconds: 50 }, 200 + 600 + 86_401, []],
    ["no limit, 30 days", { timeLimitSeconds: null }, 200 + 30 * 86_400, []],
    ["no limit, more than 30 days", { timeLimitSeconds: null }, 201 + 30 * 86_400, ["probably-runaway"]],
    ["pending for a year", { state: "PENDING", startSeconds: null, allocated: {} }, 31_536_000, []],
    ["ended at last", { state: "COMPLETED", endSeconds: 31_536_000 }, 31_536_000, []],
  ])("a job that runs: %s", (_, over, asOfSeconds, flags) => {
    const usage = only({ state: "RUNNING", endSeconds: null, ...over }, asOfSeconds)
    expect(usage.flags).toEqual(flags)
  })

  it("lets a corrected allocation read later replace the earlier, keeping what only the earlier knew", () => {
    const first = record({
      consumedCpuMilliseconds: 7_000,
      suspendedWindows: [{ startSeconds: 210, endSeconds: 220 }],
      suspendedSeconds: 10,
    })
    const corrected = record({ allocated: { cpu: 1, mem: 10, node: 1 }, suspendedSeconds: 10 })
    const [usage] = normalise([first, corrected], { asOfSeconds: 0 }).usages
    expect(usage?.perSecond.cpu).toBe(1n)
    expect(usage?.record.consumedCpuMilliseconds).toBe(7_000)
    expect(usage?.suspension.kind).toBe("windows")
  })

  it.each<[string, Partial<JobRecord>, { start: number; end: number; provisional: boolean }]>([
    ["ended", {}, { start: 200, end: 300, provisional: false }],
    ["zero seconds", { endSeconds: 200, elapsedSeconds: 0 }, { start: 200, end: 200, provisional: false }],
    [
      "ended before it started, as a clock that was put back says",
      { startSeconds: 250, endSeconds: 240 },
      { start: 250, end: 250, provisional: false },
    ],
    ["cancelled before it started", { state: "CANCELLED", startSeconds: null }, { start: 300, end: 300, provisional: false }],
    ["running", { state: "RUNNING", endSeconds: null }, { start: 200, end: 1_000, provisional: true }],
    [
      "running, asked as of before it started",
      { state: "RUNNING", startSeconds: 2_000, endSeconds: null },
      { start: 2_000, end: 2_000, provisional: true },
    ],
    ["suspended now", { state: "SUSPENDED", endSeconds: null }, { start: 200, end: 1_000, provisional: true }],
    ["pending", { state: "PENDING", startSeconds: null, endSeconds: null }, { start: 1_000, end: 1_000, provisional: true }],
    [
      "ended with its end lost",
      { state: "NODE_FAIL", endSeconds: null, elapsedSeconds: 60, suspendedSeconds: 5 },
      { start: 200, end: 265, provisional: false },
    ],
  ])("%s", (_, over, expected) => {
    const { startSeconds, endSeconds, provisional } = only(over)
    expect({ start: startSeconds, end: endSeconds, provisional }).toEqual(expected)
  })

  it("keeps the attempts of a requeued job apart", () => {
    const { usages } = normalise([record({ state: "REQUEUED" }), record({ submitSeconds: 300, startSeconds: 310, endSeconds: 400 })], {
      asOfSeconds: 1_000,
    })
    expect(usages.map(({ id }) => id)).toEqual(["c/1/100", "c/1/300"])
  })

  it("clips the later segments of a resized job where the earlier one ends, in any order", () => {
    const segments = [
      record({ state: "RESIZING", endSeconds: 250 }),
      record({ state: "RESIZING", submitSeconds: 250, startSeconds: 200, endSeconds: 270 }),
      record({ submitSeconds: 270, startSeconds: 200, endSeconds: 300 }),
    ]
    for (const records of [segments, segments.toReversed()]) {
      const spans = normalise(records, { asOfSeconds: 1_000 }).usages.map(({ startSeconds, endSeconds, flags }) => ({
        startSeconds,
        endSeconds,
        flags,
      }))
      expect(spans.sort((left, right) => left.startSeconds - right.startSeconds)).toEqual([
        { startSeconds: 200, endSeconds: 250, flags: [] },
        { startSeconds: 250, endSeconds: 270, flags: ["resize-clipped"] },
        { startSeconds: 270, endSeconds: 300, flags: ["resize-clipped"] },
      ])
    }
  })

  it("leaves a later job that reuses the id of a resized one alone", () => {
    const reused = record({ submitSeconds: 5_000, startSeconds: 5_010, endSeconds: 5_020 })
    const { usages } = normalise([record({ state: "RESIZING" }), reused], { asOfSeconds: 9_000 })
    expect(usages[1]).toMatchObject({ startSeconds: 5_010, flags: [] })
  })

  it.each<[string, JobRecord["allocated"], Record<string, bigint>]>([
    ["untyped GPUs", { "gres/gpu": 2 }, { wall: 1n, "gres/gpu": 2n }],
    ["typed GPUs stand once", { "gres/gpu": 2, "gres/gpu:a100": 2 }, { wall: 1n, "gres/gpu:a100": 2n }],
    ["typed GPUs without their sum", { "gres/gpu:a100": 2 }, { wall: 1n, "gres/gpu:a100": 2n }],
    [
      "several types, one GPU of unknown type",
      { "gres/gpu": 4, "gres/gpu:a100": 2, "gres/gpu:v100": 1 },
      { wall: 1n, "gres/gpu:a100": 2n, "gres/gpu:v100": 1n, "gres/gpu": 1n },
    ],
    ["MIG and shards", { "gres/gpu": 1, "gres/gpu:1g.5gb": 1, "gres/shard": 3 }, { wall: 1n, "gres/gpu:1g.5gb": 1n, "gres/shard": 3n }],
    ["licences", { "license/matlab": 2 }, { wall: 1n, "license/matlab": 2n }],
    ["memory, node and billing", { cpu: 1, mem: 1024, node: 1, billing: 3 }, { wall: 1n, cpu: 1n, mem: 1024n, node: 1n, billing: 3n }],
  ])("holds each second: %s", (_, allocated, expected) => {
    expect(only({ allocated }).perSecond).toEqual(expected)
  })

  it.each<[string, Partial<JobRecord>, readonly string[]]>([
    ["a full record", {}, []],
    ["energy not measured", { energyJoules: null }, ["energy-unknown"]],
    ["counts in place of a TRES string", { allocated: { cpu: 4, node: 1 } }, ["allocation-from-counts"]],
    ["zero seconds", { endSeconds: 200, energyJoules: null }, []],
  ])("flags %s", (_, over, expected) => {
    expect(only(over).flags).toEqual(expected)
  })

  it("takes suspend windows inside the interval, merged where they overlap", () => {
    const windows = [
      { startSeconds: 290, endSeconds: 400 },
      { startSeconds: 100, endSeconds: 210 },
      { startSeconds: 205, endSeconds: 220 },
    ]
    expect(only({ suspendedSeconds: 30, suspendedWindows: windows }).suspension).toEqual({
      kind: "windows",
      windows: [
        { startSeconds: 200, endSeconds: 210 },
        { startSeconds: 210, endSeconds: 220 },
        { startSeconds: 290, endSeconds: 300 },
      ],
    })
  })
})
