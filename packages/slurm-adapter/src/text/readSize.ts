import { isWrapped } from "./isUnset.ts"

/** What stands for an empty field, or a size that Slurm has not set. */
export const noSize = -1
/** What stands for text that is no size. */
export const badSize = -2

/** The bytes of `3332K`, `12.5M` or `3411968` to bytes of memory. sacct rounds a size that it converts, so this is as near as the text says. */
export const readSize = (bytes: Uint8Array, from: number, to: number): number => {
  if (from === to) return noSize
  let value = 0
  let unit = 1
  let fraction = 0
  for (let at = from; at < to; at++) {
    const byte = bytes[at] as number
    const digit = byte - 48
    if (digit >= 0 && digit <= 9) {
      value = value * 10 + digit
      fraction *= 10
    } else if (byte === 46 && fraction === 0 && at > from) fraction = 1
    else {
      const power = " KMGTPE".indexOf(String.fromCharCode(byte))
      if (power < 1 || at + 1 < to || at === from) return badSize
      unit = 1024 ** power
    }
  }
  const size = Math.round((value * unit) / (fraction === 0 ? 1 : fraction))
  if (size <= Number.MAX_SAFE_INTEGER) return size
  return isWrapped(size) ? noSize : badSize
}
