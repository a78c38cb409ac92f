export { type AuditChain, auditChain, type ChainSecrets } from "./AuditChain.ts"
export * from "./BillingStore.ts"
export { billingStoreLayer, openStore, type StoreConfig, type StoreLocation } from "./openStore.ts"
export { StoreError, type StoreErrorReason } from "./StoreError.ts"
