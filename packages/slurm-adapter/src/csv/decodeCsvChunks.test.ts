import { readFileSync } from "node:fs"
import type { JobRecord, Rejection } from "@hpc-billing/core"
import { describe, expect, it } from "vitest"
import { SlurmReadError } from "../SlurmReadError.ts"
import { type CsvOptions, decodeCsvChunks } from "./decodeCsvChunks.ts"

const decode = async (text: string, options: Partial<CsvOptions> = {}) => {
  const records: JobRecord[] = []
  const rejections: Rejection[] = []
  for await (const batch of decodeCsvChunks([Buffer.from(text)], { source: "jobs.csv", cluster: "demo", ...options })) {
    for (const item of batch) {
      if (item._tag === "Record") records.push(item.record)
      else rejections.push(item.rejection)
    }
  }
  return { records, rejections }
}

const fixture = (name: string): string => readFileSync(new URL(`../../fixtures/csv/${name}`, import.meta.url), "utf8")
const at = (iso: string): number => Date.parse(iso) / 1_000

describe("the columns of a sacct --parsable2 export for demonstrations", () => {
  const timeZone = "Asia/Bangkok"

  it("become jobs whose start is the end less the run time, in the zone of the option, with their steps folded in", async () => {
    const { records, rejections } = await decode(fixture("demo.psv"), { timeZone, account: "demo" })
    const short = records.map((record) => {
      const { jobId, user, account, state, submitSeconds, startSeconds, endSeconds, elapsedSeconds } = record
      expect([submitSeconds, account]).toEqual([startSeconds, "demo"])
      return [jobId, user, state, startSeconds, endSeconds, elapsedSeconds]
    })
    expect(short).toEqual([
      ["500101", "alice", "COMPLETED", at("2026-10-31T04:00:00Z"), at("2026-10-31T05:00:00Z"), 3_600],
      ["500102", "bob", "COMPLETED", at("2026-10-31T15:00:00Z"), at("2026-10-31T19:00:00Z"), 14_400],
      ["500103_0", "carol", "COMPLETED", at("2026-10-31T03:00:00Z"), at("2026-10-31T03:05:00Z"), 300],
      ["500103_1", "carol", "FAILED", at("2026-10-31T03:00:00Z"), at("2026-10-31T03:05:02Z"), 302],
      ["500104", "dave", "CANCELLED", at("2026-10-31T01:30:00Z"), at("2026-10-31T01:30:00Z"), 0],
      ["500105", "alice", "TIMEOUT", at("2026-10-30T05:00:00Z"), at("2026-10-31T07:03:04Z"), 93_784],
    ])
    expect(records[0]).toMatchObject({
      allocated: { billing: 4, cpu: 4, mem: 16_384, node: 1 },
      energyJoules: 1_080_000n,
      consumedCpuMilliseconds: 12_600_000,
      consumedMemoryBytesMaximum: 5.5 * 1024 ** 3,
      nodeList: "n1",
    })
    expect(records[1]).toMatchObject({
      name: 'train "ภาษาไทย"',
      requested: { billing: 24, cpu: 8, "gres/gpu": 2, mem: 65_536, node: 1 },
      allocated: { billing: 24, cpu: 8, "gres/gpu:a100": 2, "gres/gpu": 2, mem: 65_536, node: 1 },
      energyJoules: null,
    })
    expect(records[4]).toMatchObject({ allocated: {}, nodeList: "", consumedCpuMilliseconds: null })
    expect(rejections).toMatchObject([
      { lineNumber: 2, field: "jobId", reason: "it is a step of job 500099, whose own row was not read just before it" },
      { lineNumber: 15, field: "submit", reason: expect.stringContaining("export with Submit or End") },
    ])
  })

  it("give the same whatever the size of the chunks", async () => {
    const text = fixture("demo.psv")
    const whole = await decode(text, { timeZone })
    const bytes = Buffer.from(text)
    const pieces = Array.from({ length: Math.ceil(bytes.length / 7) }, (_, index) => bytes.subarray(index * 7, index * 7 + 7))
    const records: JobRecord[] = []
    for await (const batch of decodeCsvChunks(pieces, { source: "jobs.csv", cluster: "demo", timeZone }))
      for (const item of batch) if (item._tag === "Record") records.push(item.record)
    expect(records).toEqual(whole.records)
  })

  it("are refused without the zone, and row by row where they hold no time", async () => {
    expect(String(await decode(fixture("demo.psv")).catch((thrown: unknown) => thrown))).toContain("by the time-zone option")
    const { records, rejections } = await decode(fixture("demo-older.psv"), { timeZone })
    expect(records).toEqual([])
    expect(rejections).toMatchObject([
      { lineNumber: 2, field: "submit", reason: expect.stringContaining("export with Submit or End") },
      { lineNumber: 3, field: "jobId", reason: "it is a step of job 400001, whose own row was not read just before it" },
    ])
  })

  it("are refused where they say only what was asked for", async () => {
    const { rejections } = await decode("User|JobID|Elapsed|ReqTRES|End\na|1|00:01:00|cpu=4|1790816400\n")
    expect(rejections).toMatchObject([
      {
        field: "tres",
        reason: "it says what was asked for, not what was allocated; export with AllocTRES",
        raw: "a|1|00:01:00|cpu=4|1790816400",
      },
    ])
  })
})

describe("a CSV of jobs", () => {
  it("is read by its header's names, as Excel saves it, with names in quotes", async () => {
    const text = [
      "\uFEFFJob ID,User Name,Project,Queue,Job_Name,Submit Time,Start Time,End Time,Cores,Memory GB,GPUs,GPU Type",
      '7,สมชาย,ฟิสิกส์,gpu,"a, ""b""\nc",2026-10-31 23:00,2026-10-31T23:30:00Z,2026-11-01T01:00:00+07:00,4,1.5,2,A100',
      "",
    ].join("\r\n")
    const { records, rejections } = await decode(text, { timeZone: "Asia/Bangkok" })
    expect(rejections).toMatchObject([{ lineNumber: 3, field: "end", reason: "it lies before the start" }])
    expect(records).toEqual([])
    const mended = await decode(text.replace("T23:30:00Z", "T23:30:00+07:00"), { timeZone: "Asia/Bangkok" })
    expect(mended.records).toMatchObject([
      {
        cluster: "demo",
        jobId: "7",
        user: "สมชาย",
        account: "ฟิสิกส์",
        partition: "gpu",
        name: 'a, "b"\nc',
        submitSeconds: Date.parse("2026-10-31T16:00:00Z") / 1000,
        elapsedSeconds: 5_400,
        allocated: { cpu: 4, mem: 1_536, node: 1, "gres/gpu": 2, "gres/gpu:a100": 2 },
      },
    ])
  })

  it("takes sacct's own columns", async () => {
    const { records } = await decode(
      'JobIDRaw,Cluster,User,State,End,Elapsed,AllocTRES\n7,ci,alice,CANCELLED by 3,1790816400,01:00:00,"billing=2,cpu=2,mem=1G,node=1"\n',
    )
    expect(records).toMatchObject([
      {
        cluster: "ci",
        state: "CANCELLED",
        startSeconds: 1_790_812_800,
        submitSeconds: 1_790_812_800,
        allocated: { billing: 2, cpu: 2, mem: 1_024, node: 1 },
      },
    ])
  })

  it.each<[string, string, string | null, string]>([
    ["no job id", "7.x,a,1790816400,1,1", "jobId", '"7.x" is neither a job id nor a step of one'],
    ["a step of another job", "7.batch,a,1790816400,1,1", "jobId", "it is a step of job 7, whose own row was not read just before it"],
    ["a word for a number", "7,a,1790816400,1,two", "cpus", '"two" is not a whole number'],
    ["a word for a time", "7,a,yesterday,1,2", "end", '"yesterday" is not a time such as 2026-10-31T23:59:59'],
    [
      "no time at all",
      "7,a,,,2",
      "submit",
      "there is no time of submission, nor a start or an end with a run time to take its place; export with Submit or End",
    ],
    ["a short row", "7,a", null, "it has 2 fields where the header names 5"],
  ])("rejects %s, with its line", async (_, line, field, reason) => {
    const { records, rejections } = await decode(`job,user,end,elapsed,cores\n1,a,1790816400,60,2\n${line}\n2,a,1790816400,60,2\n`)
    expect(records.length).toBe(2)
    expect(rejections).toMatchObject([{ source: "jobs.csv", lineNumber: 3, field, reason }])
  })

  it("refuses times that say no zone where none was named", async () => {
    const text = "job,user,end,elapsed,cores\n1,a,2026-10-31T09:00:00,60,2\n"
    const error: unknown = await decode(text).catch((thrown: unknown) => thrown)
    expect(String(error)).toContain(
      "jobs.csv: its times, such as 2026-10-31T09:00:00, say no zone; name theirs by the time-zone option, such as Asia/Bangkok or UTC",
    )
    expect(String(await decode(text, { timeZone: "Bangkok" }).catch((thrown: unknown) => thrown))).toContain(
      "jobs.csv: option time-zone must be an IANA time zone such as Asia/Bangkok or UTC",
    )
    expect((await decode(text, { timeZone: "UTC" })).records).toMatchObject([{ endSeconds: at("2026-10-31T09:00:00Z") }])
    expect((await decode(text.replace("09:00:00", "09:00:00+07:00"))).records).toMatchObject([{ endSeconds: at("2026-10-31T02:00:00Z") }])
  })

  it("keeps what it read before the quotes broke", async () => {
    const { records, rejections } = await decode('job,user,end,elapsed,cores\n1,a,1790816400,60,2\n2,"a,1790816400,60,2\n')
    expect(records.length).toBe(1)
    expect(rejections).toMatchObject([{ lineNumber: 3, reason: "it is no row of a CSV (CSV_QUOTE_NOT_CLOSED); mend its quotes" }])
  })

  it.each([
    ["", "jobs.csv: it is empty"],
    [
      "a,b\n1,2\n",
      "jobs.csv: line 1 lacks the column jobidraw, the column user, the column end or elapsedraw or start, the column alloctres or alloccpus",
    ],
  ])("says what is no CSV of jobs (%#)", async (text, sentence) => {
    const error: unknown = await decode(text).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(SlurmReadError)
    expect((error as SlurmReadError).message).toContain(sentence)
  })
})

describe("numbers that Slurm has not set", () => {
  const names = "job,user,submit,start,end,elapsed,suspended,cores,nodes,gpus,memory MB,memory GB,energy,TotalCPU"
  const one = async (over: Readonly<Record<string, string>>) => {
    const plain: Readonly<Record<string, string>> = {
      job: "7",
      user: "ann",
      submit: "100",
      start: "200",
      end: "500",
      elapsed: "300",
      cores: "6",
      nodes: "1",
    }
    return decode(`${names}\n${names.split(",").map((name) => over[name] ?? plain[name] ?? "")}\n`)
  }
  const recordOf = async (over: Readonly<Record<string, string>>): Promise<JobRecord | undefined> => {
    const { records, rejections } = await one(over)
    expect(rejections).toEqual([])
    return records[0]
  }

  it.each(["4294967294", "4294967295", "9223372036854775808", "18446744073708557016", "18446744073709551615"])(
    "%s is nothing",
    async (number) => {
      expect((await recordOf({ gpus: number, "memory MB": number }))?.allocated).toEqual({ cpu: 6, node: 1 })
      expect((await recordOf({ cores: number, nodes: number, "memory GB": number }))?.allocated).toEqual({})
      expect(await recordOf({ elapsed: number, suspended: number, TotalCPU: number })).toMatchObject({
        elapsedSeconds: 300,
        suspendedSeconds: 0,
        consumedCpuMilliseconds: null,
      })
      expect(await recordOf({ end: number, energy: number })).toMatchObject({ endSeconds: null, energyJoules: null })
      const tres = `JobIDRaw,User,End,Elapsed,AllocCPUS,AllocTRES\n7,ann,500,300,6,"cpu=${number},mem=${number}M,node=1"\n`
      expect((await decode(tres)).records.map(({ allocated }) => allocated)).toEqual([{ cpu: 6, node: 1 }])
    },
  )

  it.each(["49710-06:28:14", "INVALID", "UNLIMITED"])("neither is the duration %s", async (duration) => {
    expect(await recordOf({ elapsed: duration, TotalCPU: duration })).toMatchObject({ elapsedSeconds: 300, consumedCpuMilliseconds: null })
  })

  it("rejects more energy than a node can draw, and more memory than any machine has", async () => {
    expect((await one({ energy: "3000000" })).rejections).toEqual([])
    expect((await one({ energy: "3000001" })).rejections).toMatchObject([
      { lineNumber: 2, field: "energyJoules", reason: expect.stringContaining("3000001 J in 300 s on 1 node is more than 10000 W a node") },
    ])
    expect((await one({ "memory GB": "99999999999999999999" })).rejections).toMatchObject([
      { lineNumber: 2, field: "memoryGibibytes", reason: '"99999999999999999999" is larger than any machine' },
    ])
  })
})

describe("text that users write", () => {
  const bars = "JobID|User|End|Elapsed|AllocTRES|JobName\n7|ann|500|300|cpu=1|x\n"
  const risksOf = async (text: string, options: Partial<CsvOptions> = {}) => {
    const risks: string[] = []
    await decode(text, { ...options, onFreeText: (risk) => void risks.push(risk) })
    return risks
  }

  it("is warned of where no quotes keep it apart, and refused where that is asked for", async () => {
    expect(await risksOf(bars)).toEqual([expect.stringContaining("column JobName: users write this text")])
    expect(String(await decode(bars, { onFreeText: "refuse" }).catch((thrown: unknown) => thrown))).toContain("jobs.csv: column JobName:")
    expect(await risksOf(bars, { delimiter: "|" })).toHaveLength(1)
    expect(await risksOf(bars.replaceAll("|", ","))).toEqual([])
  })
})
