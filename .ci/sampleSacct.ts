/**
 * Stands in for sacct where there is no Slurm: prints the recorded jobs of the sample's cluster in the columns, the delimiter, the time and the
 * ids that are asked for. A time such as `now-40days` is all of it.
 */
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { parseArgs } from "node:util"
import { workspace } from "./trackedFiles.ts"

/** Real records, in every column that Slurm 22.05 has. */
export const recordedJobs = "packages/slurm-adapter/fixtures/22.05-debian/settled/sacct/all.epoch.noconvert.us.txt"

/** Makes a folder with the program `sacct` in it, for the front of a path. */
export const installSampleSacct = (folder: string): string => {
  mkdirSync(folder, { recursive: true })
  writeFileSync(`${folder}/sacct`, `#!/bin/sh\nexec "${process.execPath}" "${import.meta.filename}" "$@"\n`)
  chmodSync(`${folder}/sacct`, 0o755)
  return folder
}

/** Names may hold line feeds: a row ends when it has as many cells as the header. */
const recordedRows = (): readonly (readonly string[])[] => {
  const lines = readFileSync(`${workspace}/${recordedJobs}`, "utf8").trimEnd().split("\n")
  const rows: string[][] = []
  let begun = ""
  for (const line of lines) {
    begun += line
    const cells = begun.split("\x1f")
    if (cells.length < (rows[0]?.length ?? 0)) begun += "\n"
    else {
      rows.push(cells)
      begun = ""
    }
  }
  return rows
}

const printRecorded = (words: readonly string[]): void => {
  const { values } = parseArgs({
    args: [...words],
    options: {
      format: { type: "string", short: "o", default: "ALL" },
      delimiter: { type: "string", default: "|" },
      starttime: { type: "string", short: "S" },
      endtime: { type: "string", short: "E" },
      jobs: { type: "string", short: "j" },
      helpformat: { type: "boolean", default: false },
    },
    strict: false,
  })
  const [header = [], ...rows] = recordedRows()
  if (values.helpformat === true) return void process.stdout.write(`${header.join(" ")}\n`)
  const at = (row: readonly string[], column: string): string => row[header.indexOf(column)] ?? ""
  const secondsOf = (time: unknown, otherwise: number): number => Date.parse(`${time}Z`) / 1_000 || otherwise
  const [from, until] = [secondsOf(values.starttime, 0), secondsOf(values.endtime, Number.POSITIVE_INFINITY)]
  const ids = values.jobs === undefined ? null : new Set(String(values.jobs).split(","))
  const isAsked = (row: readonly string[]): boolean => {
    if (ids !== null) return ids.has(at(row, "JobIDRaw"))
    return Number(at(row, "Submit")) < until && !(Number(at(row, "End")) < from)
  }
  const columns = values.format === "ALL" ? header : String(values.format).split(",")
  let isShown = true
  const lines = rows.flatMap((row) => {
    // a step goes with its job, the row before it
    if (!at(row, "JobIDRaw").includes(".")) isShown = isAsked(row)
    return isShown ? [columns.map((column) => at(row, column))] : []
  })
  process.stdout.write([columns, ...lines].map((cells) => `${cells.join(String(values.delimiter))}\n`).join(""))
}

if (process.argv[1] === import.meta.filename) printRecorded(process.argv.slice(2))
