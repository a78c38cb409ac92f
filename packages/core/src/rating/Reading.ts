import { Result } from "effect"
import { documentProblemsMaximum } from "../document/DocumentLimits.ts"
import { type Decimal, parseDecimal } from "../money/Decimal.ts"
import { tooManyProblems } from "./collectProblems.ts"
import { localDateInstant } from "./localDateInstant.ts"
import { nearestName } from "./nearestName.ts"
import { type RateProblem, rateProblem } from "./RateProblem.ts"

/**
 * Usage that is not a job: storage, licences, idle reservations, hours of consulting. So much of a resource over an interval, for an
 * account, under an id that stands once in its service. Read again, it replaces itself; its lines are corrected like those of jobs.
 */
export interface Reading {
  /** Cluster or service it comes from; leads with the account to the payer, as a job's cluster does. */
  readonly service: string
  readonly id: string
  readonly account: string
  readonly user: string
  /** `storage`, `consulting`; meters name it `reading/storage`. */
  readonly resource: string
  /** The whole amount over the interval, not negative, at most 9 decimals. */
  readonly quantity: Decimal
  /** Must be the unit of the meter: `TiB-h`, `h`. */
  readonly unit: string
  readonly startSeconds: number
  readonly endSeconds: number
  readonly description: string
}

export const readingDecimalsMaximum = 9

/** Under which a reading's amount stands in quantities, in billionths of its unit. */
export const readingName = (resource: string, unit: string): string => `${resource}@${unit}`

const columns = ["service", "id", "account", "user", "resource", "quantity", "unit", "start", "end", "description"] as const

const required = columns.filter((column) => column !== "user" && column !== "description")

const readingsMaximum = 1_000_000

/** Rows of RFC 4180 text: fields in quotes may hold commas, line ends and doubled quotes. */
const rowsOf = (text: string): readonly (readonly string[])[] => {
  const rows: string[][] = []
  let row: string[] = []
  let at = 0
  while (at < text.length) {
    const isQuoted = text[at] === '"'
    const end = isQuoted ? closingQuote(text, at) : fieldEnd(text, at)
    const separator = end < 0 ? null : separatorAt(text, isQuoted ? end + 1 : end)
    if (separator === null) return [...rows, ["\u0000"]]
    row.push(isQuoted ? text.slice(at + 1, end).replaceAll('""', '"') : text.slice(at, end))
    at = end + (isQuoted ? 1 : 0) + separator.length
    if (separator !== ",") {
      rows.push(row)
      row = []
    } else if (at === text.length) row.push("")
  }
  return row.length > 0 ? [...rows, row] : rows
}

/** The quote that ends the field which begins with one; -1 where none does. No regular expression: its stack would grow with the field. */
const closingQuote = (text: string, from: number): number => {
  let end = text.indexOf('"', from + 1)
  while (end >= 0 && text[end + 1] === '"') end = text.indexOf('"', end + 2)
  return end
}

const fieldEnd = (text: string, from: number): number => {
  const ends = /[",\r\n]|$/g
  ends.lastIndex = from
  return ends.exec(text)?.index ?? text.length
}

const separatorAt = (text: string, at: number): string | null =>
  at === text.length ? "" : text.startsWith("\r\n", at) ? "\r\n" : text[at] === "," || text[at] === "\n" ? (text[at] as string) : null

/** An instant with its offset, or a local date, which begins at midnight in the zone. */
const instantOf = (text: string, zone: string): number | null => {
  const date = localDateInstant(text, zone)
  if (date !== null) return date
  const milliseconds = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(Z|[+-]\d{2}:\d{2})$/.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(milliseconds) ? null : milliseconds / 1_000
}

/**
 * Reads readings from CSV with a header of the columns service, id, account, user, resource, quantity, unit, start, end, description
 * (user and description may be missing, order is free). Either all of them, or every problem with its line.
 */
export const readReadings = (csv: string, zone: string): Result.Result<readonly Reading[], readonly RateProblem[]> => {
  const [header = [], ...rows] = rowsOf(csv.replace(/^\uFEFF/, ""))
  const problems: RateProblem[] = []
  const report = (path: string, reason: RateProblem["reason"], message: string): void => {
    if (problems.length > documentProblemsMaximum) return
    problems.push(
      problems.length < documentProblemsMaximum ? rateProblem(path, reason, "book-detail", { detail: message }) : tooManyProblems,
    )
  }
  for (const name of header) {
    const near = nearestName(name, columns)
    if (!columns.some((column) => column === name)) {
      report(
        "line 1",
        "unknown-field",
        `"${name}" is not a column of readings: ${near === null ? `use ${columns.join(", ")}.` : `did you mean "${near}"?`}`,
      )
    }
  }
  for (const name of required) if (!header.includes(name)) report("line 1", "missing-field", `the column ${name} is missing: add it.`)
  if (rows.length > readingsMaximum) report("line 1", "wrong-value", `more than ${readingsMaximum} readings: split the file.`)
  if (problems.length > 0) return Result.fail(problems)
  const known = new Map<string, number>()
  const readings = rows.flatMap((row, index): Reading[] => {
    const path = `line ${index + 2}`
    if (row.length !== header.length) {
      report(path, "wrong-value", `it has ${row.length} fields where the header has ${header.length}: mend the line or its quotes.`)
      return []
    }
    const value = (column: (typeof columns)[number]): string => row[header.indexOf(column)] ?? ""
    for (const column of required) if (value(column) === "") report(path, "missing-field", `${column} is empty: fill it in.`)
    const quantity = parseDecimal(value("quantity"))
    if (quantity === null || quantity.units < 0n || quantity.scale > readingDecimalsMaximum) {
      report(
        path,
        "wrong-value",
        `quantity "${value("quantity")}" is not a number of zero or more with at most ${readingDecimalsMaximum} decimals.`,
      )
    }
    const startSeconds = instantOf(value("start"), zone)
    const endSeconds = instantOf(value("end"), zone)
    if (startSeconds === null)
      report(path, "no-such-date", `start "${value("start")}" is neither 2026-10-01 nor 2026-10-01T08:00:00+07:00.`)
    if (endSeconds === null) report(path, "no-such-date", `end "${value("end")}" is neither 2026-10-01 nor 2026-10-01T08:00:00+07:00.`)
    const key = `${value("service")}/${value("id")}`
    const first = known.get(key)
    if (first !== undefined) report(path, "duplicate", `${key} stands already in line ${first}: give it another id or remove one.`)
    known.set(key, index + 2)
    if (quantity === null || startSeconds === null || endSeconds === null) return []
    if (endSeconds <= startSeconds) {
      report(path, "until-not-after-from", `its end is not after its start: the interval holds no time.`)
      return []
    }
    const { service, id, account, user, resource, unit, description } = Object.fromEntries(
      columns.map((column) => [column, value(column)]),
    ) as Record<(typeof columns)[number], string>
    return [{ service, id, account, user, resource, quantity, unit, startSeconds, endSeconds, description }]
  })
  return problems.length === 0 ? Result.succeed(readings) : Result.fail(problems)
}
