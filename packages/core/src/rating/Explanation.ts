/**
 * Why an amount is what it is, step by step, as data: a code for each step and the figures that stand in its sentence. Made by
 * `explainLine` and `explainJob`; `explanationText` writes it out for people. The figures are final text: nothing is computed
 * from an explanation.
 */
export interface ExplanationStep {
  readonly code: ExplanationCode
  readonly values: Readonly<Record<string, string>>
}

export type ExplanationCode =
  | "job"
  | "job-without-name"
  | "reading"
  | "ran"
  | "runs"
  | "never-ran"
  | "covers"
  | "held"
  | "suspended"
  | "payer"
  | "payer-share"
  | "unmapped"
  | "tier"
  | "card"
  | "card-open"
  | "card-not-in-book"
  | "basis"
  | "override"
  | "override-open"
  | "factor"
  | "note"
  | "part"
  | "formula"
  | "trace"
  | "choice"
  | "price"
  | "price-of-base"
  | "price-between"
  | "by-month"
  | "zero"
  | "tax-rate"
  | "tax-exempt"
  | "corrects"
  | "corrects-line"
  | "came-late"
  | "period"
  | "period-of-account"
  | "period-of-user"
  | "period-factor"
  | "allowance"
  | "band"
  | "package"
  | "minimum"
  | "cap"
  | "period-other"
  | "provisional"
  | "total"
  | "total-so-far"

export type Explanation = readonly ExplanationStep[]

export type Language = "en" | "th"
