import { createReadStream } from "node:fs"
import { stat } from "node:fs/promises"

const chunkBytes = 262_144

/**
 * The bytes of a file in chunks, the same each time they are read: a file that grows meanwhile ends where it ended at first, and what is no regular
 * file, such as a pipe, is kept in memory.
 */
export const fileChunks = async (path: string): Promise<() => AsyncIterable<Uint8Array> | Iterable<Uint8Array>> => {
  const found = await stat(path)
  if (found.isFile() && found.size > 0) return () => createReadStream(path, { highWaterMark: chunkBytes, end: found.size - 1 })
  const chunks: Uint8Array[] = []
  for await (const chunk of createReadStream(path, { highWaterMark: chunkBytes })) chunks.push(chunk as Uint8Array)
  return () => chunks
}
