export { decodeRestAnswer, type RestAnswerOptions } from "./decodeRestAnswer.ts"
export type { RestAddress } from "./httpGet.ts"
export { type RestClientOptions, readRestJobs, readRestJobsById } from "./restClient.ts"
export { type RestVersion, restVersions } from "./restJob.ts"
