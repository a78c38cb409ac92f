export * from "./canonicalJournal.ts"
export * from "./journalLines.ts"
export * from "./postEntry.ts"
export * from "./trialBalance.ts"
