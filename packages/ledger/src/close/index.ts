export * from "./closePeriod.ts"
export * from "./closeYear.ts"
export * from "./reopenPeriod.ts"
export * from "./tieOut.ts"
