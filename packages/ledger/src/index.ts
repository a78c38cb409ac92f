export * from "./audit/index.ts"
export * from "./Cryptography.ts"
export * from "./Entry.ts"
export * from "./Period.ts"
