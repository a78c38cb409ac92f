import type { JobRecord, Rejection } from "@hpc-billing/core"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { SlurmReadError } from "../SlurmReadError.ts"
import type { SacctOptions } from "./SacctFrame.ts"
import { sacctDecoder } from "./sacctDecoder.ts"

const delimiter = "\u001F5b1c90aa71e2"
const columns = ["JobIDRaw", "WCKey", "JobName", "Cluster", "User", "Account", "State", "Submit", "Start", "End", "ElapsedRaw", "AllocTRES"]

interface Job {
  readonly id: number
  readonly name: string
  readonly wckey: string
  readonly cores: number
}

const rowOf = ({ id, name, wckey, cores }: Job, between: string): string =>
  [id, wckey, name, "reef", `user${id}`, "kelp", "COMPLETED", 1_000, 2_000, 5_600, 3_600, `cpu=${cores},node=1`].join(between)

const decode = (text: string, options: Partial<SacctOptions> = {}, chunkBytes = 65_536) => {
  const decoder = sacctDecoder({ source: "test", ...options })
  const bytes = Buffer.from(text)
  const decoded = []
  for (let from = 0; from < bytes.length; from += chunkBytes) decoded.push(...decoder.push(bytes.subarray(from, from + chunkBytes)))
  decoded.push(...decoder.end())
  const records: JobRecord[] = []
  const rejections: Rejection[] = []
  for (const item of decoded) {
    if (item._tag === "Record") records.push(item.record)
    else rejections.push(item.rejection)
  }
  return { records, rejections }
}

const shortOf = ({ jobId, name, wckey, user, allocated }: JobRecord) => ({ id: Number(jobId), name, wckey, user, cores: allocated.cpu })

describe("a delimiter that nobody knows", () => {
  /** What someone writes who wants another job's record: line ends, delimiters, whole rows, the header, a delimiter begun. */
  const piece = fc.oneof(
    fc.constantFrom(
      "\n",
      "\r\n",
      "\r",
      "\n\n",
      "|",
      "\u001F",
      "\u001F\u001F",
      "ก",
      '"',
      "",
      " ",
      columns.join("|"),
      columns.join("\u001F"),
    ),
    fc.nat(delimiter.length - 1).map((length) => delimiter.slice(0, length)),
    fc
      .record({ id: fc.integer({ min: 1, max: 9 }), between: fc.constantFrom("|", "\u001F", delimiter.slice(0, -1)) })
      .map(({ id, between }) => `\n${rowOf({ id, name: "x", wckey: "", cores: 9_999 }, between)}\n`),
    fc.string({ unit: "grapheme", maxLength: 5 }),
  )
  const text = fc
    .array(piece, { maxLength: 6 })
    .map((pieces) => pieces.join("").replaceAll("\u0000", ""))
    .filter((joined) => !joined.startsWith("*") && joined.isWellFormed() && !joined.includes(delimiter))

  it("keeps every record as it was sent, whatever its names hold", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text), { minLength: 1, maxLength: 9 }), fc.integer({ min: 1, max: 300 }), (names, chunkBytes) => {
        const jobs = names.map(([name, wckey], index): Job => ({ id: index + 1, name, wckey, cores: index + 1 }))
        const sent = [columns.join(delimiter), ...jobs.map((job) => rowOf(job, delimiter)), ""].join("\n")
        for (const options of [{ delimiter }, {}]) {
          const { records, rejections } = decode(sent, options, chunkBytes)
          expect(rejections).toEqual([])
          expect(records.map(shortOf)).toEqual(jobs.map((job) => ({ ...job, user: `user${job.id}` })))
        }
      }),
      { numRuns: 500 },
    )
  })

  it("rejects a row that cannot be one, whole and by a text that is the same in every run", () => {
    const odd = rowOf({ id: 2, name: "a\nb", wckey: "", cores: 1 }, delimiter).replace("COMPLETED", "DONE")
    const [first, second] = [delimiter, "\u001F0123456789"].map((between) =>
      decode(
        [columns, ...[1, 3].map((id) => rowOf({ id, name: "x", wckey: "", cores: 1 }, delimiter).split(delimiter))]
          .map((row) => row.join(between))
          .toSpliced(2, 0, odd.replaceAll(delimiter, between))
          .join("\n")
          .concat("\n"),
      ),
    )
    expect(first).toEqual(second)
    expect(first?.records.map(({ jobId }) => jobId)).toEqual(["1", "3"])
    expect(first?.rejections).toMatchObject([{ lineNumber: 3, field: "State", raw: odd.replaceAll(delimiter, "\u001F") }])
  })

  it("rejects what was cut, and nothing beside it", () => {
    const rows = [1, 2, 3].map((id) => rowOf({ id, name: "x", wckey: "", cores: 1 }, delimiter))
    const cutInName = `${(rows[1] as string).split(delimiter).slice(0, 3).join(delimiter)}\nrest of a name`
    const { records, rejections } = decode([columns.join(delimiter), rows[0], cutInName, rows[2], ""].join("\n"), { delimiter })
    expect(records.map(({ jobId }) => jobId)).toEqual(["1", "3"])
    expect(rejections).toMatchObject([{ lineNumber: 3, reason: expect.stringContaining("has 3 fields where the header names 12") }])
  })

  it("gives no part of a row's last column to the name that the next row begins with", () => {
    const names = ["JobName", ...columns.filter((name) => name !== "JobName" && name !== "WCKey"), "Comment"]
    const row = (id: number, comment: string): string =>
      [`name ${id}`, id, "reef", "ann", "kelp", "COMPLETED", 1, 2, 3, 1, "cpu=1", comment].join(delimiter)
    const { records } = decode([names.join(delimiter), row(1, "a\nb"), row(2, ""), ""].join("\n"), { delimiter })
    expect(records.map(({ name }) => name)).toEqual(["name 1", "name 2"])
  })

  it("rejects a name of more than a megabyte, and reads on after it", () => {
    const rows = ["\n".repeat(40_000), `${"x".repeat(99)}\n`.repeat(11_000), "x"].map((name, index) =>
      rowOf({ id: index + 1, name, wckey: "", cores: 1 }, delimiter),
    )
    const { records, rejections } = decode([columns.join(delimiter), ...rows, ""].join("\n"), { delimiter })
    expect(records.map(({ jobId, name }) => [jobId, name.length])).toEqual([
      ["1", 40_000],
      ["3", 1],
    ])
    expect(rejections.length).toBeGreaterThan(0)
  })
})

describe("the delimiter of a file", () => {
  const sent = (between: string): string =>
    [columns.join(between), rowOf({ id: 7, name: "a", wckey: "", cores: 3 }, between), ""].join("\n")

  it.each(["|", "\u001F", ";", "~|", "\u001F0a1b2c3d", "3f2504e0-4f89-11d3-9a0c-0305e82c3301", "☃"])(
    "%j is found in the header",
    (between) => {
      expect(decode(sent(between)).records.map(shortOf)).toEqual([{ id: 7, name: "a", wckey: "", user: "user7", cores: 3 }])
    },
  )

  it.each(["||", "aba", "\n", "a\n", ""])("%j divides nothing", (named) => {
    expect(() => decode(sent("|"), { delimiter: named })).toThrow(
      "option delimiter must be one character, or several that do not begin as they end",
    )
  })
})

describe("text that users write, between delimiters that they know", () => {
  const sent = (between: string, of: readonly string[] = columns): string =>
    [of.join(between), rowOf({ id: 7, name: "a", wckey: "", cores: 3 }, between), ""].join("\n")
  const risksOf = (text: string): readonly string[] => {
    const risks: string[] = []
    decode(text, { onFreeText: (risk) => void risks.push(risk) })
    return risks
  }

  it("is read with a warning that names the columns, the risk and the safer line", () => {
    for (const between of ["|", "\u001F", ";", "~|"])
      expect(risksOf(sent(between))).toEqual([
        'columns WCKey, JobName: users write this text, and a line feed and delimiters in it can forge the record of another job; export without them, by the line that "hpc-billing ingest --print-sacct" prints, or with a random --delimiter of 8 characters or more',
      ])
    expect(risksOf("JobIDRaw|Comment|User|Account|State|Submit|Start|End|Elapsed|AllocTRES\n")).toMatchObject([
      expect.stringMatching(/^column Comment: .* export without it,/),
    ])
  })

  it("is refused where that is asked for", () => {
    expect(() => decode(sent("|"), { onFreeText: "refuse" })).toThrow(SlurmReadError)
    expect(() => decode(sent("|"), { onFreeText: "refuse" })).toThrow(/^test: columns WCKey, JobName: users write this text/)
  })

  it("is safe between random ones, and there is none without such columns", () => {
    expect(risksOf(sent(delimiter))).toEqual([])
    expect(decode(sent(delimiter), { onFreeText: "refuse" }).records.length).toBe(1)
    expect(risksOf("JobIDRaw|Cluster|User|Account|State|Submit|Start|End|Elapsed|AllocTRES|NodeList|Reservation|QOS\n")).toEqual([])
  })
})
