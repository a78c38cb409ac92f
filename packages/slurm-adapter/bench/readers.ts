import { createReadStream } from "node:fs"
import { emptySums, type GeneratedSums } from "./generateSacct.ts"

const chunkBytes = 262_144
const delimiter = "\u001F"

/** Ours: every billed field of every row read, and all of them summed. */
const ours = async (path: string): Promise<GeneratedSums> => {
  const { decodeSacctChunks } = await import("@hpc-billing/slurm-adapter")
  const sums = emptySums()
  const tres = new Map<string, number>()
  for await (const batch of decodeSacctChunks(createReadStream(path, { highWaterMark: chunkBytes }), { source: path })) {
    for (const item of batch) {
      if (item._tag === "Rejection") throw new Error(`line ${item.rejection.lineNumber}: ${item.rejection.reason}`)
      const { record } = item
      sums.records++
      sums.elapsedSeconds += record.elapsedSeconds
      sums.suspendedSeconds += record.suspendedSeconds
      for (const name in record.allocated) tres.set(name, (tres.get(name) ?? 0) + (record.allocated[name] as number))
    }
  }
  for (const [name, count] of tres) sums.tres.set(name, BigInt(count))
  return sums
}

/** The others only find the fields. */
const split = async (path: string): Promise<number> => {
  let rest = ""
  let fields = 0
  for await (const chunk of createReadStream(path, { highWaterMark: chunkBytes, encoding: "utf8" })) {
    const lines = (rest + chunk).split("\n")
    rest = lines.pop() ?? ""
    for (const line of lines) fields += line.split(delimiter).length
  }
  return fields
}

const csv = async (path: string): Promise<number> => {
  const { parse: csvParse } = await import("csv-parse")
  let fields = 0
  const parser = createReadStream(path, { highWaterMark: chunkBytes }).pipe(csvParse({ delimiter, quote: null, relax_column_count: true }))
  for await (const row of parser) fields += (row as readonly string[]).length
  return fields
}

const papa = async (path: string): Promise<number> => {
  const { default: Papa } = await import("papaparse")
  return new Promise((resolve, reject) => {
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
