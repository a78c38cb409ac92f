import { concatenate, encodeInto } from "./bytes.ts"

const pieceCharacters = 1 << 13
/** A character of a string takes at most this many bytes of UTF-8. */
const characterBytesMaximum = 3
/** Thousands of small rooms cost the collector more than their bytes. */
const roomBytes = 1 << 21

function* joined(texts: Iterable<string>): Generator<string, void> {
  let pending = ""
  for (const text of texts) {
    pending += text
    if (pending.length < pieceCharacters) continue
    yield pending
    pending = ""
  }
  if (pending !== "") yield pending
}

/**
 * The texts one after another as UTF-8, in pieces, so that a journal of a million lines never stands in memory as one text. A
 * piece is good until the next is asked for: all are written to the same room.
 */
export function* encodeTexts(texts: Iterable<string>): Generator<Uint8Array, void> {
  let room = new Uint8Array(0)
  for (const text of joined(texts)) {
    const bytesMaximum = text.length * characterBytesMaximum
    if (room.length < bytesMaximum) room = new Uint8Array(bytesMaximum)
    yield room.subarray(0, encodeInto(text, room))
  }
}

/** The texts one after another as UTF-8. */
export const bytesOfTexts = (texts: Iterable<string>): Uint8Array => {
  const parts: Uint8Array[] = []
  let room = new Uint8Array(0)
  let used = 0
  for (const text of joined(texts)) {
    const bytesMaximum = text.length * characterBytesMaximum
    if (room.length - used < bytesMaximum) {
      parts.push(room.subarray(0, used))
      room = new Uint8Array(Math.max(roomBytes, bytesMaximum))
      used = 0
    }
    used += encodeInto(text, room.subarray(used))
  }
  return concatenate(...parts, room.subarray(0, used))
}
