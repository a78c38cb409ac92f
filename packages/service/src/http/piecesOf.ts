import { setImmediate } from "node:timers/promises"

const pieceBytesMaximum = 256 * 1_024

/** Bytes in pieces; between two of them everybody else has their turn. */
export async function* piecesOf(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  for (let from = 0; from < bytes.length; from += pieceBytesMaximum) {
    yield bytes.subarray(from, from + pieceBytesMaximum)
    await setImmediate()
  }
}
