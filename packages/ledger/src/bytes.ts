// Every runtime has the Encoding standard; only the compiler's library for it is left out here, with the rest of the DOM.
declare const TextEncoder: new () => {
  readonly encode: (text: string) => Uint8Array
  readonly encodeInto: (text: string, target: Uint8Array) => { readonly written: number }
}
declare const TextDecoder: new (
  label: string,
  options: { fatal: boolean; ignoreBOM: boolean },
) => {
  readonly decode: (bytes: Uint8Array) => string
}

const encoder = new TextEncoder()
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })
const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
const sextets = new Map([...alphabet].map((letter, index) => [letter, index]))
const hexOfByte = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"))

export const utf8 = (text: string): Uint8Array => encoder.encode(text)

/** Writes the text into the target, which has room for it, and says how many bytes it took. */
export const encodeInto = (text: string, target: Uint8Array): number => encoder.encodeInto(text, target).written

/** The text of UTF-8 bytes; null when they are not UTF-8. */
export const textOfUtf8 = (bytes: Uint8Array): string | null => {
  try {
    return decoder.decode(bytes)
  } catch {
    return null
  }
}

export const hex = (bytes: Uint8Array): string => {
  let text = ""
  for (const byte of bytes) text += hexOfByte[byte]
  return text
}

/** The bytes of lower or upper case hex; null when the text is not hex. */
export const bytesOfHex = (text: string): Uint8Array | null =>
  /^([0-9a-fA-F]{2})*$/.test(text)
    ? Uint8Array.from({ length: text.length / 2 }, (_, at) => Number.parseInt(text.slice(at * 2, at * 2 + 2), 16))
    : null

export const base64 = (bytes: Uint8Array): string => {
  let text = ""
  for (let at = 0; at < bytes.length; at += 3) {
    const left = bytes.length - at
    const bits = ((bytes[at] as number) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0)
    text += alphabet[bits >> 18]
    text += alphabet[(bits >> 12) & 63]
    text += left > 1 ? alphabet[(bits >> 6) & 63] : "="
    text += left > 2 ? alphabet[bits & 63] : "="
  }
  return text
}

/** The bytes of padded base64 in its one canonical spelling; null for any other text. */
export const bytesOfBase64 = (text: string): Uint8Array | null => {
  if (text.length % 4 !== 0) return null
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0
  const bytes = new Uint8Array((text.length / 4) * 3 - padding)
  let at = 0
  for (let start = 0; start < text.length; start += 4) {
    let bits = 0
    for (let index = start; index < start + 4; index += 1) {
      const sextet = index >= text.length - padding ? 0 : sextets.get(text.charAt(index))
      if (sextet === undefined) return null
      bits = (bits << 6) | sextet
    }
    for (let shift = 16; shift >= 0 && at < bytes.length; shift -= 8) bytes[at++] = (bits >> shift) & 255
  }
  return base64(bytes) === text ? bytes : null
}

export const concatenate = (...parts: readonly Uint8Array[]): Uint8Array => {
  let length = 0
  for (const part of parts) length += part.length
  const whole = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** Compares every byte whatever the first difference, so that the time taken says nothing of where it is. */
export const equalBytes = (left: Uint8Array, right: Uint8Array): boolean => {
  if (left.length !== right.length) return false
  let difference = 0
  for (let at = 0; at < left.length; at += 1) difference |= (left[at] as number) ^ (right[at] as number)
  return difference === 0
}
