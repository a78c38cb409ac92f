export { decodeSacctChunks } from "./decodeSacctChunks.ts"
export { readSacctFile } from "./readSacctFile.ts"
export { type SacctCounts, type SacctDecoder, type SacctOptions, sacctDecoder } from "./sacctDecoder.ts"
