import { isZone, type Rejection, rejectionRawCharactersMaximum } from "@hpc-billing/core"
import { Result } from "effect"
import type { Decoded } from "../Decoded.ts"
import { SlurmReadError, type SlurmReadReason, zoneExpected } from "../SlurmReadError.ts"
import { localClock } from "../text/LocalClock.ts"
import { looksLikeHeader, type SacctLayout, sacctLayout } from "./SacctLayout.ts"
import { type SacctRow, SacctRowDecoder } from "./SacctRowDecoder.ts"
import { scanFields, scanLine } from "./scanLine.ts"
import { surplusReadings } from "./surplusReadings.ts"

export interface SacctOptions {
  /** File name or command, as it shall stand in rejections and errors. */
  readonly source: string
  /** One ASCII character; without it U+001F or `|`, whichever the first line holds. */
  readonly delimiter?: string
  /** Names of the columns where the text has no header line. */
  readonly fields?: readonly string[]
  /** IANA zone of time stamps that are not epoch seconds; UTC without it. */
  readonly timeZone?: string
  /** The cluster of records that name none. */
  readonly cluster?: string
}

/** What was read so far. Every line is the header, blank, part of a record, a step, or part of a rejection. */
export interface SacctCounts {
  readonly lineCount: number
  readonly recordCount: number
  readonly stepCount: number
  readonly rejectionCount: number
}

/**
 * A decoder fed with chunks of sacct's parsable output: each call returns what became complete. Steps fold into the job row before
 * them, so a job comes out when the next one begins. Throws `SlurmReadError` when the text is no sacct output at all.
 */
export interface SacctDecoder {
  readonly push: (chunk: Uint8Array) => Decoded[]
  readonly end: () => Decoded[]
  readonly counts: () => SacctCounts
}

const recordBytesMaximum = 1_048_576
const recordLinesMaximum = 64
const lineFeed = 10
const carriageReturn = 13
const noBytes = Buffer.alloc(0)

type OpenJob = Extract<SacctRow, { _tag: "Record" }>

interface OpenLine {
  readonly bytes: Buffer
  readonly lineNumber: number
}

export const sacctDecoder = (options: SacctOptions): SacctDecoder => {
  const { source, timeZone = "UTC" } = options
  let out: Decoded[] = []
  let carry: Buffer = noBytes
  let skippingLong = false
  let lineNumber = 0
  let recordCount = 0
  let stepCount = 0
  let rejectionCount = 0
  let layout: SacctLayout | null = null
  let rows: SacctRowDecoder | null = null
  let delimiter = 0
  let columnCount = 0
  let header: Buffer | null = null
  /** Where the fields of the line at hand end; see `scanLine`. */
  let ends = new Int32Array(0)
  let openLines: OpenLine[] = []
  let job: OpenJob | null = null

  const fail = (reason: SlurmReadReason): never => {
    throw new SlurmReadError({ source, reason })
  }

  const reject = (bytes: Buffer, at: number, field: string | null, reason: string): void => {
    const raw = bytes.toString("utf8", 0, rejectionRawCharactersMaximum * 4).slice(0, rejectionRawCharactersMaximum)
    const rejection: Rejection = { source, lineNumber: at, field, reason, raw: raw.replaceAll("\u0000", "\uFFFD") }
    rejectionCount++
    out.push({ _tag: "Rejection", rejection })
  }

  const closeJob = (): void => {
    if (job === null) return
    recordCount++
    out.push(job)
    job = null
  }

  const startLayout = (first: Buffer): boolean => {
    delimiter = delimiterOf(options.delimiter, first)
    if (delimiter === 0) fail({ _tag: "OptionInvalid", option: "delimiter", expected: "one ASCII character" })
    if (!isZone(timeZone)) fail({ _tag: "OptionInvalid", option: "time-zone", expected: zoneExpected })
    const names = first.toString("utf8").split(String.fromCharCode(delimiter))
    if (names.at(-1) === "") names.pop()
    const isHeader = looksLikeHeader(names)
    if (!isHeader && options.fields === undefined) fail({ _tag: "HeaderMissing", firstLine: first.toString("utf8", 0, 60) })
    const made = sacctLayout(isHeader ? names : (options.fields ?? names))
    if (Result.isFailure(made)) return fail(made.failure)
    layout = made.success
    // sacct -p ends each line with a delimiter
    const trailing = isHeader ? first.at(-1) === delimiter : false
    columnCount = layout.columnCount + (trailing ? 1 : 0)
    ends = new Int32Array(columnCount + 2)
    rows = new SacctRowDecoder(layout, localClock(timeZone), options.cluster ?? "")
    if (isHeader) header = Buffer.from(first)
    return isHeader
  }

  const take = (row: SacctRow, bytes: Buffer, at: number): void => {
    switch (row._tag) {
      case "Record":
        closeJob()
        job = row
        return
      case "Step":
        if (job === null || job.record.jobId !== row.jobId) {
          closeJob()
          reject(bytes, at, "JobIDRaw", `it is a step of job ${row.jobId}, whose own row was not read just before it`)
          return
        }
        stepCount++
        if (row.memoryBytes > (job.record.consumedMemoryBytesMaximum ?? -1)) job.record.consumedMemoryBytesMaximum = row.memoryBytes
        return
      case "Unreadable":
        closeJob()
        reject(bytes, at, row.field, row.reason)
    }
  }

  const countFields = (bytes: Buffer): number => {
    scanFields(bytes, delimiter, ends)
    return ends[columnCount + 1] as number
  }

  const line = (bytes: Buffer, from: number, lineEnd: number, fieldCount: number): void => {
    let to = lineEnd
    if (to > from && bytes[to - 1] === carriageReturn) {
      to--
      if (fieldCount <= columnCount) ends[fieldCount] = to
    }
    if (openLines.length > 0) {
      continueLine(Buffer.from(bytes.subarray(from, to)))
      return
    }
    if (to === from) return
    if (fieldCount === columnCount) {
      if (header !== null && to - from === header.length && header.equals(bytes.subarray(from, to))) return
      const row = (rows as SacctRowDecoder).decode(bytes, ends, job?.record.jobId ?? "")
      take(row, row._tag === "Unreadable" || row._tag === "Step" ? bytes.subarray(from, to) : bytes, lineNumber)
    } else if (fieldCount > columnCount) surplus(Buffer.from(bytes.subarray(from, to)), lineNumber)
    else if (isFreeText(fieldCount - 1)) openLines = [{ bytes: Buffer.from(bytes.subarray(from, to)), lineNumber }]
    else short(bytes.subarray(from, to), lineNumber, fieldCount)
  }

  const isFreeText = (position: number): boolean => (layout as SacctLayout).freeText.includes(position)

  const short = (bytes: Buffer, at: number, fieldCount: number): void => {
    closeJob()
    reject(bytes, at, null, `it has ${fieldCount} fields where the header names ${columnCount}: it was cut or damaged`)
  }

  /** A name may hold a line feed: lines join while the break lies in a column that people write. */
  const continueLine = (bytes: Buffer): void => {
    openLines.push({ bytes, lineNumber })
    const joined = Buffer.concat(openLines.flatMap((open, index) => (index === 0 ? [open.bytes] : [Buffer.of(lineFeed), open.bytes])))
    const fieldCount = countFields(joined)
    const first = openLines[0] as OpenLine
    if (fieldCount === columnCount) {
      const row = (rows as SacctRowDecoder).decode(joined, ends, job?.record.jobId ?? "")
      if (row._tag !== "Unreadable") {
        openLines = []
        take(row, joined, first.lineNumber)
        return
      }
    } else if (
      fieldCount < columnCount &&
      isFreeText(fieldCount - 1) &&
      openLines.length < recordLinesMaximum &&
      joined.length < recordBytesMaximum
    ) {
      return
    }
    dropFirstOpen()
  }

  /** The first of the open lines does not join with what follows: it alone is rejected, the others are read again. */
  const dropFirstOpen = (): void => {
    const [first, ...rest] = openLines as [OpenLine, ...OpenLine[]]
    openLines = []
    const current = lineNumber
    short(first.bytes, first.lineNumber, countFields(first.bytes))
    for (const open of rest) {
      lineNumber = open.lineNumber
      line(open.bytes, 0, open.bytes.length, countFields(open.bytes))
    }
    lineNumber = current
  }

  const surplus = (bytes: Buffer, at: number): void => {
    const readings = surplusReadings(bytes, delimiter, layout as SacctLayout, columnCount, rows as SacctRowDecoder)
    if (readings.length === 1) {
      take(readings[0] as SacctRow, bytes, at)
      return
    }
    closeJob()
    const why = readings.length === 0 ? "" : `, and the line can be read in ${readings.length} ways`
    reject(
      bytes,
      at,
      null,
      `it has more fields than the header's ${columnCount}: the delimiter stands inside a name${why}; export with --delimiter=$'\\x1f'`,
    )
  }

  const tooLong = (bytes: Buffer): void => {
    while (openLines.length > 0) dropFirstOpen()
    closeJob()
    reject(bytes, lineNumber, null, `it is longer than ${recordBytesMaximum} bytes: no record of Slurm's is`)
  }

  const push = (chunk: Uint8Array): Decoded[] => {
    const view = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    let from = 0
    if (carry.length > 0 || skippingLong) {
      // only the line that the chunks share is copied
      const lineEnd = view.indexOf(lineFeed)
      from = lineEnd < 0 ? view.length : lineEnd + 1
      const shared = Buffer.concat([carry, view.subarray(0, from)])
      carry = noBytes
      lines(shared, 0)
      if (lineEnd < 0) return flush()
    }
    lines(view, from)
    return flush()
  }

  /** Takes the whole lines of some bytes and keeps what follows them for the next chunk. */
  const lines = (bytes: Buffer, from: number): void => {
    let start = from
    if (layout === null) start = firstLine(bytes)
    if (layout === null) return
    for (;;) {
      const lineEnd = scanLine(bytes, start, bytes.length, delimiter, ends)
      if (lineEnd < 0) break
      lineNumber++
      if (skippingLong) skippingLong = false
      else if (lineEnd - start > recordBytesMaximum) tooLong(bytes.subarray(start, lineEnd))
      else line(bytes, start, lineEnd, ends[columnCount + 1] as number)
      start = lineEnd + 1
    }
    if (skippingLong) return
    if (bytes.length - start > recordBytesMaximum) {
      lineNumber++
      tooLong(bytes.subarray(start))
      lineNumber--
      skippingLong = true
    } else if (start < bytes.length) carry = Buffer.from(bytes.subarray(start))
  }

  /** Reads the layout from the first line; returns where the records begin. */
  const firstLine = (bytes: Buffer): number => {
    const from = startsWithBom(bytes) ? 3 : 0
    const lineEnd = bytes.indexOf(lineFeed)
    if (lineEnd < 0) {
      if (bytes.length > recordBytesMaximum) fail({ _tag: "HeaderMissing", firstLine: bytes.toString("utf8", 0, 60) })
      carry = Buffer.from(bytes)
      return 0
    }
    const to = bytes[lineEnd - 1] === carriageReturn ? lineEnd - 1 : lineEnd
    if (!startLayout(bytes.subarray(from, Math.max(from, to)))) return from
    lineNumber = 1
    return lineEnd + 1
  }

  const end = (): Decoded[] => {
    if (layout === null) {
      if (carry.length === 0) fail({ _tag: "Empty" })
      const first = startsWithBom(carry) ? carry.subarray(3) : carry
      if (startLayout(first)) return flush()
    }
    if (carry.length > 0) lastLine(carry)
    while (openLines.length > 0) dropFirstOpen()
    closeJob()
    return flush()
  }

  /** A line without its line feed is whole only when its last column is one whose end does not matter. */
  const lastLine = (bytes: Buffer): void => {
    carry = noBytes
    lineNumber++
    const fieldCount = countFields(bytes)
    const lastColumn = columnCount - 1
    const whole = fieldCount === columnCount && (isFreeText(lastColumn) || (layout as SacctLayout).unread.has(lastColumn))
    if (whole || openLines.length > 0) {
      line(bytes, 0, bytes.length, fieldCount)
      return
    }
    closeJob()
    reject(bytes, lineNumber, null, `it ends without a line feed, after ${fieldCount} of ${columnCount} fields: the text was cut here`)
  }

  const flush = (): Decoded[] => {
    const done = out
    out = []
    return done
  }

  return { push, end, counts: () => ({ lineCount: lineNumber, recordCount, stepCount, rejectionCount }) }
}

const delimiterOf = (wanted: string | undefined, first: Buffer): number => {
  if (wanted === undefined) return first.includes(0x1f) ? 0x1f : 0x7c
  const code = wanted.length === 1 ? wanted.charCodeAt(0) : 0
  return code < 0x80 && code !== lineFeed ? code : 0
}

const startsWithBom = (bytes: Buffer): boolean => bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
