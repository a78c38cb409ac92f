export * from "./audit/AuditRecord.ts"
export * from "./Entry.ts"
export * from "./Period.ts"
