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
    ["a step", "7.batch,a,1790816400,1,1", "jobId", '"7.batch" is no job id; steps are not billed'],
    ["a word for a number", "7,a,1790816400,1,two", "cpus", '"two" is not a whole number'],
    ["a word for a time", "7,a,yesterday,1,2", "end", '"yesterday" is not a time such as 2026-10-31T23:59:59'],
    ["no time at all", "7,a,,,2", "submit", "there is no time of submission, nor any to take its place"],
    ["a short row", "7,a", null, "it has 2 fields where the header names 5"],
  ])("rejects %s, with its line", async (_, line, field, reason) => {
    const { records, rejections } = await decode(`job,user,end,elapsed,cores\n1,a,1790816400,60,2\n${line}\n2,a,1790816400,60,2\n`)
    expect(records.length).toBe(2)
    expect(rejections).toMatchObject([{ source: "jobs.csv", lineNumber: 3, field, reason }])
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
