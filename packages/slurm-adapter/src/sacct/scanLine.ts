const lineFeed = 10

/**
 * Finds the fields of the line that begins at `from`: field `n` will lie in `[ends[n] + 1, ends[n + 1])`. Returns the place of its line feed, or
 * -1 when the bytes end before it. The number of fields is left in the last place of `ends`; those beyond its room are only counted.
 */
export const scanLine = (bytes: Uint8Array, from: number, to: number, delimiter: number, ends: Int32Array): number => {
  const room = ends.length - 2
  // one comparison leaves most bytes behind: U+001F lies below every letter and digit
  const highest = Math.max(delimiter, lineFeed)
  let count = 0
  ends[0] = from - 1
  for (let index = from; index < to; index++) {
    const byte = bytes[index] as number
    if (byte > highest) continue
    if (byte === delimiter) {
      if (++count <= room) ends[count] = index
    } else if (byte === lineFeed) {
      if (++count <= room) ends[count] = index
      ends[room + 1] = count
      return index
    }
  }
  if (++count <= room) ends[count] = to
  ends[room + 1] = count
  return -1
}

/** The same where several bytes divide fields: field `n` will lie in `[ends[n] + delimiter.length, ends[n + 1])`. */
export const scanWideLine = (bytes: Uint8Array, from: number, to: number, delimiter: Uint8Array, ends: Int32Array): number => {
  const room = ends.length - 2
  const width = delimiter.length
  const first = delimiter[0] as number
  let count = 0
  ends[0] = from - width
  for (let index = from; index < to; index++) {
    const byte = bytes[index]
    if (byte === lineFeed) {
      if (++count <= room) ends[count] = index
      ends[room + 1] = count
      return index
    }
    if (byte !== first || !isAt(bytes, index, to, delimiter)) continue
    if (++count <= room) ends[count] = index
    index += width - 1
  }
  if (++count <= room) ends[count] = to
  ends[room + 1] = count
  return -1
}

/** The same for a whole record, in which a line feed is part of a name. */
export const scanFields = (bytes: Uint8Array, delimiter: Uint8Array, ends: Int32Array): void => {
  const room = ends.length - 2
  const width = delimiter.length
  let count = 0
  ends[0] = -width
  for (let index = 0; index < bytes.length; index++) {
    if (!isAt(bytes, index, bytes.length, delimiter)) continue
    if (++count <= room) ends[count] = index
    index += width - 1
  }
  if (++count <= room) ends[count] = bytes.length
  ends[room + 1] = count
}

const isAt = (bytes: Uint8Array, at: number, to: number, delimiter: Uint8Array): boolean => {
  if (at + delimiter.length > to) return false
  for (let index = 0; index < delimiter.length; index++) if (bytes[at + index] !== delimiter[index]) return false
  return true
}
