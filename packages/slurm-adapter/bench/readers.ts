import { createReadStream } from "node:fs"
import type { decodeSacctChunks as DecodeSacctChunks } from "@hpc-billing/slurm-adapter"
import { emptySums, type GeneratedSums } from "./generateSacct.ts"

/** Loads what it reads with; what comes back reads a file. The clock runs only for the second: loading is no matter of lines. */
type Reader<T> = () => Promise<(path: string) => Promise<T>>

const chunkBytes = 262_144
const delimiter = "\u001F"

/** Ours: every billed field of every row read, and all of them summed. */
const ours: Reader<GeneratedSums> = async () => {
  const { decodeSacctChunks } = await import("@hpc-billing/slurm-adapter")
  return (path) => sumsOf(path, decodeSacctChunks)
}

const sumsOf = async (path: string, decodeSacctChunks: typeof DecodeSacctChunks): Promise<GeneratedSums> => {
  const sums = emptySums()
  const tres: Record<string, number> = {}
  for await (const batch of decodeSacctChunks(createReadStream(path, { highWaterMark: chunkBytes }), { source: path })) {
    for (const item of batch) {
      if (item._tag === "Rejection") throw new Error(`line ${item.rejection.lineNumber}: ${item.rejection.reason}`)
      const { record } = item
      sums.records++
      sums.elapsedSeconds += record.elapsedSeconds
      sums.suspendedSeconds += record.suspendedSeconds
      for (const name in record.allocated) tres[name] = (tres[name] ?? 0) + (record.allocated[name] as number)
    }
  }
  for (const [name, count] of Object.entries(tres)) sums.tres.set(name, BigInt(count))
  return sums
}

/**
 * The others only find the fields, each row an array of strings. `split` is what anyone writes first: the file as a stream of UTF-8 text, each
 * chunk split at the line feeds, each line split at the delimiter.
 */
const split: Reader<number> = async () => async (path) => {
  let rest = ""
  let fields = 0
  for await (const chunk of createReadStream(path, { highWaterMark: chunkBytes, encoding: "utf8" })) {
    const lines = (rest + chunk).split("\n")
    rest = lines.pop() ?? ""
    for (const line of lines) fields += line.split(delimiter).length
  }
  return fields
}

const csv: Reader<number> = async () => {
  const { parse: csvParse } = await import("csv-parse")
  return async (path) => {
    let fields = 0
    const parser = createReadStream(path, { highWaterMark: chunkBytes }).pipe(
      csvParse({ delimiter, quote: null, relax_column_count: true }),
    )
    for await (const row of parser) fields += (row as readonly string[]).length
    return fields
  }
}

const papa: Reader<number> = async () => {
  const { default: Papa } = await import("papaparse")
  return (path) =>
    new Promise((resolve, reject) => {
      let fields = 0
      const parser = Papa.parse(Papa.NODE_STREAM_INPUT, { delimiter, quoteChar: "\u0000" })
      createReadStream(path, { highWaterMark: chunkBytes, encoding: "utf8" }).on("error", reject).pipe(parser)
      parser.on("data", (row: readonly string[]) => {
        fields += row.length
      })
      parser.on("end", () => resolve(fields))
      parser.on("error", reject)
    })
}

export const readers = { ours, split, "csv-parse": csv, papaparse: papa } as const
