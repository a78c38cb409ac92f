export * from "./closePeriod.ts"
export * from "./tieOut.ts"
