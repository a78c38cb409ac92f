import { rescaleExact } from "../money/Decimal.ts"
import { divideFloor } from "../money/divide.ts"
import type { JobRecord } from "../usage/JobRecord.ts"
import type { Slice, Usage } from "../usage/Usage.ts"
import type { RatedLine } from "./RatedLine.ts"
import { type Reading, readingDecimalsMaximum, readingName } from "./Reading.ts"
import { type RatingContext, rateParts, slicesInWindows } from "./rateUsage.ts"

/** A reading in the shape of a usage: what the rules of jobs (payer, tier, price, cut, correction) look at. */
export const usageOfReading = (reading: Reading): Usage => {
  const record: JobRecord = {
    cluster: reading.service,
    jobId: reading.id,
    submitSeconds: reading.startSeconds,
    displayJobId: reading.id,
    name: reading.description,
    user: reading.user,
    account: reading.account,
    partition: "",
    qos: "",
    reservation: "",
    wckey: "",
    state: "COMPLETED",
    eligibleSeconds: reading.startSeconds,
    startSeconds: reading.startSeconds,
    endSeconds: reading.endSeconds,
    elapsedSeconds: reading.endSeconds - reading.startSeconds,
    suspendedSeconds: 0,
    suspendedWindows: null,
    requested: {},
    allocated: {},
    nodeList: "",
    exitCode: "",
    derivedExitCode: "",
    timeLimitSeconds: null,
    energyJoules: null,
    consumedCpuMilliseconds: null,
    consumedMemoryBytesMaximum: null,
  }
  return {
    id: `${reading.service}/reading/${reading.id}`,
    record,
    startSeconds: reading.startSeconds,
    endSeconds: reading.endSeconds,
    perSecond: {},
    suspension: { kind: "none" },
    energyJoules: null,
    provisional: false,
    flags: [],
  }
}

export const isReading = ({ id, record }: Usage): boolean => id === `${record.cluster}/reading/${record.jobId}`

/**
 * The lines of one reading, by the rules of jobs: cut at period bounds and price changes, its quantity spread evenly over its
 * interval so that the parts sum to it. A reading that no meter of the card in force names (resource and unit) gives a zero line.
 */
export const rateReading = (reading: Reading, context: RatingContext): readonly RatedLine[] =>
  rateParts(usageOfReading(reading), context, cutReading(reading))

export const slicesOfReading = (reading: Reading, context: RatingContext): readonly Slice[] =>
  slicesInWindows(usageOfReading(reading), context, cutReading(reading))

const cutReading = (reading: Reading) => {
  const whole = rescaleExact(reading.quantity, readingDecimalsMaximum).units
  const seconds = BigInt(reading.endSeconds - reading.startSeconds)
  const name = readingName(`reading/${reading.resource}`, reading.unit)
  const until = (instant: number): bigint => divideFloor(whole * BigInt(instant - reading.startSeconds), seconds)
  return (cuts: readonly number[], usage: Usage): readonly Slice[] => {
    const bounds = [...new Set([reading.startSeconds, ...cuts, reading.endSeconds])].sort((left, right) => left - right)
    return bounds.slice(1).map((endSeconds, index): Slice => {
      const startSeconds = bounds[index] as number
      const before = until(startSeconds)
      return { usage, startSeconds, endSeconds, before: { [name]: before }, quantities: { [name]: until(endSeconds) - before } }
    })
  }
}
