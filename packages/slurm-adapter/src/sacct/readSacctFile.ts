import { createReadStream } from "node:fs"
import { Stream } from "effect"
import type { Decoded } from "../Decoded.ts"
import { SlurmReadError } from "../SlurmReadError.ts"
import { decodeSacctChunks } from "./decodeSacctChunks.ts"
import type { SacctOptions } from "./sacctDecoder.ts"

const chunkBytes = 262_144

/** A file of sacct output as batches of up to some thousand records and rejections; memory does not grow with the file. */
export const readSacctFile = (
  path: string,
  options: Omit<SacctOptions, "source"> & { readonly source?: string } = {},
): Stream.Stream<readonly Decoded[], SlurmReadError> => {
  const source = options.source ?? path
  return Stream.suspend(() =>
    Stream.fromAsyncIterable(decodeSacctChunks(createReadStream(path, { highWaterMark: chunkBytes }), { ...options, source }), (error) =>
      error instanceof SlurmReadError ? error : new SlurmReadError({ source, reason: { _tag: "FileUnreadable", detail: detailOf(error) } }),
    ),
  )
}

const detailOf = (error: unknown): string => {
  // a fault of the program is not a fault of the file
  if (!(error instanceof Error) || !("code" in error)) throw error
  return String(error.code)
}
