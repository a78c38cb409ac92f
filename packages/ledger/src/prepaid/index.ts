export * from "./applyPrepaid.ts"
export * from "./drawPrepaid.ts"
export * from "./Prepaid.ts"
export * from "./topUpEntry.ts"
