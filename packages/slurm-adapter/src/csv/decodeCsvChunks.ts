import { Readable } from "node:stream"
import { type JobRecord, rejectionRawCharactersMaximum } from "@hpc-billing/core"
import { type Options, parse } from "csv-parse"
import type { Decoded } from "../Decoded.ts"
import { SlurmReadError } from "../SlurmReadError.ts"
import { clockOfSource } from "../text/clockOfSource.ts"
import { defaultMaximumWattsPerNode } from "../text/energyProblem.ts"
import { freeTextRisk } from "../text/freeTextRisk.ts"
import { type CsvColumn, csvColumns, csvPositions } from "./csvColumns.ts"
import { csvStep } from "./csvStep.ts"
import { detectDelimiter } from "./detectDelimiter.ts"
import { recordOfCsvRow } from "./recordOfCsvRow.ts"

export interface CsvOptions {
  readonly source: string
  /** The cluster of rows that name none. */
  readonly cluster?: string
  /** The account of rows that name none; without it they have none, and no payer until one is mapped to it. */
  readonly account?: string
  /** Of times without a zone; such a time is refused without it. */
  readonly timeZone?: string
  /** Without it `,` or `|`, whichever the header holds more of; text divided by a `|` so found has no quotes, as sacct writes it. */
  readonly delimiter?: string
  /** What a node can draw: a record of more energy is rejected. 10 000 without it. */
  readonly maximumWattsPerNode?: number
  /** What to do where users' text without quotes could forge records: "refuse" it, or hear why and read on. */
  readonly onFreeText?: "refuse" | ((risk: string) => void)
}

const batchRows = 2_000
/** Programs that divide text by one of these put quotes around a field that holds it; sacct puts none. */
const quotedDelimiters = new Set([",", ";", "\t"])
const rowBytesMaximum = 1_048_576
const needed: readonly (readonly CsvColumn[])[] = [["jobId"], ["user"], ["end", "elapsed", "start"], ["tres", "cpus", "requestedTres"]]

/**
 * Jobs of a CSV with a header, batch by batch; rows of steps fold into the job row before them. Throws `SlurmReadError` when it is empty, lacks a
 * needed column, or has times without a zone where no zone was named.
 */
export async function* decodeCsvChunks(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: CsvOptions,
): AsyncGenerator<readonly Decoded[], void, undefined> {
  const { source, cluster = "", account = "", timeZone, maximumWattsPerNode = defaultMaximumWattsPerNode, onFreeText } = options
  const clock = clockOfSource(source, timeZone)
  let positions: ReadonlyMap<CsvColumn, number> | null = null
  let width = 0
  let batch: Decoded[] = []
  let job: JobRecord | null = null
  let jobLineNumber = 0
  const closeJob = (): void => {
    if (job !== null) batch.push({ _tag: "Record", record: job, lineNumber: jobLineNumber })
    job = null
  }
  const reject = (lineNumber: number, field: string | null, reason: string, raw: string): void => {
    closeJob()
    batch.push({
      _tag: "Rejection",
      rejection: { source, lineNumber, field, reason, raw: raw.slice(0, rejectionRawCharactersMaximum).replaceAll("\u0000", "\uFFFD") },
    })
  }
  const detected = options.delimiter === undefined ? await detectDelimiter(chunks) : { delimiter: options.delimiter, chunks }
  const { delimiter } = detected
  const settings: Options = {
    bom: true,
    delimiter,
    info: true,
    ...(options.delimiter === undefined && delimiter === "|" ? { quote: null } : {}),
    max_record_size: rowBytesMaximum,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    on_skip: (error, raw) => {
      reject(Number(error?.lines ?? 0), null, `it is no row of a CSV (${error?.code ?? "unreadable"}); mend its quotes`, raw ?? "")
      return undefined
    },
  }
  const input = Readable.from(detected.chunks)
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
      const risk = quotedDelimiters.has(delimiter) ? null : freeTextRisk(row, Buffer.from(delimiter))
      if (risk !== null && onFreeText === "refuse") throw new SlurmReadError({ source, reason: { _tag: "FreeText", risk } })
      if (risk !== null && typeof onFreeText === "function") onFreeText(risk)
      continue
    }
    const made =
      row.length === width
        ? (csvStep(row, positions) ?? recordOfCsvRow(row, positions, { clock, cluster, account, maximumWattsPerNode }))
        : { field: null, reason: `it has ${row.length} fields where the header names ${width}` }
    if ("reason" in made) reject(info.lines, made.field, made.reason, row.join(delimiter))
    else if ("_tag" in made) {
      if (job?.jobId === made.jobId) job = withPeakMemory(job, made.memoryBytes)
      else reject(info.lines, "jobId", `it is a step of job ${made.jobId}, whose own row was not read just before it`, row.join(delimiter))
    } else {
      closeJob()
      job = made
      jobLineNumber = info.lines
    }
    if (batch.length >= batchRows) {
      yield batch
      batch = []
    }
  }
  closeJob()
  if (positions === null && batch.length === 0) throw new SlurmReadError({ source, reason: { _tag: "Empty" } })
  if (batch.length > 0) yield batch
}

const withPeakMemory = (record: JobRecord, bytes: number): JobRecord =>
  bytes > (record.consumedMemoryBytesMaximum ?? -1) ? { ...record, consumedMemoryBytesMaximum: bytes } : record

const checkNeeded = (positions: ReadonlyMap<CsvColumn, number>, source: string): void => {
  const missing = needed.filter((alternatives) => !alternatives.some((column) => positions.has(column)))
  if (missing.length === 0) return
  const columns = missing.map((alternatives) => ({
    column: alternatives.flatMap((column) => csvColumns[column][0]).join(" or "),
    nearest: null,
  }))
  throw new SlurmReadError({ source, reason: { _tag: "ColumnsMissing", columns } })
}
