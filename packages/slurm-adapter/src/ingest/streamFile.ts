import { Stream } from "effect"
import type { Decoded } from "../Decoded.ts"
import { SlurmReadError } from "../SlurmReadError.ts"
import { fileChunks } from "../text/fileChunks.ts"
import { holdConflictsOf } from "./holdConflicts.ts"

type Chunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>

/** A file as one answer, decoded batch by batch. Nothing comes out of a file that cannot be read to its end. */
export const streamFile = (
  path: string,
  source: string,
  decode: (chunks: Chunks) => AsyncIterable<readonly Decoded[]>,
): Stream.Stream<readonly Decoded[], SlurmReadError> =>
  Stream.suspend(() =>
    Stream.fromAsyncIterable(batchesOf(path, source, decode), (error) =>
      error instanceof SlurmReadError ? error : new SlurmReadError({ source, reason: { _tag: "FileUnreadable", detail: detailOf(error) } }),
    ),
  )

async function* batchesOf(
  path: string,
  source: string,
  decode: (chunks: Chunks) => AsyncIterable<readonly Decoded[]>,
): AsyncGenerator<readonly Decoded[], void, undefined> {
  const chunks = await fileChunks(path)
  yield* holdConflictsOf(() => decode(chunks()), source)
}

const detailOf = (error: unknown): string => {
  // a fault of the program is not a fault of the file
  if (!(error instanceof Error) || !("code" in error)) throw error
  return String(error.code)
}
