import { dimensionText } from "./Dimension.ts"
import { type FunctionName, functionArity } from "./Formula.ts"
import type { FormulaNames } from "./FormulaNames.ts"

/** What an editor offers at the cursor. */
export interface FormulaCompletion {
  /** What replaces the characters from `from` (0-based) to the cursor. */
  readonly insert: string
  readonly from: number
  readonly kind: "name" | "function"
  /** Dimension or arguments, for the list. */
  readonly detail: string
  readonly meaning: string
}

const functionHelp: Readonly<Record<FunctionName, readonly [detail: string, meaning: string]>> = {
  if: ["if(condition, a, b)", "a where the condition holds, else b"],
  min: ["min(a, b, ...)", "the smallest"],
  max: ["max(a, b, ...)", "the largest"],
  ceil: ["ceil(a)", "up to the next whole number"],
  floor: ["floor(a)", "down to a whole number"],
  round: ["round(a, decimals)", "to so many decimals, half away from zero"],
  divide: ["divide(a, b, decimals)", "a / b to so many decimals, half away from zero; b above zero"],
}

/** The names and functions that continue what stands before the cursor, in alphabetical order, names first. */
export const completeFormula = (source: string, cursor: number, names: FormulaNames): readonly FormulaCompletion[] => {
  let from = cursor
  while (from > 0 && /[A-Za-z0-9_]/.test(source[from - 1] as string)) from -= 1
  const begun = source.slice(from, cursor).toLowerCase()
  if (/^[0-9]/.test(begun)) return []
  const fromNames = [...names].map(
    ([name, known]): FormulaCompletion => ({
      insert: name,
      from,
      kind: "name",
      detail: known.kind === "amount" ? dimensionText(known.dimension) : known.kind === "constant" ? known.value : "word",
      meaning: known.meaning,
    }),
  )
  const fromFunctions = (Object.keys(functionArity) as FunctionName[]).map((name): FormulaCompletion => {
    const [detail, meaning] = functionHelp[name]
    return { insert: `${name}(`, from, kind: "function", detail, meaning }
  })
  const order = (left: FormulaCompletion, right: FormulaCompletion): number => (left.insert < right.insert ? -1 : 1)
  return [...fromNames.sort(order), ...fromFunctions.sort(order)].filter(({ insert }) => insert.toLowerCase().startsWith(begun))
}
