export * from "./accountStatement.ts"
export * from "./receivablesByAge.ts"
export * from "./selectEntries.ts"
export * from "./statements.ts"
