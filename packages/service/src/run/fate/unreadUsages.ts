import { type BilledLine, type JobRecord, jobKey, type Reading, usageOfReading } from "@hpc-billing/core"
import { Effect } from "effect"
import { BillingStore } from "../../store/index.ts"
import { jobOfUsage } from "../lateUsages.ts"

/** Of the usages that lines charge, those that neither a record nor a reading tells of. What is read of the month already is not read again. */
export const unreadUsages = Effect.fnUntraced(function* (
  tenant: string,
  standing: readonly BilledLine[],
  records: readonly JobRecord[],
  readings: readonly Reading[],
) {
  const store = yield* BillingStore
  const read = new Set([...records.map(jobKey), ...readings.map((reading) => usageOfReading(reading).id)])
  const unread = new Set<string>()
  for (const { line } of standing) {
    if (line.usageId === null || read.has(line.usageId)) continue
    const versions = yield* store.recordVersions(tenant, jobOfUsage(line.usageId))
    if (versions.some(({ record }) => jobKey(record) === line.usageId)) read.add(line.usageId)
    else unread.add(line.usageId)
  }
  return unread as ReadonlySet<string>
})
