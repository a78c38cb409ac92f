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
  | "ran"
  | "never-ran"
  | "held"
  | "suspended"
  | "payer"
  | "unmapped"
  | "tier"
  | "card"
  | "card-not-in-book"
  | "override"
  | "factor"
  | "imputed"
  | "flag"
  | "part"
  | "formula"
  | "trace"
  | "choice"
  | "price"
  | "price-of-base"
  | "price-between"
  | "zero"
  | "tax-rate"
  | "tax-exempt"
  | "corrects"
  | "period"
  | "provisional"
  | "total"

export type Explanation = readonly ExplanationStep[]

export type Language = "en" | "th"
