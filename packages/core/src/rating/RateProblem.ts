import { type BlanksOf, fillBlanks } from "../wording.ts"
import { type RateProblemCode, rateProblemTexts } from "./rateProblemTexts.ts"

/** One thing wrong in a document about prices or payers: where, what kind, and a sentence that says what to do. */
export interface RateProblem {
  /** `cards[0].meters[1].price`; empty for the whole document. */
  readonly path: string
  readonly reason: RateProblemReason
  /** The path and the English of the code. */
  readonly message: string
  readonly code: RateProblemCode
  readonly values: Readonly<Record<string, string>>
}

export const rateProblem = <Code extends RateProblemCode>(
  path: string,
  reason: RateProblemReason,
  code: Code,
  ...[given]: BlanksOf<(typeof rateProblemTexts)[Code]>
): RateProblem => {
  const values: Readonly<Record<string, string>> = given ?? {}
  return { path, reason, message: `${path || "the document"}: ${fillBlanks(rateProblemTexts[code], values)}`, code, values }
}

export type RateProblemReason =
  | "unknown-field"
  | "missing-field"
  | "wrong-value"
  | "too-large"
  | "unknown-zone"
  | "no-such-date"
  | "until-not-after-from"
  | "duplicate"
  | "overlapping-dates"
  | "gap"
  | "negative-price"
  | "ambiguous"
  | "unknown-tier"
  | "unknown-resource"
  | "unknown-unit"
  | "unknown-sku"
  | "unknown-tax"
  | "meter-shape"
  | "bands"
  | "period-start"
  | "formula"
  | "override-shape"
  | "shares"

export const pathText = (path: readonly PropertyKey[]): string =>
  path.map((part, index) => (typeof part === "number" ? `[${part}]` : index === 0 ? String(part) : `.${String(part)}`)).join("")
