const delimiters = [",", "|"] as const
const headerBytesMaximum = 1_048_576
const lineFeed = 10

/** The delimiter that the first line holds most of, a comma when it holds none; and the chunks, none of them lost. */
export const detectDelimiter = async (
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<{ readonly delimiter: string; readonly chunks: AsyncIterable<Uint8Array> }> => {
  const source = all(chunks)
  const head: Uint8Array[] = []
  let bytes = 0
  for (let next = await source.next(); next.done !== true; next = await source.next()) {
    head.push(next.value)
    bytes += next.value.length
    if (next.value.includes(lineFeed) || bytes > headerBytesMaximum) break
  }
  const [header = ""] = Buffer.concat(head).toString("utf8").split("\n", 1)
  const counts = delimiters.map((delimiter) => header.split(delimiter).length)
  const delimiter = delimiters[counts.indexOf(Math.max(...counts))] as string
  return { delimiter, chunks: all(head, source) }
}

async function* all(...parts: readonly (AsyncIterable<Uint8Array> | Iterable<Uint8Array>)[]): AsyncGenerator<Uint8Array, void, undefined> {
  for (const part of parts) yield* part
}
