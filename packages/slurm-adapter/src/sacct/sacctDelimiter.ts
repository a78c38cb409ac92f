import { looksLikeHeader, sacctColumnNames } from "./SacctLayout.ts"

const delimiterBytesMaximum = 64
const unitSeparator = 0x1f
const verticalBar = 0x7c

/**
 * The bytes between columns: as named, or as they stand between the names of a header; without one U+001F or `|`. null where the named text can divide
 * nothing: it holds a line feed, or begins as it ends, so that text beside it could shift it.
 */
export const sacctDelimiter = (named: string | undefined, firstLine: Buffer): Buffer | null => {
  const delimiter = named === undefined ? (betweenNames(firstLine) ?? usual(firstLine)) : Buffer.from(named)
  return delimiter.length > 0 && !delimiter.includes(10) && !delimiter.includes(13) && !overlapsItself(delimiter) ? delimiter : null
}

const usual = (firstLine: Buffer): Buffer => Buffer.of(firstLine.includes(unitSeparator) ? unitSeparator : verticalBar)

/** The shortest bytes after the first name that divide the line into names. */
const betweenNames = (firstLine: Buffer): Buffer | null => {
  const line = firstLine.toString("latin1")
  for (const name of namesAtStart(line)) {
    for (let length = 1; length <= delimiterBytesMaximum && name.length + length < line.length; length++) {
      const delimiter = line.slice(name.length, name.length + length)
      if (looksLikeHeader(line.split(delimiter))) return Buffer.from(delimiter, "latin1")
    }
  }
  return null
}

const namesAtStart = (line: string): readonly string[] => {
  const lower = line.slice(0, 64).toLowerCase()
  return [...sacctColumnNames].filter((name) => lower.startsWith(name)).sort((left, right) => right.length - left.length)
}

const overlapsItself = (delimiter: Buffer): boolean => {
  for (let length = 1; length < delimiter.length; length++)
    if (delimiter.subarray(0, length).equals(delimiter.subarray(delimiter.length - length))) return true
  return false
}
