import { concatenate, encodeInto } from "./bytes.ts"

const pieceCharacters = 1 << 13
/** A character of a string takes at most this many bytes of UTF-8. */
const characterBytesMaximum = 3

/**
 * The texts one after another as UTF-8, in pieces, so that a journal of a million lines never stands in memory as one text. A
 * piece is good until the next is asked for: all are written to the same room.
 */
export function* encodeTexts(texts: Iterable<string>): Generator<Uint8Array, void> {
  let room = new Uint8Array(0)
  const encode = (text: string): Uint8Array => {
    if (room.length < text.length * characterBytesMaximum) room = new Uint8Array(text.length * characterBytesMaximum)
    return room.subarray(0, encodeInto(text, room))
  }
  let pending = ""
  for (const text of texts) {
    pending += text
    if (pending.length < pieceCharacters) continue
    yield encode(pending)
    pending = ""
  }
  if (pending !== "") yield encode(pending)
}

/** The texts one after another as UTF-8. */
export const bytesOfTexts = (texts: Iterable<string>): Uint8Array => {
  const pieces: Uint8Array[] = []
  for (const piece of encodeTexts(texts)) pieces.push(piece.slice())
  return concatenate(...pieces)
}
