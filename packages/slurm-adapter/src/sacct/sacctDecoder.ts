import { type Rejection, rejectionRawCharactersMaximum } from "@hpc-billing/core"
import type { Decoded } from "../Decoded.ts"
import { SlurmReadError, type SlurmReadReason } from "../SlurmReadError.ts"
import { clockOfSource } from "../text/clockOfSource.ts"
import { defaultMaximumWattsPerNode } from "../text/energyProblem.ts"
import { type SacctFrame, type SacctOptions, sacctFrame } from "./SacctFrame.ts"
import { type SacctRow, SacctRowDecoder } from "./SacctRowDecoder.ts"
import { scanFields, scanLine, scanWideLine } from "./scanLine.ts"
import { surplusReadings } from "./surplusReadings.ts"

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
/** Of a record in whose names the delimiter may lie: what joins there is a guess. */
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
  const { source, cluster = "", maximumWattsPerNode = defaultMaximumWattsPerNode } = options
  let out: Decoded[] = []
  let carry: Buffer = noBytes
  let skippingLong = false
  let lineNumber = 0
  let recordCount = 0
  let stepCount = 0
  let rejectionCount = 0
  let frame: SacctFrame | null = null
  let rows: SacctRowDecoder | null = null
  let delimiter: Buffer = noBytes
  let isSure = false
  let columnCount = 0
  /** Whether the file's own lines end with one: elsewhere one within a name belongs to it. */
  let endsWithCarriageReturn = false
  /** Where the fields of the line at hand end; see `scanLine`. */
  let ends = new Int32Array(0)
  let openLines: OpenLine[] = []
  let openFields = 0
  let openBytes = 0
  let job: OpenJob | null = null

  const fail = (reason: SlurmReadReason): never => {
    throw new SlurmReadError({ source, reason })
  }

  const reject = (bytes: Buffer, at: number, field: string | null, reason: string): void => {
    const text = bytes.toString("utf8", 0, rejectionRawCharactersMaximum * 4)
    // a delimiter that differs from run to run would make one rejection many
    const plain = isSure ? text.replaceAll(delimiter.toString("utf8"), "\u001F") : text
    const raw = plain.slice(0, rejectionRawCharactersMaximum).replaceAll("\u0000", "\uFFFD")
    const rejection: Rejection = { source, lineNumber: at, field, reason, raw }
    rejectionCount++
    out.push({ _tag: "Rejection", rejection })
  }

  const closeJob = (): void => {
    if (job === null) return
    recordCount++
    out.push(job)
    job = null
  }

  /** False when the first line is no header but a row. */
  const start = (first: Buffer): boolean => {
    frame = sacctFrame(first, options)
    ;({ delimiter, isSure, columnCount } = frame)
    ends = new Int32Array(columnCount + 2)
    const clock = clockOfSource(source, options.timeZone)
    rows = new SacctRowDecoder(frame.layout, { width: delimiter.length, clock, cluster, maximumWattsPerNode })
    return frame.header !== null
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

  const decode = (bytes: Buffer, at: number): SacctRow => (rows as SacctRowDecoder).decode(bytes, ends, job?.record.jobId ?? "", at)

  const line = (bytes: Buffer, from: number, lineEnd: number, fieldCount: number): void => {
    const to = lineEnd > from && bytes[lineEnd - 1] === carriageReturn ? lineEnd - 1 : lineEnd
    if (openLines.length > 0) {
      continueLine(Buffer.from(bytes.subarray(from, endsWithCarriageReturn ? to : lineEnd)), fieldCount)
      return
    }
    if (to === from) return
    if (fieldCount === columnCount) {
      ends[columnCount] = to
      const { header } = frame as SacctFrame
      if (header !== null && to - from === header.length && header.equals(bytes.subarray(from, to))) return
      const row = decode(bytes, lineNumber)
      take(row, row._tag === "Unreadable" || row._tag === "Step" ? bytes.subarray(from, to) : bytes, lineNumber)
    } else if (fieldCount > columnCount) surplus(Buffer.from(bytes.subarray(from, to)), lineNumber)
    else if (mayGoOn(fieldCount)) {
      openLines = [{ bytes: Buffer.from(bytes.subarray(from, endsWithCarriageReturn ? to : lineEnd)), lineNumber }]
      openFields = fieldCount
      openBytes = lineEnd - from
    } else short(bytes.subarray(from, to), lineNumber, fieldCount)
  }

  const isFreeText = (position: number): boolean => (frame as SacctFrame).layout.freeText.includes(position)

  /** Whether a line of so few fields breaks within text that people write; alone in the first column it may as well be the rest of the line before. */
  const mayGoOn = (fieldCount: number): boolean => isFreeText(fieldCount - 1) && !(fieldCount === 1 && isFreeText(columnCount - 1))

  const short = (bytes: Buffer, at: number, fieldCount: number): void => {
    closeJob()
    reject(bytes, at, null, `it has ${fieldCount} fields where the header names ${columnCount}: it was cut or damaged`)
  }

  /** A name may hold a line feed: lines join while the break lies in a column that people write. */
  const continueLine = (bytes: Buffer, fieldCount: number): void => {
    openLines.push({ bytes, lineNumber })
    openBytes += bytes.length + 1
    // the line feed lies within a field
    openFields += fieldCount - 1
    if (openFields === columnCount && closeOpen()) return
    const fits = openBytes < recordBytesMaximum && (isSure || openLines.length < recordLinesMaximum)
    if (openFields >= columnCount || !fits || !mayGoOn(openFields)) dropOpen()
  }

  /** Reads the open lines as one record; false where they are none and the delimiter may have misled. */
  const closeOpen = (): boolean => {
    const joined = joinedLines(openLines)
    const { lineNumber: at } = openLines[0] as OpenLine
    countFields(joined)
    if (joined.at(-1) === carriageReturn) ends[columnCount] = joined.length - 1
    const row = decode(joined, at)
    if (row._tag === "Unreadable" && !isSure) return false
    openLines = []
    take(row, joined, at)
    return true
  }

  /**
   * Open lines that join to no record are rejected. Where names may hold the delimiter the first of them alone, and the others are read again;
   * elsewhere all but the last, which alone can be a row of its own.
   */
  const dropOpen = (): void => {
    const droppedCount = isSure ? Math.max(1, openLines.length - 1) : 1
    const dropped = openLines.slice(0, droppedCount)
    const kept = openLines.slice(droppedCount)
    openLines = []
    const current = lineNumber
    const bytes = joinedLines(dropped)
    short(bytes, (dropped[0] as OpenLine).lineNumber, countFields(bytes))
    for (const open of kept) {
      lineNumber = open.lineNumber
      line(open.bytes, 0, open.bytes.length, countFields(open.bytes))
    }
    lineNumber = current
  }

  const surplus = (bytes: Buffer, at: number): void => {
    const place = { layout: (frame as SacctFrame).layout, columnCount, lineNumber: at }
    const readings = delimiter.length > 1 ? [] : surplusReadings(bytes, delimiter[0] as number, place, rows as SacctRowDecoder)
    if (readings.length === 1) {
      take(readings[0] as SacctRow, bytes, at)
      return
    }
    closeJob()
    const ways = readings.length === 0 ? "" : `, and the line can be read in ${readings.length} ways`
    const why = isSure
      ? "it was damaged"
      : `the delimiter stands inside a name${ways}; export by the line of "hpc-billing ingest --print-sacct"`
    reject(bytes, at, null, `it has more fields than the header's ${columnCount}: ${why}`)
  }

  const tooLong = (bytes: Buffer): void => {
    while (openLines.length > 0) dropOpen()
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
    let at = from
    if (frame === null) at = firstLine(bytes)
    if (frame === null) return
    const single = delimiter.length === 1 ? (delimiter[0] as number) : null
    for (;;) {
      const lineEnd =
        single === null ? scanWideLine(bytes, at, bytes.length, delimiter, ends) : scanLine(bytes, at, bytes.length, single, ends)
      if (lineEnd < 0) break
      lineNumber++
      if (skippingLong) skippingLong = false
      else if (lineEnd - at > recordBytesMaximum) tooLong(bytes.subarray(at, lineEnd))
      else line(bytes, at, lineEnd, ends[columnCount + 1] as number)
      at = lineEnd + 1
    }
    if (skippingLong) return
    if (bytes.length - at > recordBytesMaximum) {
      lineNumber++
      tooLong(bytes.subarray(at))
      lineNumber--
      skippingLong = true
    } else if (at < bytes.length) carry = Buffer.from(bytes.subarray(at))
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
    endsWithCarriageReturn = bytes[lineEnd - 1] === carriageReturn
    const to = endsWithCarriageReturn ? lineEnd - 1 : lineEnd
    if (!start(bytes.subarray(from, Math.max(from, to)))) return from
    lineNumber = 1
    return lineEnd + 1
  }

  const end = (): Decoded[] => {
    if (frame === null) {
      if (carry.length === 0) fail({ _tag: "Empty" })
      const first = startsWithBom(carry) ? carry.subarray(3) : carry
      if (start(first)) return flush()
    }
    if (carry.length > 0) lastLine(carry)
    while (openLines.length > 0) dropOpen()
    closeJob()
    return flush()
  }

  /** A line without its line feed is whole only when its last column is one whose end does not matter. */
  const lastLine = (bytes: Buffer): void => {
    carry = noBytes
    lineNumber++
    const fieldCount = countFields(bytes)
    const lastColumn = columnCount - 1
    const whole = fieldCount === columnCount && (isFreeText(lastColumn) || (frame as SacctFrame).layout.unread.has(lastColumn))
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

const joinedLines = (lines: readonly OpenLine[]): Buffer =>
  Buffer.concat(lines.flatMap(({ bytes }, index) => (index === 0 ? [bytes] : [Buffer.of(lineFeed), bytes])))

const startsWithBom = (bytes: Buffer): boolean => bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
