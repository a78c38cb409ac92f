import type { Stream } from "effect"
import type { Decoded } from "../Decoded.ts"
import { streamFile } from "../ingest/streamFile.ts"
import type { SlurmReadError } from "../SlurmReadError.ts"
import { decodeSacctChunks } from "./decodeSacctChunks.ts"
import type { SacctOptions } from "./SacctFrame.ts"

/** A file of sacct output as batches of up to some thousand records and rejections; memory grows by four bytes to a job. */
export const readSacctFile = (
  path: string,
  options: Omit<SacctOptions, "source"> & { readonly source?: string } = {},
): Stream.Stream<readonly Decoded[], SlurmReadError> => {
  const source = options.source ?? path
  return streamFile(path, source, (chunks) => decodeSacctChunks(chunks, { ...options, source }))
}
