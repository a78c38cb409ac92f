export type { Decoded } from "./Decoded.ts"
export * from "./reconcile/index.ts"
export { type MissingColumn, SlurmReadError, type SlurmReadReason } from "./SlurmReadError.ts"
export * from "./sacct/index.ts"
