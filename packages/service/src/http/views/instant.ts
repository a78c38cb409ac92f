import { localTime } from "@hpc-billing/core"

/** `2026-10-31T17:00:00Z`. */
export const instantText = (atSeconds: number): string => new Date(atSeconds * 1_000).toISOString().replace(".000Z", "Z")

export const instantOrNull = (atSeconds: number | null): string | null => (atSeconds === null ? null : instantText(atSeconds))

export const microsecondsText = (atMicroseconds: bigint): string => instantText(Number(atMicroseconds / 1_000_000n))

const digits = (value: number): string => String(value).padStart(2, "0")

/** `2026-10-31 23:59` in the zone. */
export const localText = (atSeconds: number, zone: string): string => {
  const { year, month, day, hour, minute } = localTime(atSeconds, zone)
  return `${year}-${digits(month)}-${digits(day)} ${digits(hour)}:${digits(minute)}`
}

/** `1-02:03:04`, as Slurm writes a time span. */
export const elapsedText = (seconds: number): string => {
  const [days, hours, minutes, rest] = [
    Math.trunc(seconds / 86_400),
    Math.trunc(seconds / 3_600) % 24,
    Math.trunc(seconds / 60) % 60,
    seconds % 60,
  ]
  const clock = `${digits(hours)}:${digits(minutes)}:${digits(rest)}`
  return days === 0 ? clock : `${days}-${clock}`
}
