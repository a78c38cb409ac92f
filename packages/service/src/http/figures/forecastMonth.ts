import { divideHalfUp, type Window } from "@hpc-billing/core"

/** An estimate of what an open month will come to: never billed, always labelled. */
export interface Forecast {
  readonly lowMinor: bigint
  readonly middleMinor: bigint
  readonly highMinor: bigint
}

const daySeconds = 86_400
const hiddenDays = 3
const meanDays = 7

/**
 * Settled, and running at its present worth, and the mean of the last seven complete days for each day left; the band is that of
 * the least and the dearest of these days. null before the fourth day and once the month has ended. `dayMinor` are complete days in order.
 */
export const forecastMonth = (month: {
  readonly window: Window
  readonly nowSeconds: number
  readonly settledMinor: bigint
  readonly runningMinor: bigint
  readonly dayMinor: readonly bigint[]
}): Forecast | null => {
  const { window, nowSeconds, settledMinor, runningMinor } = month
  const last = month.dayMinor.slice(-meanDays)
  if (nowSeconds >= window.endSeconds || month.dayMinor.length < hiddenDays) return null
  const secondsLeft = BigInt(window.endSeconds - nowSeconds)
  const reached = settledMinor + runningMinor
  const spread = (sumMinor: bigint, days: bigint): bigint => reached + divideHalfUp(sumMinor * secondsLeft, days * BigInt(daySeconds))
  const sum = last.reduce((total, day) => total + day, 0n)
  const sorted = [...last].sort((left, right) => (left < right ? -1 : left > right ? 1 : 0))
  return {
    lowMinor: spread(sorted[0] as bigint, 1n),
    middleMinor: spread(sum, BigInt(last.length)),
    highMinor: spread(sorted.at(-1) as bigint, 1n),
  }
}
