import { Clock, Effect } from "effect"
import { testingClock } from "./testingClock.ts"

/** Provides a clock that stands still at an instant: seconds, or a text such as `2026-11-10T23:30:00+07:00`. */
export const clockAt = (instant: string | number) => {
  const seconds = typeof instant === "number" ? instant : Date.parse(instant) / 1_000
  return Effect.provideService(
    Clock.Clock,
    testingClock(() => seconds),
  )
}
