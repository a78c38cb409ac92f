import { existsSync, readFileSync } from "node:fs"
import type { JobRecord, Rejection } from "@hpc-billing/core"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { SlurmReadError } from "../SlurmReadError.ts"
import type { SacctOptions } from "./SacctFrame.ts"
import { sacctDecoder } from "./sacctDecoder.ts"

interface Read {
  readonly records: readonly JobRecord[]
  readonly rejections: readonly Rejection[]
  readonly steps: number
}

const decode = (text: string | Uint8Array, options: Partial<SacctOptions> = {}, chunkBytes = 65_536): Read => {
  const decoder = sacctDecoder({ source: "test", timeZone: "UTC", ...options })
  const bytes = typeof text === "string" ? Buffer.from(text) : text
  const decoded = []
  for (let from = 0; from < bytes.length; from += chunkBytes) decoded.push(...decoder.push(bytes.subarray(from, from + chunkBytes)))
  decoded.push(...decoder.end())
  return {
    records: decoded.flatMap((item) => (item._tag === "Record" ? [item.record] : [])),
    rejections: decoded.flatMap((item) => (item._tag === "Rejection" ? [item.rejection] : [])),
    steps: decoder.counts().stepCount,
  }
}

const fixtures = new URL("../../fixtures/", import.meta.url)
const fixture = (path: string): Buffer => readFileSync(new URL(path, fixtures))
const settled = "22.05-debian/settled/sacct/"

const header = "JobIDRaw|JobID|JobName|Cluster|User|Account|State|Submit|Start|End|ElapsedRaw|Suspended|AllocTRES"
const row = "7|7|name|ci|alice|physics|COMPLETED|100|200|300|100|00:00:00|billing=1,cpu=1,mem=1G,node=1"
const text = (...lines: readonly string[]): string => [header, ...lines, ""].join("\n")

describe("real output", () => {
  it.each([
    [`${settled}all.epoch.noconvert.us.txt`, 102, 72],
    [`${settled}all.psv`, 102, 72],
    [`${settled}alloconly.psv`, 102, 0],
    ["24.05-energy-extern/live/sacct/all.epoch.noconvert.us.txt", 63, 134],
    ["25.11/live/sacct/all.epoch.noconvert.us.txt", 62, 72],
  ])("%s is read whole, nothing rejected", (path, records, steps) => {
    const read = decode(fixture(path))
    expect(read.rejections).toEqual([])
    expect({ records: read.records.length, steps: read.steps }).toEqual({ records, steps })
  })

  it("says the same of every job, whatever the delimiter, the units and the time format", () => {
    const plain = decode(fixture(`${settled}all.epoch.noconvert.us.txt`)).records
    const converted = decode(fixture(`${settled}all.psv`)).records
    // the two exports ran one after the other, so the run time of what is still running differs
    const ended = (records: readonly JobRecord[]): readonly JobRecord[] => records.filter(({ endSeconds }) => endSeconds !== null)
    expect(ended(converted)).toEqual(ended(plain))
    expect(converted.length - ended(converted).length).toBe(2)
  })

  it("reads what each job of the zoo was meant to show", () => {
    const byId = new Map(decode(fixture(`${settled}all.psv`)).records.map((record) => [`${record.jobId}/${record.state}`, record]))
    const of = (key: string): JobRecord => byId.get(key) as JobRecord
    expect(of("30/COMPLETED").name).toBe("a|b|c")
    expect(of("31/COMPLETED").name).toBe("line1\nline2")
    expect(of("32/COMPLETED").name).toBe("จำลองโมเลกุล-ทดสอบ")
    expect(of("37/COMPLETED").account).toBe("บัญชีวิจัย")
    expect(of("6/COMPLETED").consumedMemoryBytesMaximum).toBe(166_629_376)
    expect(of("6/COMPLETED").consumedCpuMilliseconds).toBe(125)
    expect(of("11/COMPLETED").displayJobId).toBe("11_3")
    expect(of("15/COMPLETED").displayJobId).toBe("14+1")
    expect(of("47/DEADLINE")).toMatchObject({ startSeconds: null, allocated: {}, nodeList: "" })
    expect(of("55/COMPLETED")).toMatchObject({ elapsedSeconds: 5, suspendedSeconds: 6, suspendedWindows: null })
    expect(of("57/COMPLETED")).toMatchObject({ requested: { cpu: 1 }, allocated: { cpu: 8 } })
    expect(of("500017/COMPLETED").energyJoules).toBe(3_600_000n)
    expect(of("500018/COMPLETED").energyJoules).toBe(null)
    expect(of("26/COMPLETED").wckey).toBe("proj2")
  })

  it("counts the energy and memory of extern steps once", () => {
    const plain1 = decode(fixture("24.05-energy-extern/live/sacct/all.epoch.noconvert.us.txt")).records.find(({ jobId }) => jobId === "6")
    expect(plain1).toMatchObject({ energyJoules: 1_500n, consumedMemoryBytesMaximum: 166_653_952 })
  })

  it("gives the same whatever the size of the chunks", () => {
    const bytes = fixture(`${settled}all.psv`)
    const whole = decode(bytes)
    for (const size of [1, 7, 1_000]) expect(decode(bytes, {}, size)).toEqual(whole)
  })

  // LGPL data, which stays outside of the project
  const phillips = new URL("../../../../../shared/slurm/fixtures/public/xdmod/phillips.log", import.meta.url)
  it.runIf(existsSync(phillips))("reads a log without a header, in New York's time", () => {
    const fields =
      "JobID JobIDRaw Cluster Partition QOS Account Group GID User UID Submit Eligible Start End Elapsed ExitCode State NNodes NCPUS ReqCPUS ReqMem ReqTRES AllocTRES Timelimit NodeList JobName"
    const { records, rejections } = decode(readFileSync(phillips), { fields: fields.split(" "), timeZone: "America/New_York" })
    expect(rejections).toEqual([])
    expect(records.length).toBe(4_285)
    expect(records[0]).toMatchObject({
      startSeconds: 1_482_408_913,
      elapsedSeconds: 912_426,
      suspendedSeconds: 0,
      timeLimitSeconds: 3_247_200,
    })
    expect(records[2]).toMatchObject({ requested: { cpu: 8, mem: 24_000, node: 1 } })
  })
})

describe("lines", () => {
  it.each<[string, string, string | null, string]>([
    ["no job number", row.replace("7|7", "x|7"), "JobIDRaw", "does not begin with a job number"],
    ["a job id that is none", row.replace("7|7", "7|7 or 8"), "JobID", "not a job id"],
    ["no submit time", row.replace("|100|200", "||200"), "Submit", "without it the job has no identity"],
    ["a time that is none", row.replace("|200|", "|20:00|"), "Start", "is not a time"],
    ["an unknown state", row.replace("COMPLETED", "DONE"), "State", "is not a state"],
    ["an end before the start", row.replace("|300|", "|150|"), "End", "before Start"],
    ["an absurd run time", row.replace("|100|00:00:00", "|999999999999999|00:00:00"), "ElapsedRaw", "not a plausible number"],
    ["a duration that is none", row.replace("00:00:00", "soon"), "Suspended", "is not a duration"],
    ["a broken TRES string", row.replace("cpu=1", "cpu=one"), "AllocTRES", "not a whole number"],
    ["no cluster", row.replace("|ci|", "||"), "Cluster", "no cluster was named"],
    ["a NUL", row.replace("alice", "al\u0000ce"), "User", "holds a NUL"],
    ["a line cut short", row.slice(0, 40), null, "it has 9 fields where the header names 13"],
    ["a surplus of fields", `${row}|x`, null, "more fields than the header's 13"],
    ["a step alone", row.replace("7|7", "8.0|8.0"), "JobIDRaw", "whose own row was not read just before it"],
    ["a tail that is no step", row.replace("7|7", "7x|7"), "JobIDRaw", "neither a job number nor a step"],
  ])("rejects %s, with its place", (_, line, field, reason) => {
    const { records, rejections } = decode(text(row, line, row))
    expect(records.length).toBe(2)
    expect(rejections).toMatchObject([{ source: "test", lineNumber: 3, field, raw: line.replace("\u0000", "\uFFFD") }])
    expect(rejections[0]?.reason).toContain(reason)
  })

  it("rejects text that is not UTF-8", () => {
    const bytes = Buffer.from(text(row))
    bytes[bytes.indexOf("alice")] = 0xff
    expect(decode(bytes).rejections).toMatchObject([{ lineNumber: 2, field: "User" }])
  })

  it("rejects a last line that was cut, even where all fields are there", () => {
    expect(decode(text(row) + row.slice(0, 30)).rejections).toMatchObject([
      { lineNumber: 3, reason: expect.stringContaining("was cut here") },
    ])
    expect(decode(text(row) + row.slice(0, -3)).rejections).toMatchObject([{ lineNumber: 3, raw: row.slice(0, -3) }])
  })

  it("does not let a cut line swallow the line after it", () => {
    const read = decode(text(row.slice(0, 8), row))
    expect(read.rejections).toMatchObject([{ lineNumber: 2, raw: "7|7|name" }])
    expect(read.records.length).toBe(1)
  })

  it("reads line feeds and delimiters in names, with the line number of the record's first line", () => {
    const name = (given: string): string => row.replace("|name|", `|${given}|`)
    const read = decode(text(name("a\n\nb"), name("a|b"), name("bad\nname").replace("COMPLETED", "DONE")))
    expect(read.records.map((record) => record.name)).toEqual(["a\n\nb", "a|b"])
    expect(read.rejections.map(({ lineNumber }) => lineNumber)).toEqual([6, 7])
  })

  it("rejects a name with delimiters that leaves two readings", () => {
    // the surplus may be the name's or the account's place: both read, with different accounts
    const both =
      "JobIDRaw|JobName|Account|Comment|User|State|Submit|Start|End|Elapsed|AllocTRES\n7|a|b|c|d|alice|COMPLETED|1|2|3|00:00:01|cpu=1\n"
    expect(decode(both, { cluster: "c" }).rejections[0]?.reason).toContain("read in 2 ways")
  })

  it("passes a line of ten megabytes without holding it", () => {
    const read = decode(text(row, "x".repeat(10_000_000), row))
    expect(read.records.length).toBe(2)
    expect(read.rejections).toMatchObject([{ lineNumber: 3, raw: "x".repeat(4_096), reason: expect.stringContaining("longer than") }])
  })

  it("takes Windows line ends, a byte order mark, blank lines, a trailing delimiter and a header that repeats", () => {
    expect(decode(`\uFEFF${text(row, "", header, row).replaceAll("\n", "\r\n")}`)).toMatchObject({ records: [{}, {}], rejections: [] })
    expect(decode(`${header}|\n${row}|\n`)).toMatchObject({ records: [{ allocated: { cpu: 1 } }], rejections: [] })
  })

  it("decides by the run time between two hours of the same name", () => {
    const newYork = (start: string, end: string, elapsed: number): JobRecord | undefined =>
      decode(text(`7|7|n|ci|a|p|COMPLETED|2026-10-31T20:00:00|${start}|${end}|${elapsed}|00:00:00|cpu=1`), { timeZone: "America/New_York" })
        .records[0]
    expect(newYork("2026-11-01T01:30:00", "2026-11-01T01:30:00", 3_600)).toMatchObject({
      startSeconds: 1_793_511_000,
      endSeconds: 1_793_514_600,
    })
    expect(newYork("2026-11-01T01:30:00", "2026-11-01T02:30:00", 3_600)).toMatchObject({
      startSeconds: 1_793_514_600,
      endSeconds: 1_793_518_200,
    })
    expect(newYork("2026-11-01T01:30:00", "2026-11-01T02:30:00", 7_200)).toMatchObject({
      startSeconds: 1_793_511_000,
      endSeconds: 1_793_518_200,
    })
  })

  it("never reads a job that has only counts as one that held nothing", () => {
    const [record] = decode("JobIDRaw|User|Account|State|Submit|Start|End|Elapsed|NCPUS|NNodes\n7|a|p|COMPLETED|1|2|3|00:01|4|2\n", {
      cluster: "c",
    }).records
    expect(record?.allocated).toEqual({ cpu: 4, node: 2 })
  })

  it("leaves no line without a record, a step or a rejection", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: fc.constantFrom("7", "|", ".", "a", "=", "0"), minLength: 1, maxLength: 30 }), { maxLength: 20 }),
        (lines) => {
          const decoder = sacctDecoder({ source: "test" })
          const decoded = [...decoder.push(Buffer.from(text(...lines))), ...decoder.end()]
          const { lineCount, recordCount, stepCount, rejectionCount } = decoder.counts()
          expect(lineCount).toBe(lines.length + 1)
          expect(recordCount + stepCount + rejectionCount).toBe(lines.length)
          expect(decoded.length).toBe(recordCount + rejectionCount)
        },
      ),
    )
  })
})

describe("numbers that Slurm has not set", () => {
  const names =
    "JobIDRaw|Cluster|User|Account|State|Submit|Start|End|ElapsedRaw|Suspended|AllocTRES|AllocCPUS|AllocNodes|TimelimitRaw|ConsumedEnergyRaw|TotalCPU|MaxRSS"
  const plain: Readonly<Record<string, string>> = {
    JobIDRaw: "7",
    Cluster: "reef",
    User: "ann",
    Account: "kelp",
    State: "COMPLETED",
    Submit: "100",
    Start: "200",
    End: "500",
    ElapsedRaw: "280",
    Suspended: "00:00:20",
    AllocTRES: "billing=6,cpu=6,mem=9G,node=1",
    AllocCPUS: "6",
    AllocNodes: "1",
    TimelimitRaw: "60",
    ConsumedEnergyRaw: "90000",
    TotalCPU: "00:10:00",
    MaxRSS: "",
  }
  const read = (over: Readonly<Record<string, string>>, options: Partial<SacctOptions> = {}): Read => {
    const fields = names.split("|").map((name) => over[name] ?? plain[name])
    return decode(`${names}\n${fields.join("|")}\n`, options)
  }
  const recordOf = (over: Readonly<Record<string, string>>): Partial<JobRecord> => {
    const { records, rejections } = read(over)
    expect(rejections).toEqual([])
    return records[0] as JobRecord
  }
  const unset = ["4294967293", "4294967294", "4294967295", "9223372036854775808", "18446744073708557016", "18446744073709551614"]

  it.each(unset)("%s is nothing in any column", (number) => {
    expect(recordOf({ ElapsedRaw: number })).toMatchObject({ elapsedSeconds: 280, suspendedSeconds: 20 })
    expect(recordOf({ End: number, State: "RUNNING" })).toMatchObject({ endSeconds: null, elapsedSeconds: 280 })
    expect(recordOf({ Start: number, ElapsedRaw: "0" })).toMatchObject({ startSeconds: null })
    expect(recordOf({ AllocTRES: `billing=${number},cpu=6,gres/gpu=${number},mem=${number}M,node=1` }).allocated).toEqual({
      cpu: 6,
      node: 1,
    })
    expect(recordOf({ AllocTRES: `cpu=${number},mem=9G,node=${number}` }).allocated).toEqual({ cpu: 6, mem: 9_216, node: 1 })
    expect(recordOf({ AllocTRES: `cpu=${number},mem=9G,node=1`, AllocCPUS: number }).allocated).toEqual({ mem: 9_216, node: 1 })
    expect(recordOf({ AllocTRES: "", AllocCPUS: number, AllocNodes: number }).allocated).toEqual({})
    expect(recordOf({ TimelimitRaw: number }).timeLimitSeconds).toBe(null)
    expect(recordOf({ ConsumedEnergyRaw: number }).energyJoules).toBe(null)
    expect(read({ Submit: number }).rejections).toMatchObject([
      { field: "Submit", reason: "it is empty, and without it the job has no identity" },
    ])
  })

  it.each(["49710-06:28:14", "49710-06:28:15", "INVALID", "UNLIMITED"])("neither is the duration %s", (duration) => {
    expect(recordOf({ Suspended: duration })).toMatchObject({ elapsedSeconds: 280, suspendedSeconds: 20 })
    expect(recordOf({ TotalCPU: duration }).consumedCpuMilliseconds).toBe(null)
  })

  it("nor the memory of a step", () => {
    const step = names.split("|").map((name) => ({ ...plain, JobIDRaw: "7.0", MaxRSS: "18446744073709551614" })[name] ?? "")
    const job = names.split("|").map((name) => plain[name])
    const { records, steps } = decode([names, job.join("|"), step.join("|"), ""].join("\n"))
    expect([steps, records[0]?.consumedMemoryBytesMaximum]).toEqual([1, null])
  })

  it("holds a job of more energy than its nodes can draw, with its line", () => {
    const most = String(10_000 * 300)
    expect(recordOf({ ConsumedEnergyRaw: most }).energyJoules).toBe(3_000_000n)
    for (const joules of ["3000001", "4294967292", "9200000000000000", "9223372036854775807"]) {
      const { rejections } = read({ ConsumedEnergyRaw: joules })
      expect(rejections).toMatchObject([{ source: "test", lineNumber: 2, field: "ConsumedEnergyRaw" }])
      expect(rejections[0]?.reason).toContain(`${joules} J in 300 s on 1 node is more than 10000 W a node`)
      expect(read({ ConsumedEnergyRaw: "", AllocTRES: `cpu=6,energy=${joules},node=1` }).rejections).toMatchObject([{ lineNumber: 2 }])
    }
    expect(read({ ConsumedEnergyRaw: "3000001" }, { maximumWattsPerNode: 20_000 }).rejections).toEqual([])
    expect(read({ ConsumedEnergyRaw: "3000000" }, { maximumWattsPerNode: 9_999 }).rejections.length).toBe(1)
    expect(recordOf({ ConsumedEnergyRaw: "6000000", AllocTRES: "cpu=6,node=2" }).energyJoules).toBe(6_000_000n)
  })
})

describe("times", () => {
  const local = text(row.replace("|100|200|300|", "|2026-10-31T20:00:00|2026-10-31T21:00:00|2026-10-31T21:01:40|"))

  it("are refused where they say no zone and none is named, whatever stands before them", () => {
    for (const given of [local, text(row, ...local.split("\n").slice(1, -1)), text(row.replace("|300|", "|2026-10-31T21:01:40|"))])
      expect(() => decode(given, { timeZone: undefined as never })).toThrow(
        /test: its times, such as 2026-10-31T2\d:0\d:\d0, say no zone; name theirs by the time-zone option, such as Asia\/Bangkok or UTC, or export with SLURM_TIME_FORMAT=%s/,
      )
  })

  it("are read in the zone that is named, and epoch seconds without one", () => {
    expect(decode(local, { timeZone: "Asia/Tokyo" }).records[0]?.startSeconds).toBe(Date.parse("2026-10-31T12:00:00Z") / 1_000)
    expect(decode(text(row), { timeZone: undefined as never }).records[0]?.startSeconds).toBe(200)
  })
})

describe("what is no sacct output", () => {
  const failure = (given: string, options: Partial<SacctOptions> = {}): string => {
    try {
      decode(given, options)
    } catch (error) {
      if (error instanceof SlurmReadError) return error.message
      throw error
    }
    return "read"
  }

  it.each<[string, string, Partial<SacctOptions>, string]>([
    [
      "nothing",
      "",
      {},
      "test: it is empty, without even a header line; run the export again, without -n, and check that sacct reached slurmdbd",
    ],
    [
      "no header",
      `${row}\n`,
      {},
      'test: line 1 names no columns ("7|7|name|ci|alice|physics|COMPLETED|100|200|300|100|00:00:00"); export with the header (without -n, with -P), or name the columns by the fields option',
    ],
    [
      "a changed header",
      `${header.replace("State", "Stat").replace("AllocTRES", "Alloc")}\n${row}\n`,
      {},
      'test: line 1 lacks the column State (did "Stat" take its place?), the column AllocTRES or AllocCPUS or NCPUS; export again with these columns, or name the columns by the fields option',
    ],
    [
      "a zone that is none",
      text(row),
      { timeZone: "Bangkok" },
      "test: option time-zone must be an IANA time zone such as Asia/Bangkok or UTC",
    ],
    [
      "a delimiter that begins as it ends",
      text(row),
      { delimiter: "||" },
      "test: option delimiter must be one character, or several that do not begin as they end",
    ],
  ])("%s", (_, given, options, message) => {
    expect(failure(given, options)).toBe(message)
  })

  it("reads a header without rows as no jobs", () => {
    expect(decode(`${header}\n`)).toEqual({ records: [], rejections: [], steps: 0 })
  })
})
