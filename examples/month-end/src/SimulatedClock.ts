import { Clock, Effect } from "effect"

/** A clock whose wall time is set by hand: the books of past months are dated as if they had been kept then, and the same on every run. */
export interface SimulatedClock extends Clock.Clock {
  readonly setSeconds: (atSeconds: number) => void
}

export const simulatedClock = (atSeconds: number): Effect.Effect<SimulatedClock> =>
  Effect.map(Clock.Clock, (system) => {
    let millis = atSeconds * 1_000
    return {
      currentTimeMillisUnsafe: () => millis,
      currentTimeMillis: Effect.sync(() => millis),
      currentTimeNanosUnsafe: () => BigInt(millis) * 1_000_000n,
      currentTimeNanos: Effect.sync(() => BigInt(millis) * 1_000_000n),
      monotonicTimeNanosUnsafe: () => system.monotonicTimeNanosUnsafe(),
      monotonicTimeNanos: system.monotonicTimeNanos,
      sleep: (duration) => system.sleep(duration),
      setSeconds: (next) => {
        millis = next * 1_000
      },
    }
  })
