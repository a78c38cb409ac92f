export { cardHash } from "./cardHash.ts"
export { checkRateBook } from "./checkRateBook.ts"
export { type BilledLine, correctionLines } from "./correctionLines.ts"
export type { Explanation, ExplanationCode, ExplanationStep, Language } from "./Explanation.ts"
export { type Estimate, estimateJob } from "./estimateJob.ts"
export { type ExplainContext, explainJob, explainLine } from "./explainLine.ts"
export { explanationText } from "./explanationText.ts"
export { checkFormula, type FormulaFacts } from "./formula/checkFormula.ts"
export { completeFormula, type FormulaCompletion } from "./formula/completeFormula.ts"
export type { Formula, FormulaError, FormulaErrorReason } from "./formula/Formula.ts"
export { cardNames, type FormulaName, type FormulaNames } from "./formula/FormulaNames.ts"
export { parseFormula } from "./formula/parseFormula.ts"
export { formulaJson, printFormula } from "./formula/printFormula.ts"
export { lineJson } from "./lineJson.ts"
export { periodLines } from "./periodLines.ts"
export {
  type Plan,
  type PlanBreach,
  type PlanChecks,
  type PlanInput,
  type PlannedPayer,
  type PlanPeriod,
  planChange,
} from "./planChange.ts"
export { planMarkdown } from "./planMarkdown.ts"
export { prepareRates, type Rates } from "./prepareRates.ts"
export { priceChangeSeconds } from "./priceChangeSeconds.ts"
export { type JobPrice, priceJob } from "./priceJob.ts"
export { unmappedPayerId } from "./priceSegments.ts"
export type { Meter, RateCard, RateOverride, Tier, TierRule } from "./RateBook.ts"
export { RateBook } from "./RateBook.ts"
export type { CorrectionReference, RatedLine, RateReference } from "./RatedLine.ts"
export type { RateProblem, RateProblemReason } from "./RateProblem.ts"
export { type Reading, readReadings } from "./Reading.ts"
export type { RateFactor, ResolvedMeter, ResolvedRate } from "./ResolvedRate.ts"
export { rateReading, usageOfReading } from "./rateReading.ts"
export { type RatingContext, rateUsage, zeroSku } from "./rateUsage.ts"
export { type RatingInput, type RatingRecord, ratePeriod, ratingEngineVersion, ratingRecord } from "./ratingRecord.ts"
export { type PlannedJob, readSbatch, type SbatchDefaults, type SbatchProblem } from "./readSbatch.ts"
export { type RateSubject, resolveRate } from "./resolveRate.ts"
export { cardOfSeedFormula, type SeedFormula, seedFormulaOfCard } from "./seedFormula.ts"
export { type SlurmBillingMode, slurmBilling } from "./slurmBilling.ts"
export { type RatingDifference, type RatingVerdict, verifyRating } from "./verifyRating.ts"
export { type ZeroReason, zeroReasonText } from "./ZeroReason.ts"
