import { Result } from "effect"
import { expect, it } from "vitest"
import { documentProblemsMaximum } from "../document/DocumentLimits.ts"
import { readReadings } from "./Reading.ts"

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
