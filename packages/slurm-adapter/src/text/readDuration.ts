/** What stands for text that is no duration. */
export const badDuration = -2

/**
 * The bytes of `MM:SS`, `MM:SS.mmm`, `HH:MM:SS` or `D-HH:MM:SS`, as sacct prints durations, to milliseconds; `badDuration` for
 * anything else.
 */
export const readDurationMilliseconds = (bytes: Uint8Array, from: number, to: number): number => {
  let days = 0
  let seconds = 0
  let part = 0
  let partDigits = 0
  let colons = 0
  let at = from
  for (; at < to; at++) {
    const byte = bytes[at] as number
    const digit = byte - 48
    if (digit >= 0 && digit <= 9) {
      part = part * 10 + digit
      if (++partDigits > 6) return badDuration
      continue
    }
    if (partDigits === 0) return badDuration
    if (byte === 58 && colons < 2) {
      colons++
      seconds = (seconds + part) * 60
    } else if (byte === 45 && colons === 0 && days === 0) days = part
    else if (byte === 46) break
    else return badDuration
    part = 0
    partDigits = 0
  }
  const isWhole = colons > 0 && partDigits === 2 && (days === 0 || colons === 2)
  if (!isWhole) return badDuration
  const milliseconds = at < to ? readThousandths(bytes, at + 1, to) : 0
  return milliseconds < 0 ? badDuration : (days * 86_400 + seconds + part) * 1_000 + milliseconds
}

const readThousandths = (bytes: Uint8Array, from: number, to: number): number => {
  if (to <= from || to - from > 6) return -1
  let thousandths = 0
  for (let at = from; at < to; at++) {
    const digit = (bytes[at] as number) - 48
    if (digit < 0 || digit > 9) return -1
    if (at - from < 3) thousandths += digit * (at === from ? 100 : at === from + 1 ? 10 : 1)
  }
  return thousandths
}
