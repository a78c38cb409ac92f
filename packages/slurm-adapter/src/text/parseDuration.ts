const durationText = /^(?:(?:(\d{1,6})-)?(\d{1,6}):)?(\d{1,3}):(\d{2})(?:\.(\d{1,6}))?$/

/** `MM:SS`, `MM:SS.mmm`, `HH:MM:SS` or `D-HH:MM:SS` as sacct prints them, in milliseconds; null when it is none of these. */
export const parseDurationMilliseconds = (text: string): number | null => {
  const match = durationText.exec(text)
  if (match === null) return null
  const [, days = "0", hours = "0", minutes, seconds, fraction = "0"] = match
  const wholeSeconds = Number(days) * 86_400 + Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds)
  return wholeSeconds * 1_000 + Number(fraction.padEnd(3, "0").slice(0, 3))
}
