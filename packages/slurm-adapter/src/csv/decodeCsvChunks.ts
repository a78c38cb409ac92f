import { Readable } from "node:stream"
import { rejectionRawCharactersMaximum } from "@hpc-billing/core"
import { type Options, parse } from "csv-parse"
import type { Decoded } from "../Decoded.ts"
import { SlurmReadError } from "../SlurmReadError.ts"
import { localClock } from "../text/LocalClock.ts"
import { type CsvColumn, csvColumns, csvPositions } from "./csvColumns.ts"
import { recordOfCsvRow } from "./recordOfCsvRow.ts"

export interface CsvOptions {
  readonly source: string
  /** The cluster of rows that name none. */
  readonly cluster?: string
  /** Of times without a zone; UTC without it. */
  readonly timeZone?: string
  /** `,` without it. */
  readonly delimiter?: string
}

const batchRows = 2_000
const rowBytesMaximum = 1_048_576
const needed: readonly (readonly CsvColumn[])[] = [["jobId"], ["user"], ["end", "elapsed", "start"], ["tres", "cpus"]]

/** Jobs of a CSV with a header, batch by batch. Throws `SlurmReadError` when it is empty or lacks a needed column. */
export async function* decodeCsvChunks(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: CsvOptions,
): AsyncGenerator<readonly Decoded[], void, undefined> {
  const { source, cluster = "" } = options
  const clock = localClock(options.timeZone ?? "UTC")
  let positions: ReadonlyMap<CsvColumn, number> | null = null
  let width = 0
  let batch: Decoded[] = []
  const reject = (lineNumber: number, field: string | null, reason: string, raw: string): void => {
    batch.push({
      _tag: "Rejection",
      rejection: { source, lineNumber, field, reason, raw: raw.slice(0, rejectionRawCharactersMaximum).replaceAll("\u0000", "\uFFFD") },
    })
  }
  const settings: Options = {
    bom: true,
    delimiter: options.delimiter ?? ",",
    info: true,
    max_record_size: rowBytesMaximum,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    on_skip: (error, raw) => {
      reject(Number(error?.lines ?? 0), null, `it is no row of a CSV (${error?.code ?? "unreadable"}); mend its quotes`, raw ?? "")
      return undefined
    },
  }
  const input = Readable.from(chunks)
  const parser = parse(settings)
  input.on("error", (error) => parser.destroy(error))
  for await (const { record: row, info } of input.pipe(parser) as AsyncIterable<{
    readonly record: string[]
    readonly info: { readonly lines: number }
  }>) {
    if (positions === null) {
      positions = csvPositions(row)
      width = row.length
      checkNeeded(positions, source)
      continue
    }
    const made =
      row.length === width
        ? recordOfCsvRow(row, positions, clock, cluster)
        : { field: null, reason: `it has ${row.length} fields where the header names ${width}` }
    if ("reason" in made) reject(info.lines, made.field, made.reason, row.join(","))
    else batch.push({ _tag: "Record", record: made })
    if (batch.length >= batchRows) {
      yield batch
      batch = []
    }
  }
  if (positions === null && batch.length === 0) throw new SlurmReadError({ source, reason: { _tag: "Empty" } })
  if (batch.length > 0) yield batch
}

const checkNeeded = (positions: ReadonlyMap<CsvColumn, number>, source: string): void => {
  const missing = needed.filter((alternatives) => !alternatives.some((column) => positions.has(column)))
  if (missing.length === 0) return
  const columns = missing.map((alternatives) => ({
    column: alternatives.flatMap((column) => csvColumns[column][0]).join(" or "),
    nearest: null,
  }))
  throw new SlurmReadError({ source, reason: { _tag: "ColumnsMissing", columns } })
}
