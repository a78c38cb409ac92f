import { Effect } from "effect"
import { BillingStore, type JobReference } from "../store/index.ts"

/** The records of every attempt of a job that were current when the ingest head stood at the sequence. */
export const recordsOfJob = Effect.fnUntraced(function* (tenant: string, job: JobReference, asOfSequence: bigint) {
  const store = yield* BillingStore
  const versions = yield* store.recordVersions(tenant, job)
  return versions
    .filter(
      ({ ingestSequence, replacedBy }) =>
        ingestSequence !== null && ingestSequence <= asOfSequence && (replacedBy === null || replacedBy > asOfSequence),
    )
    .map(({ record }) => record)
})
