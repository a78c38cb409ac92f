import { isUtf8 } from "node:buffer"

/**
 * Values of a column by its bytes: accounts, states and TRES strings repeat, so that most lines need neither a string nor a
 * parse. A fixed table where a newcomer takes the place of what hashed alike: memory does not grow with the input.
 */
export class Memo<T> {
  readonly #keys: Uint8Array
  readonly #lengths: Int16Array
  readonly #values: T[]
  readonly #mask: number
  readonly #parse: (text: string) => T
  readonly #unreadable: T
  #last = 0

  /** `unreadable` stands for text that is not UTF-8 or holds a NUL. `slots` is a power of two. */
  constructor(slots: number, parse: (text: string) => T, unreadable: T) {
    this.#keys = new Uint8Array(slots * keyBytesMaximum)
    this.#lengths = new Int16Array(slots).fill(-1)
    this.#values = new Array<T>(slots).fill(unreadable)
    this.#mask = slots - 1
    this.#parse = parse
    this.#unreadable = unreadable
  }

  read(bytes: Buffer, from: number, to: number): T {
    const length = to - from
    if (length > keyBytesMaximum) return this.#make(bytes, from, to)
    // rows that follow each other often agree
    const last = this.#last
    if (this.#holds(last, bytes, from, length)) return this.#values[last] as T
    let hash = length
    let index = from
    for (; index + 3 < to; index += 4) {
      hash =
        (Math.imul(hash, 923_521) +
          (bytes[index] as number) * 29_791 +
          (bytes[index + 1] as number) * 961 +
          (bytes[index + 2] as number) * 31 +
          (bytes[index + 3] as number)) |
        0
    }
    for (; index < to; index++) hash = (Math.imul(hash, 31) + (bytes[index] as number)) | 0
    const slot = (hash ^ (hash >>> 13)) & this.#mask
    this.#last = slot
    return this.#holds(slot, bytes, from, length) ? (this.#values[slot] as T) : this.#learn(slot, bytes, from, to)
  }

  #holds(slot: number, bytes: Buffer, from: number, length: number): boolean {
    if (this.#lengths[slot] !== length) return false
    const keys = this.#keys
    const key = slot * keyBytesMaximum
    for (let index = 0; index < length; index++) if (keys[key + index] !== bytes[from + index]) return false
    return true
  }

  #learn(slot: number, bytes: Buffer, from: number, to: number): T {
    const value = this.#make(bytes, from, to)
    this.#lengths[slot] = to - from
    this.#values[slot] = value
    this.#keys.set(bytes.subarray(from, to), slot * keyBytesMaximum)
    return value
  }

  #make(bytes: Buffer, from: number, to: number): T {
    const text = readText(bytes, from, to)
    return text === null ? this.#unreadable : this.#parse(text)
  }
}

const keyBytesMaximum = 96

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
