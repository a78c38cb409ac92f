import type { Decimal } from "../../money/Decimal.ts"

/**
 * A formula of language 1 as a tree: what is checked, hashed, printed, interpreted and compiled. `at` is the 1-based column of the
 * token that made the node; it serves messages only and is no part of the stored form (`formulaJson`).
 *
 *   number   12.50                      name     cpu_hours
 *   text     "high"                     negate   -x
 *   binary   x + y, x - y, x * y, x / y compare  x < y, x == "high"
 *   call     if(c, x, y), min, max, ceil, floor, round(x, decimals), divide(x, y, decimals)
 */
export type Formula =
  | { readonly kind: "number"; readonly value: Decimal; readonly at: number }
  | { readonly kind: "text"; readonly value: string; readonly at: number }
  | { readonly kind: "name"; readonly name: string; readonly at: number }
  | { readonly kind: "negate"; readonly of: Formula; readonly at: number }
  | { readonly kind: "binary"; readonly operator: BinaryOperator; readonly left: Formula; readonly right: Formula; readonly at: number }
  | { readonly kind: "compare"; readonly operator: CompareOperator; readonly left: Formula; readonly right: Formula; readonly at: number }
  | { readonly kind: "call"; readonly name: FunctionName; readonly of: readonly Formula[]; readonly at: number }

export type BinaryOperator = "+" | "-" | "*" | "/"

export type CompareOperator = "<" | "<=" | ">" | ">=" | "==" | "!="

export type FunctionName = "if" | "min" | "max" | "ceil" | "floor" | "round" | "divide"

export const formulaCharactersMaximum = 4_000
export const formulaNodesMaximum = 500
export const formulaDepthMaximum = 40
export const formulaDigitsMaximum = 30
/** All numbers of a formula together: what keeps every intermediate value small enough to compute in microseconds. */
export const formulaDigitsTotalMaximum = 400
export const formulaDecimalsMaximum = 12

/** Number of arguments, from and to. */
export const functionArity: Readonly<Record<FunctionName, readonly [number, number]>> = {
  if: [3, 3],
  min: [2, 20],
  max: [2, 20],
  ceil: [1, 1],
  floor: [1, 1],
  round: [2, 2],
  divide: [3, 3],
}

export const isFunctionName = (name: string): name is FunctionName => Object.hasOwn(functionArity, name)

export interface FormulaError {
  /** 1-based column. */
  readonly at: number
  readonly reason: FormulaErrorReason
  /** A sentence with what to do. */
  readonly message: string
}

export type FormulaErrorReason =
  | "too-long"
  | "too-large"
  | "too-deep"
  | "too-many-digits"
  | "syntax"
  | "unknown-name"
  | "unknown-function"
  | "arguments"
  | "unit"
  | "type"
  | "division"
