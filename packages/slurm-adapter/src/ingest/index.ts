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
  startCursor,
} from "./IngestCursor.ts"
export { nextWindowSeconds, restJobsWanted } from "./nextWindowSeconds.ts"
