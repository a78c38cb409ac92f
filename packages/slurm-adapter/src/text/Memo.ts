import { isUtf8 } from "node:buffer"

/**
 * Values of a column by its bytes: accounts, states and TRES strings repeat, so that most lines need neither a string nor a
 * parse. A fixed table in which a value may lie at one of four places; when all four are taken, a newcomer drives out one of them in turn: memory
 * does not grow with the input. Bytes are hashed and compared four at a time.
 */
export class Memo<T> {
  readonly #keys: DataView
  readonly #lengths: Int16Array
  readonly #values: T[]
  readonly #mask: number
  readonly #parse: (text: string) => T
  readonly #unreadable: T
  #last = 0
  #newcomers = 0

  /** `unreadable` stands for text that is not UTF-8 or holds a NUL. `slots` is a power of two. */
  constructor(slots: number, parse: (text: string) => T, unreadable: T) {
    this.#keys = new DataView(new ArrayBuffer(slots * keyBytesMaximum))
    this.#lengths = new Int16Array(slots).fill(vacant)
    this.#values = new Array<T>(slots).fill(unreadable)
    this.#mask = slots - 1
    this.#parse = parse
    this.#unreadable = unreadable
  }

  read(bytes: DataView, from: number, to: number): T {
    const length = to - from
    if (length > keyBytesMaximum) return this.#make(bytes, from, to)
    // rows that follow each other often agree
    if (this.#holds(this.#last, bytes, from, length)) return this.#values[this.#last] as T
    let hash = length
    let at = from
    for (; at + 4 <= to; at += 4) hash = Math.imul(hash, 16_777_619) ^ bytes.getInt32(at)
    for (; at < to; at++) hash = Math.imul(hash, 31) + bytes.getUint8(at)
    const first = Math.imul(hash ^ (hash >>> 15), 0x9e3779b1) >>> 20
    for (let place = 0; place < places; place++) {
      const slot = (first + place) & this.#mask
      if (this.#holds(slot, bytes, from, length)) {
        this.#last = slot
        return this.#values[slot] as T
      }
      if (this.#lengths[slot] === vacant) return this.#learn(slot, bytes, from, to)
    }
    return this.#learn((first + (this.#newcomers++ % places)) & this.#mask, bytes, from, to)
  }

  #holds(slot: number, bytes: DataView, from: number, length: number): boolean {
    if (this.#lengths[slot] !== length) return false
    const keys = this.#keys
    const key = slot * keyBytesMaximum
    let at = 0
    for (; at + 4 <= length; at += 4) if (keys.getInt32(key + at) !== bytes.getInt32(from + at)) return false
    for (; at < length; at++) if (keys.getUint8(key + at) !== bytes.getUint8(from + at)) return false
    return true
  }

  #learn(slot: number, bytes: DataView, from: number, to: number): T {
    const value = this.#make(bytes, from, to)
    const key = slot * keyBytesMaximum - from
    for (let at = from; at < to; at++) this.#keys.setUint8(key + at, bytes.getUint8(at))
    this.#lengths[slot] = to - from
    this.#values[slot] = value
    this.#last = slot
    return value
  }

  #make(bytes: DataView, from: number, to: number): T {
    const text = readText(Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from), 0, to - from)
    return text === null ? this.#unreadable : this.#parse(text)
  }
}

const keyBytesMaximum = 96
const vacant = -1
/** Where the bytes of a value may lie, from the slot that their hash names. */
const places = 4

/** The text of some bytes; null when they are not UTF-8 or hold a NUL, which no store of text takes. */
export const readText = (bytes: Buffer, from: number, to: number): string | null => {
  let bits = 0
  for (let index = from; index < to; index++) {
    const byte = bytes[index] as number
    if (byte === 0) return null
    bits |= byte
  }
  if (bits < 0x80) return bytes.toString("latin1", from, to)
  return isUtf8(bytes.subarray(from, to)) ? bytes.toString("utf8", from, to) : null
}
