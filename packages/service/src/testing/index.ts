export { postgresBinaries, type TestingPostgres, testingPostgres } from "./postgres.ts"
export * from "./samples.ts"
export { type ConformanceCase, storeConformance, verifyBalances, verifyStoredChain } from "./storeConformance.ts"
export { testingChain, testingChainKeys } from "./testingChain.ts"
