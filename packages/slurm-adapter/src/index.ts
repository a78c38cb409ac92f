export {
  type BillingMode,
  type BillingWeights,
  type PartitionBilling,
  parseBillingWeights,
  partitionBilling,
  slurmBilling,
} from "./billing/slurmBilling.ts"
export { csvColumns } from "./csv/csvColumns.ts"
export { type CsvOptions, decodeCsvChunks } from "./csv/decodeCsvChunks.ts"
export { readCsvFile } from "./csv/readCsvFile.ts"
export type { Decoded } from "./Decoded.ts"
export * from "./ingest/index.ts"
export { expandNodeList } from "./nodes/expandNodeList.ts"
export * from "./reconcile/index.ts"
export * from "./rest/index.ts"
export { type MissingColumn, SlurmReadError, type SlurmReadReason } from "./SlurmReadError.ts"
export * from "./sacct/index.ts"
