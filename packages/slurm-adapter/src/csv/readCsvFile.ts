import type { Stream } from "effect"
import type { Decoded } from "../Decoded.ts"
import { streamFile } from "../ingest/streamFile.ts"
import type { SlurmReadError } from "../SlurmReadError.ts"
import { type CsvOptions, decodeCsvChunks } from "./decodeCsvChunks.ts"

/** A CSV of jobs as batches of up to some thousand records and rejections; memory grows by four bytes to a job. */
export const readCsvFile = (
  path: string,
  options: Omit<CsvOptions, "source"> & { readonly source?: string } = {},
): Stream.Stream<readonly Decoded[], SlurmReadError> => {
  const source = options.source ?? path
  return streamFile(path, source, (chunks) => decodeCsvChunks(chunks, { ...options, source }))
}
