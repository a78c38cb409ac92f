import type { SacctLayout } from "./SacctLayout.ts"
import type { SacctRow, SacctRowDecoder } from "./SacctRowDecoder.ts"

const readingsMaximum = 5_000

interface LinePlace {
  readonly layout: SacctLayout
  readonly columnCount: number
  readonly lineNumber: number
}

/**
 * The different records that a line with too many fields can be, when the surplus delimiters are laid into the columns that
 * people write, in every way. Readings that differ in free text alone count as one. Empty when none is readable or there are too many ways.
 */
export const surplusReadings = (
  bytes: Buffer,
  delimiter: number,
  { layout, columnCount, lineNumber }: LinePlace,
  rows: SacctRowDecoder,
): readonly SacctRow[] => {
  const bounds = [-1]
  for (let at = bytes.indexOf(delimiter); at >= 0; at = bytes.indexOf(delimiter, at + 1)) bounds.push(at)
  bounds.push(bytes.length)
  const surplus = bounds.length - 1 - columnCount
  const columns = layout.freeText
  if (surplus <= 0 || ways(surplus, columns.length) > readingsMaximum) return []
  const readings = new Map<string, SacctRow>()
  const widths = new Array<number>(columnCount).fill(1)
  const place = (column: number, left: number): void => {
    const position = columns[column]
    if (position === undefined) return
    if (column === columns.length - 1) {
      widths[position] = 1 + left
      readWith()
    } else
      for (let here = 0; here <= left; here++) {
        widths[position] = 1 + here
        place(column + 1, left - here)
      }
    widths[position] = 1
  }
  const readWith = (): void => {
    const ends = new Int32Array(columnCount + 1)
    let bound = 0
    for (let column = 0; column <= columnCount; column++) {
      ends[column] = bounds[bound] as number
      bound += widths[column] ?? 0
    }
    const row = rows.decode(bytes, ends, "", lineNumber)
    const key = keyOf(row)
    if (key !== null && !readings.has(key)) readings.set(key, row)
  }
  place(0, surplus)
  return [...readings.values()]
}

/** Ways to lay `surplus` delimiters into `columns` columns. */
const ways = (surplus: number, columns: number): number => {
  if (columns === 0) return Number.POSITIVE_INFINITY
  let count = 1
  for (let index = 1; index < columns && count <= readingsMaximum; index++) count = (count * (surplus + index)) / index
  return count
}

const keyOf = (row: SacctRow): string | null => {
  if (row._tag === "Unreadable") return null
  if (row._tag === "Step") return JSON.stringify(row)
  return JSON.stringify({ ...row.record, name: "" }, (_, value) => (typeof value === "bigint" ? value.toString() : value))
}
