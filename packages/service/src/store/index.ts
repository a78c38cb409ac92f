export * from "./BillingStore.ts"
export * from "./StoreError.ts"
