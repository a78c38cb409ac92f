import { Clock, Effect } from "effect"

/** The system's clock with its wall time set by a value: the same dates on every run and on every day; what waits still waits. */
export const testingClock = (atSeconds: () => number): Clock.Clock => {
  const milliseconds = (): number => atSeconds() * 1_000
  const nanoseconds = (): bigint => BigInt(milliseconds()) * 1_000_000n
  return Object.assign(Object.create(Effect.runSync(Clock.Clock)), {
    currentTimeMillisUnsafe: milliseconds,
    currentTimeMillis: Effect.sync(milliseconds),
    currentTimeNanosUnsafe: nanoseconds,
    currentTimeNanos: Effect.sync(nanoseconds),
  } satisfies Partial<Clock.Clock>)
}
