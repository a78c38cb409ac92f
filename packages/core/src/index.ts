export { type CanonicalValue, canonicalJson } from "./canonicalJson.ts"
export * from "./money/index.ts"
export * from "./receipt/index.ts"
export * from "./time/index.ts"
