import { parseDecimal } from "../../money/Decimal.ts"
import { divide, divideFloor } from "../../money/divide.ts"
import type { CompareOperator, Formula } from "./Formula.ts"

/** Where the value of a name is found: an integer over a denominator that never changes, a fixed number, or a word. */
export type FormulaSlot =
  | { readonly kind: "amount"; readonly index: number; readonly denominator: bigint }
  | { readonly kind: "constant"; readonly value: string }
  | { readonly kind: "word"; readonly index: number }

export interface FormulaInput {
  readonly amounts: readonly bigint[]
  readonly words: readonly string[]
}

/** A formula as closures over integers: its value is `numerator(input) / denominator`, exactly. */
export interface CompiledFormula {
  readonly denominator: bigint
  readonly numerator: (input: FormulaInput) => bigint
}

type Condition = (input: FormulaInput) => boolean
type Words = (input: FormulaInput) => string

/**
 * Compiles a checked formula: every denominator is worked out here, so that evaluating is multiplying, adding and comparing
 * integers. Throws on a formula that `checkFormula` did not pass.
 */
export const compileFormula = (formula: Formula, slots: ReadonlyMap<string, FormulaSlot>): CompiledFormula => {
  const fixed = (units: bigint, denominator: bigint): CompiledFormula => ({ denominator, numerator: () => units })

  const compileName = (name: string): CompiledFormula => {
    const slot = slots.get(name)
    if (slot?.kind === "amount") {
      const { index, denominator } = slot
      return { denominator, numerator: ({ amounts }) => amounts[index] as bigint }
    }
    const value = slot?.kind === "constant" ? parseDecimal(slot.value) : null
    if (value === null) throw new TypeError(`"${name}" is no amount: compile only checked formulas`)
    return fixed(value.units, 10n ** BigInt(value.scale))
  }

  const compileWord = (node: Formula): Words | null => {
    if (node.kind === "text") return () => node.value
    const slot = node.kind === "name" ? slots.get(node.name) : undefined
    return slot?.kind === "word" ? ({ words }) => words[slot.index] as string : null
  }

  const compileCondition = (node: Formula): Condition => {
    if (node.kind !== "compare") throw new TypeError("a condition is a comparison: compile only checked formulas")
    const leftWord = compileWord(node.left)
    const rightWord = compileWord(node.right)
    if (leftWord !== null && rightWord !== null) {
      return node.operator === "==" ? (input) => leftWord(input) === rightWord(input) : (input) => leftWord(input) !== rightWord(input)
    }
    const [left, right] = aligned([compile(node.left), compile(node.right)])
    return comparing(node.operator, (left as CompiledFormula).numerator, (right as CompiledFormula).numerator)
  }

  const compileCall = (node: Formula & { readonly kind: "call" }): CompiledFormula => {
    const at = (index: number): Formula => node.of[index] as Formula
    switch (node.name) {
      case "if": {
        const condition = compileCondition(at(0))
        const [left, right] = aligned([compile(at(1)), compile(at(2))]) as [CompiledFormula, CompiledFormula]
        return {
          denominator: left.denominator,
          numerator: (input) => (condition(input) ? left.numerator(input) : right.numerator(input)),
        }
      }
      case "min":
      case "max": {
        const takesLarger = node.name === "max"
        return aligned(node.of.map(compile)).reduce((left, right) => ({
          denominator: left.denominator,
          numerator: (input) => {
            const one = left.numerator(input)
            const other = right.numerator(input)
            return one > other === takesLarger ? one : other
          },
        }))
      }
      case "ceil":
      case "floor": {
        const of = compile(at(0))
        const isCeil = node.name === "ceil"
        return {
          denominator: 1n,
          numerator: (input) =>
            isCeil ? -divideFloor(-of.numerator(input), of.denominator) : divideFloor(of.numerator(input), of.denominator),
        }
      }
      case "round": {
        const of = compile(at(0))
        const denominator = 10n ** decimalsOf(at(1))
        return { denominator, numerator: (input) => divide(of.numerator(input) * denominator, of.denominator, "half-up") }
      }
      case "divide": {
        const left = compile(at(0))
        const right = compile(at(1))
        const denominator = 10n ** decimalsOf(at(2))
        const above = right.denominator * denominator
        return {
          denominator,
          numerator: (input) => divide(left.numerator(input) * above, left.denominator * right.numerator(input), "half-up"),
        }
      }
    }
  }

  const compile = (node: Formula): CompiledFormula => {
    switch (node.kind) {
      case "number":
        return fixed(node.value.units, 10n ** BigInt(node.value.scale))
      case "name":
        return compileName(node.name)
      case "negate": {
        const of = compile(node.of)
        return { denominator: of.denominator, numerator: (input) => -of.numerator(input) }
      }
      case "binary": {
        if (node.operator === "*") {
          const left = compile(node.left)
          const right = compile(node.right)
          return {
            denominator: left.denominator * right.denominator,
            numerator: (input) => left.numerator(input) * right.numerator(input),
          }
        }
        if (node.operator === "/") {
          const left = compile(node.left)
          const by = compile(node.right)
          const divisor = by.numerator(nothing)
          const factor = divisor < 0n ? -by.denominator : by.denominator
          return {
            denominator: left.denominator * (divisor < 0n ? -divisor : divisor),
            numerator: (input) => left.numerator(input) * factor,
          }
        }
        const [left, right] = aligned([compile(node.left), compile(node.right)]) as [CompiledFormula, CompiledFormula]
        const isSum = node.operator === "+"
        return {
          denominator: left.denominator,
          numerator: (input) => (isSum ? left.numerator(input) + right.numerator(input) : left.numerator(input) - right.numerator(input)),
        }
      }
      case "call":
        return compileCall(node)
      default:
        throw new TypeError(`${node.kind} gives no number: compile only checked formulas`)
    }
  }
  return compile(formula)
}

const nothing: FormulaInput = { amounts: [], words: [] }

const decimalsOf = (formula: Formula): bigint => {
  if (formula.kind !== "number") throw new TypeError("decimals are a plain number: compile only checked formulas")
  return formula.value.units
}

const comparing = (operator: CompareOperator, left: CompiledFormula["numerator"], right: CompiledFormula["numerator"]): Condition => {
  switch (operator) {
    case "<":
      return (input) => left(input) < right(input)
    case "<=":
      return (input) => left(input) <= right(input)
    case ">":
      return (input) => left(input) > right(input)
    case ">=":
      return (input) => left(input) >= right(input)
    case "==":
      return (input) => left(input) === right(input)
    case "!=":
      return (input) => left(input) !== right(input)
  }
}

const gcd = (left: bigint, right: bigint): bigint => (right === 0n ? left : gcd(right, left % right))

/** The same values over one common denominator. */
const aligned = (parts: readonly CompiledFormula[]): readonly CompiledFormula[] => {
  const common = parts.reduce((product, { denominator }) => (product / gcd(product, denominator)) * denominator, 1n)
  return parts.map(({ denominator, numerator }) => {
    const factor = common / denominator
    return { denominator: common, numerator: factor === 1n ? numerator : (input) => numerator(input) * factor }
  })
}
