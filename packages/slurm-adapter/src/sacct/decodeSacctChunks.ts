import type { Decoded } from "../Decoded.ts"
import type { SacctOptions } from "./SacctFrame.ts"
import { sacctDecoder } from "./sacctDecoder.ts"

/** Decodes sacct output as it arrives, batch by batch; throws `SlurmReadError` when it is no sacct output at all. */
export async function* decodeSacctChunks(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: SacctOptions,
): AsyncGenerator<readonly Decoded[], void, undefined> {
  const decoder = sacctDecoder(options)
  for await (const chunk of chunks) {
    const batch = decoder.push(chunk)
    if (batch.length > 0) yield batch
  }
  const last = decoder.end()
  if (last.length > 0) yield last
}
