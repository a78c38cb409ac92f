import { Result } from "effect"
import { expect, it } from "vitest"
import { documentProblemsMaximum } from "../document/DocumentLimits.ts"
import { type Reading, readReadings } from "./Reading.ts"

const header = "service,id,account,user,resource,quantity,unit,start,end,description"
const row = (id: string, description: string): string => `store,${id},looms,,storage,1.5,TiB-h,2026-10-01,2026-10-02,${description}`

const descriptions = (csv: string): readonly string[] => Result.getOrThrow(readReadings(csv, "UTC")).map(({ description }) => description)

it("takes quoted fields with commas, line ends and doubled quotes, with either line end", () => {
  const csv = [header, row("1", '"a, ""b""\nc"'), row("2", ""), row("3", '""'), row("4", "plain")]
  for (const end of ["\n", "\r\n"]) expect(descriptions(csv.join(end))).toEqual(['a, "b"\nc', "", "", "plain"])
})

it.each([
  ["that never ends", `"${"x".repeat(3_000_000)}`],
  ["with something behind it", `"${"x".repeat(3_000_000)}"y`],
  ["of doubled quotes that never ends", `"${'""'.repeat(1_500_000)}`],
])("a long quoted field %s is a problem of its line", (_, field) => {
  const read = readReadings(`${header}\n${row("1", field)}`, "UTC")
  expect(Result.isFailure(read) && read.failure.map(({ path }) => path)).toEqual(["line 2"])
})

it("a long quoted field is taken whole", () => {
  expect(descriptions(`${header}\n${row("1", `"${'a""'.repeat(1_000_000)}"`)}`)[0]).toHaveLength(2_000_000)
})

it("tells the first problems of a file that is wrong in every line, and that there are more", () => {
  const read = readReadings(`${header}\n${"a,b,c,d,e,f,g,h,i,j\n".repeat(5_000)}`, "UTC")
  const problems = Result.isFailure(read) ? read.failure : []
  expect(problems).toHaveLength(documentProblemsMaximum + 1)
  expect(problems.at(-1)?.code).toBe("book-more-problems")
})

const at = (text: string): number => Date.parse(text) / 1_000
const cold = "tape,t9,ocean,ines,archive,12.5,TiB-h,2026-06-01,2026-06-02,cold"
const reading: Reading = {
  service: "tape",
  id: "t9",
  account: "ocean",
  user: "ines",
  resource: "archive",
  quantity: { units: 125n, scale: 1 },
  unit: "TiB-h",
  startSeconds: at("2026-05-31T17:00:00Z"),
  endSeconds: at("2026-06-01T17:00:00Z"),
  description: "cold",
}
const zone = "Asia/Bangkok"

it.each<[string, string, readonly Reading[]]>([
  ["a byte order mark", `\uFEFF${header}\n${cold}\n`, [reading]],
  [
    "columns in another order, without those that may be missing",
    "end,start,unit,quantity,resource,account,id,service\n2026-06-02,2026-06-01,TiB-h,12.5,archive,ocean,t9,tape\n",
    [{ ...reading, user: "", description: "" }],
  ],
  ["an empty last field at the end of the text", `${header}\n${cold.replace("cold", "")}`, [{ ...reading, description: "" }]],
  [
    "an empty quoted field at the start of a text",
    `"service",${header.slice(8)}\n"",${cold.slice(5)}`.replace('"",', '"tape",'),
    [reading],
  ],
  [
    "instants with their offset",
    `${header}\n${cold.replace("2026-06-01,2026-06-02", "2026-06-01T08:00:00+09:00,2026-06-01T08:00:00Z")}`,
    [{ ...reading, startSeconds: at("2026-05-31T23:00:00Z"), endSeconds: at("2026-06-01T08:00:00Z") }],
  ],
  ["nothing at all", `${header}\n${cold.replace("12.5", "0")}`, [{ ...reading, quantity: { units: 0n, scale: 0 } }]],
  ["nine decimals", `${header}\n${cold.replace("12.5", "0.000000001")}`, [{ ...reading, quantity: { units: 1n, scale: 9 } }]],
  ["one id of two services", `${header}\n${cold}\n${cold.replace("tape", "disk")}`, [reading, { ...reading, service: "disk" }]],
  ["a header alone", `${header}\n`, []],
])("reads %s", (_, csv, readings) => {
  expect(readReadings(csv, zone)).toEqual(Result.succeed(readings))
})

const required = ["service", "id", "account", "resource", "quantity", "unit", "start", "end"]
const instant = (column: string, text: string) =>
  `line 2 no-such-date ${column} "${text}" is neither 2026-10-01 nor 2026-10-01T08:00:00+07:00.`

it.each<[string, string, readonly string[]]>([
  ["no text", "", required.map((name) => `line 1 missing-field the column ${name} is missing: add it.`)],
  [
    "other columns, near and far, and no row",
    `${header.replace("start", "strat")},colour\n${cold}`,
    [
      'line 1 unknown-field "strat" is not a column of readings: did you mean "start"?',
      `line 1 unknown-field "colour" is not a column of readings: use ${header.split(",").join(", ")}.`,
      "line 1 missing-field the column start is missing: add it.",
    ],
  ],
  ["a byte order mark that is none", `${header}\n\uFEFF${cold}`, []],
  ["too few fields", `${header}\ntape,t9`, ["line 2 wrong-value it has 2 fields where the header has 10: mend the line or its quotes."]],
  [
    "empty fields",
    `${header}\n,,,,,1,,2026-06-01,2026-06-02,`,
    required.filter((name) => !/quantity|start|end/.test(name)).map((name) => `line 2 missing-field ${name} is empty: fill it in.`),
  ],
  ...["-0.1", "1.0000000001", "many"].map((text): [string, string, readonly string[]] => [
    `the amount ${text}`,
    `${header}\n${cold.replace("12.5", text)}`,
    [`line 2 wrong-value quantity "${text}" is not a number of zero or more with at most 9 decimals.`],
  ]),
  [
    "wrong dates",
    `${header}\n${cold.replace("2026-06-01,2026-06-02", "2026-06-31,tomorrow")}`,
    [instant("start", "2026-06-31"), instant("end", "tomorrow")],
  ],
  ["a wrong end alone, which is not compared", `${header}\n${cold.replace("2026-06-02", "2026-06-31")}`, [instant("end", "2026-06-31")]],
  [
    "an instant without an offset",
    `${header}\n${cold.replace("2026-06-01,", "2026-06-01T08:00:00,")}`,
    [instant("start", "2026-06-01T08:00:00")],
  ],
  ...["at 2026-06-02T08:00:00Z", "2026-06-02T08:00:00Z (day)"].map((text): [string, string, readonly string[]] => [
    `the instant ${text}`,
    `${header}\n${cold.replace("2026-06-02,", `${text},`)}`,
    [instant("end", text)],
  ]),
  [
    "no time between",
    `${header}\n${cold.replace("2026-06-02", "2026-06-01")}`,
    ["line 2 until-not-after-from its end is not after its start: the interval holds no time."],
  ],
  [
    "an id twice, with the lines of both",
    `${header}\n${cold}\n${cold.replace("t9", "t8")}\n${cold}`,
    ["line 4 duplicate tape/t9 stands already in line 2: give it another id or remove one."],
  ],
])("says of %s", (_, csv, said) => {
  const read = readReadings(csv, zone)
  expect(Result.isFailure(read) ? read.failure.map(({ path, reason, values }) => `${path} ${reason} ${values.detail}`) : []).toEqual(said)
})

it.each([
  [1_000_000, null],
  [1_000_001, "line 1 more than 1000000 readings: split the file."],
])("of %i rows says %s", (rows, said) => {
  const read = readReadings(`${header}\n${"\n".repeat(rows)}`, zone)
  const [first] = Result.isFailure(read) ? read.failure : []
  expect(first?.path === "line 1" ? `${first.path} ${first.values.detail}` : null).toBe(said)
})
