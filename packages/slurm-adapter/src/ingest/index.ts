export { holdConflictsOf } from "./holdConflicts.ts"
export {
  type Advance,
  advance,
  type IngestCursor,
  type IngestSettings,
  ingestDefaults,
  type KeptReason,
  planRead,
  type ReadAnswer,
  type ReadPlan,
  type ReadProgress,
  startCursor,
  startRead,
} from "./IngestCursor.ts"
export { nextWindowSeconds, restJobsWanted } from "./nextWindowSeconds.ts"
export { openJobQuestions, openJobsPerQuestion } from "./openJobQuestions.ts"
