import { clockShiftSeconds, type JobRecord } from "@hpc-billing/core"
import { Effect, Stream } from "effect"
import { BillingStore } from "../store/index.ts"
import type { StoreFinding } from "./StoreFinding.ts"

/** Pairs of usages that look like one job, read once with its local times taken for those of another zone: both may be billed. */
export const findReadTwice = Effect.fn("findReadTwice")(function* (tenant: string) {
  const store = yield* BillingStore
  const findings: StoreFinding[] = []
  let attempts: JobRecord[] = []
  yield* Stream.runForEach(store.repeatedJobs(tenant), (record) =>
    Effect.sync(() => {
      const [first] = attempts
      if (first?.cluster !== record.cluster || first.jobId !== record.jobId) attempts = []
      for (const earlier of attempts) {
        const shiftSeconds = clockShiftSeconds(earlier, record)
        if (shiftSeconds !== null) findings.push(findingOf(earlier, record, shiftSeconds))
      }
      attempts.push(record)
    }),
  )
  return findings
})

const findingOf = (earlier: JobRecord, later: JobRecord, shiftSeconds: number): StoreFinding => ({
  row: `job ${later.jobId} of cluster ${later.cluster}`,
  finding: `has two usages, submitted at ${utcText(earlier)} and ${utcText(later)}, whose submit, start and end differ by the same ${hoursText(shiftSeconds)}: one job read twice, once with its times in the wrong zone, and billed twice where both are priced. Compare both with sacct, and credit what was billed for the one that Slurm does not have.`,
})

const utcText = ({ submitSeconds }: JobRecord): string => new Date(submitSeconds * 1_000).toISOString().replace(".000Z", "Z")

const hoursText = (seconds: number): string => {
  const minutes = (seconds % 3_600) / 60
  return `${Math.floor(seconds / 3_600)} h${minutes === 0 ? "" : ` ${minutes} min`}`
}
