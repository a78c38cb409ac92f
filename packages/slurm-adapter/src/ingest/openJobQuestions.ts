import { type JobRecord, jobKey } from "@hpc-billing/core"
import type { IngestCursor } from "./IngestCursor.ts"

/** So many ids fit on every command line. */
export const openJobsPerQuestion = 500

/** The ids of all open jobs that a read did not bring, in questions of a length that can be asked. */
export const openJobQuestions = (openJobs: IngestCursor["openJobs"], brought: readonly JobRecord[]): readonly (readonly string[])[] => {
  const keys = new Set(brought.map(jobKey))
  const ids = [...new Set(openJobs.filter(({ key }) => !keys.has(key)).map(({ jobId }) => jobId))]
  return Array.from({ length: Math.ceil(ids.length / openJobsPerQuestion) }, (_, index) =>
    ids.slice(index * openJobsPerQuestion, (index + 1) * openJobsPerQuestion),
  )
}
