export { decodeRestAnswer, type RestAnswerOptions } from "./decodeRestAnswer.ts"
export { type RestVersion, restVersions } from "./restJob.ts"
