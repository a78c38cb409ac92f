import { badSize, readSize } from "../text/readSize.ts"
import type { CsvColumn } from "./csvColumns.ts"

export type CsvStep =
  | { readonly _tag: "Step"; readonly jobId: string /** Below zero when it reported none. */; readonly memoryBytes: number }
  | { readonly field: string; readonly reason: string }

const stepId = /^(\d{1,20}(?:[_+][\w[\],%:-]+)?)\.(?:batch|extern|interactive|\d{1,10}(?:\.\d{1,10})?)$/

/** A row that is a step of a job, `123.batch` or `123.0`; null when it is a job's own row. */
export const csvStep = (row: readonly string[], positions: ReadonlyMap<CsvColumn, number>): CsvStep | null => {
  const jobId = stepId.exec((row[positions.get("jobId") as number] ?? "").trim())?.[1]
  if (jobId === undefined) return null
  const text = (row[positions.get("peakMemory") ?? -1] ?? "").trim()
  const bytes = Buffer.from(text)
  const memoryBytes = readSize(bytes, 0, bytes.length)
  return memoryBytes === badSize
    ? { field: "peakMemory", reason: `"${text}" is not a size such as 3332K` }
    : { _tag: "Step", jobId, memoryBytes }
}
