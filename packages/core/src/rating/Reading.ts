import { Result } from "effect"
import { type Decimal, parseDecimal } from "../money/Decimal.ts"
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
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\n|$)/y
  while (field.lastIndex < text.length) {
    const match = field.exec(text)
    if (match === null) return [...rows, ["\u0000"]]
    row.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? "")
    if (match[3] !== ",") {
      rows.push(row)
      row = []
    } else if (field.lastIndex === text.length) row.push("")
  }
  return row.length > 0 ? [...rows, row] : rows
}

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
    problems.push(rateProblem(path, reason, "book-detail", { detail: message }))
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
