import { Clock, Effect } from "effect"
import { refuse } from "../run/RunError.ts"

const pattern = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:\d{2})$/

/** The instant at which a file was exported; one that no export can have had yet would stand against every later pull. */
export const exportedAtMicroseconds = Effect.fnUntraced(function* (text: string) {
  const milliseconds = Date.parse(text)
  // a day that its month does not have is another day to a machine
  const date = pattern.exec(text)?.[1] ?? ""
  const isWritten = !Number.isNaN(milliseconds) && new Date(`${date}T00:00:00Z`).toJSON()?.slice(0, 10) === date
  if (!isWritten)
    return yield* refuse("source-unreadable", `--exported-at "${text}" must be a time with its zone, such as 2026-10-31T23:59:59+07:00.`)
  if (milliseconds > (yield* Clock.currentTimeMillis))
    return yield* refuse("source-unreadable", `--exported-at "${text}" is in the future. Give the time at which the file was exported.`)
  return BigInt(milliseconds) * 1_000n
})
