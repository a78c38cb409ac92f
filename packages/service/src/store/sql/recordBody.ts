import { hash } from "node:crypto"
import type { JobRecord, TresCounts } from "@hpc-billing/core"

const sortedCounts = (counts: TresCounts): TresCounts => {
  const names = Object.keys(counts)
  if (names.length < 2) return counts
  const sorted: Record<string, number> = {}
  for (const name of names.sort()) sorted[name] = counts[name] as number
  return sorted
}

/** One text for one content, whatever order an adapter built the record in: its hash tells versions apart. */
export const encodeRecordBody = (record: JobRecord): string =>
  JSON.stringify({
    cluster: record.cluster,
    jobId: record.jobId,
    submitSeconds: record.submitSeconds,
    displayJobId: record.displayJobId,
    name: record.name,
    user: record.user,
    account: record.account,
    partition: record.partition,
    qos: record.qos,
    reservation: record.reservation,
    wckey: record.wckey,
    state: record.state,
    eligibleSeconds: record.eligibleSeconds,
    startSeconds: record.startSeconds,
    endSeconds: record.endSeconds,
    elapsedSeconds: record.elapsedSeconds,
    suspendedSeconds: record.suspendedSeconds,
    suspendedWindows: record.suspendedWindows?.map(({ startSeconds, endSeconds }) => ({ startSeconds, endSeconds })) ?? null,
    requested: sortedCounts(record.requested),
    allocated: sortedCounts(record.allocated),
    nodeList: record.nodeList,
    exitCode: record.exitCode,
    derivedExitCode: record.derivedExitCode,
    timeLimitSeconds: record.timeLimitSeconds,
    energyJoules: record.energyJoules?.toString() ?? null,
    consumedCpuMilliseconds: record.consumedCpuMilliseconds,
    consumedMemoryBytesMaximum: record.consumedMemoryBytesMaximum,
  } satisfies { [Field in keyof JobRecord]: unknown })

export const decodeRecordBody = (body: string): JobRecord => {
  const record = JSON.parse(body)
  if (record.energyJoules !== null) record.energyJoules = BigInt(record.energyJoules)
  return record
}

/** What tells the versions of a job apart: their content and, of one that came back after another, the sequence under which it did. */
export const versionSha256 = (body: string, returnedAs: bigint | null): Buffer =>
  hash("sha256", returnedAs === null ? body : `${body}\n${returnedAs}`, "buffer")
