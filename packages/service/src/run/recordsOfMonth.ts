import { type JobRecord, jobKey, type Window } from "@hpc-billing/core"
import { Effect, Stream } from "effect"
import { BillingStore } from "../store/index.ts"
import { recordsOfJob } from "./recordsOfJob.ts"

/**
 * The records whose time lies in the window, in order of their keys. A resized job's later segment carries its first start, so
 * the segments before it are read along: only with them can it be clipped.
 */
export const recordsOfMonth = Effect.fnUntraced(function* (tenant: string, window: Window, asOfSequence: bigint) {
  const store = yield* BillingStore
  const found = new Map<string, JobRecord>()
  yield* Stream.runForEach(store.records(tenant, { window, asOfSequence }), (record) =>
    Effect.sync(() => {
      found.set(jobKey(record), record)
    }),
  )
  for (const { cluster, jobId, startSeconds, submitSeconds } of [...found.values()]) {
    if (startSeconds === null || startSeconds >= submitSeconds) continue
    for (const record of yield* recordsOfJob(tenant, { cluster, jobId }, asOfSequence)) found.set(jobKey(record), record)
  }
  return [...found].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, record]) => record)
})
