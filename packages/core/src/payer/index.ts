export { type Payers, preparePayers } from "./preparePayers.ts"
export { type PayerResolution, type PayerShare, resolvePayer } from "./resolvePayer.ts"
