export { checkDocumentLimits } from "./checkDocumentLimits.ts"
export { documentProblemsMaximum } from "./DocumentLimits.ts"
export { type ParsedDocument, parseDocumentText } from "./parseDocumentText.ts"
export type { TextPlace, TextProblem } from "./TextProblem.ts"
