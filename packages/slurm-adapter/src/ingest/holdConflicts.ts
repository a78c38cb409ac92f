import { type JobRecord, jobKey, type Rejection, rejectionRawCharactersMaximum } from "@hpc-billing/core"
import type { Decoded } from "../Decoded.ts"

type DecodedRecord = Extract<Decoded, { readonly _tag: "Record" }>

/**
 * One answer names each attempt of a job once, or again with the same words. Where two rows of one key differ, one of them is forged or of another
 * time, and nobody can tell which: both become rejections that show both. `place` is what a row is found by in its source.
 */
export const holdConflicts = (answer: readonly Decoded[], source: string, place: "line" | "index"): readonly Decoded[] => {
  const rows = new Map<string, DecodedRecord[]>()
  for (const item of answer) {
    if (item._tag !== "Record") continue
    const key = jobKey(item.record)
    const known = rows.get(key)
    if (known === undefined) rows.set(key, [item])
    else known.push(item)
  }
  const held = new Map<Decoded, Rejection>()
  for (const group of rows.values()) {
    if (group.length === 1) continue
    const differing = [...new Map(group.map((item) => [textOf(item.record), item])).values()]
    if (differing.length === 1) continue
    for (const item of group) {
      const text = textOf(item.record)
      const other = differing.find(({ record }) => textOf(record) !== text) as DecodedRecord
      held.set(item, rejectionOf(item, other, source, place))
    }
  }
  return held.size === 0 ? answer : answer.map((item) => rejected(item, held.get(item)))
}

const rejected = (item: Decoded, rejection: Rejection | undefined): Decoded =>
  rejection === undefined ? item : { _tag: "Rejection", rejection }

const rejectionOf = (held: DecodedRecord, other: DecodedRecord, source: string, place: string): Rejection => {
  const { record } = held
  const fields = (Object.keys(record) as (keyof JobRecord)[]).filter((field) => textOf(record[field]) !== textOf(other.record[field]))
  const shown = fields.map((field) => `${field} ${textOf(record[field])} or ${textOf(other.record[field])}`).join(", ")
  const otherAt = other.lineNumber === undefined ? "" : `, the other at ${place} ${other.lineNumber}`
  return {
    source,
    lineNumber: held.lineNumber ?? null,
    field: "JobIDRaw",
    reason: `job ${record.jobId} of cluster ${record.cluster}, submitted at ${record.submitSeconds}, has two different rows in one answer${otherAt}: ${shown}. A job's name may forge a row, or exports of different days were joined: export again by the line of "hpc-billing ingest --print-sacct", and read each export alone`,
    raw: `${textOf(record)}\n${textOf(other.record)}`.slice(0, rejectionRawCharactersMaximum),
  }
}

const textOf = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) => (typeof inner === "bigint" ? inner.toString() : inner))

/**
 * The same of an answer that may be larger than memory: it is read twice, first to find the keys that come again. Between the two readings four
 * bytes to a record are kept, and in the second the records whose key may come again.
 */
export async function* holdConflictsOf(
  read: () => AsyncIterable<readonly Decoded[]>,
  source: string,
): AsyncGenerator<readonly Decoded[], void, undefined> {
  const hashes = new HashList()
  for await (const batch of read()) for (const item of batch) if (item._tag === "Record") hashes.push(hashOf(jobKey(item.record)))
  const repeated = hashes.repeated()
  const held: Decoded[] = []
  for await (const batch of read()) {
    if (repeated.size === 0) {
      yield batch
      continue
    }
    const isHeld = (item: Decoded): boolean => item._tag === "Record" && repeated.has(hashOf(jobKey(item.record)))
    for (const item of batch) if (isHeld(item)) held.push(item)
    yield batch.filter((item) => !isHeld(item))
  }
  if (held.length > 0) yield holdConflicts(held, source, "line")
}

/** FNV-1a of 32 bits: keys that share it by chance are only held until they are compared. */
const hashOf = (text: string): number => {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  return hash >>> 0
}

class HashList {
  #hashes = new Uint32Array(1_024)
  #length = 0

  push(hash: number): void {
    if (this.#length === this.#hashes.length) {
      const grown = new Uint32Array(this.#length * 2)
      grown.set(this.#hashes)
      this.#hashes = grown
    }
    this.#hashes[this.#length++] = hash
  }

  repeated(): ReadonlySet<number> {
    const sorted = this.#hashes.subarray(0, this.#length).sort()
    const found = new Set<number>()
    for (let index = 1; index < sorted.length; index++) if (sorted[index] === sorted[index - 1]) found.add(sorted[index] as number)
    return found
  }
}
