import { formatDecimal, normaliseDecimal, parseDecimal } from "../../money/Decimal.ts"
import type { Formula } from "./Formula.ts"
import { printFormula } from "./printFormula.ts"
import { addRatios, compareRatios, multiplyRatios, type Ratio, ratio, ratioOfDecimal } from "./Ratio.ts"

/** The value of each name: an amount as an exact ratio, a word as text. */
export type FormulaValues = ReadonlyMap<string, Ratio | string>

export interface TraceStep {
  readonly expression: string
  readonly value: string
}

type Value = Ratio | string | boolean

const asNumber = (value: Value): Ratio => {
  if (typeof value !== "object") throw new TypeError(`${value} stands where a number is needed: interpret only checked formulas`)
  return value
}

const roundRatio = (value: Ratio, decimals: bigint, mode: "nearest" | "down" | "up"): Ratio => {
  const scale = 10n ** decimals
  const scaled = value.numerator * scale
  const floor = scaled >= 0n ? scaled / value.denominator : -((-scaled + value.denominator - 1n) / value.denominator)
  const rest = scaled - floor * value.denominator
  if (rest === 0n) return ratio(floor, scale)
  if (mode === "down") return ratio(floor, scale)
  if (mode === "up") return ratio(floor + 1n, scale)
  const twice = 2n * rest
  const up = twice > value.denominator || (twice === value.denominator && value.numerator >= 0n)
  return ratio(up ? floor + 1n : floor, scale)
}

/** A ratio as people read it: exact when it ends within twelve decimals, else rounded and marked. */
const ratioText = (value: Ratio): string => {
  const rounded = roundRatio(value, 12n, "nearest")
  const text = formatDecimal(normaliseDecimal({ units: (rounded.numerator * 10n ** 12n) / rounded.denominator, scale: 12 }))
  return compareRatios(rounded, value) === 0 ? text : `about ${text}`
}

const valueText = (value: Value): string => (typeof value === "object" ? ratioText(value) : String(value))

const isLeaf = (formula: Formula): boolean => formula.kind === "number" || formula.kind === "text"

/**
 * The value of a checked formula over exact rationals, walking its tree; each name and operation is reported to `trace`. The second
 * implementation beside `compileFormula`: they share the tree and nothing else.
 */
export const interpretFormula = (formula: Formula, values: FormulaValues, trace?: (step: TraceStep) => void): Ratio => {
  const evaluate = (node: Formula): Value => {
    const value = evaluateNode(node)
    if (trace !== undefined && !isLeaf(node)) trace({ expression: printFormula(node), value: valueText(value) })
    return value
  }
  const number = (node: Formula): Ratio => asNumber(evaluate(node))
  const evaluateNode = (node: Formula): Value => {
    switch (node.kind) {
      case "number":
        return ratioOfDecimal(node.value)
      case "text":
        return node.value
      case "name": {
        const value = values.get(node.name)
        if (value === undefined) throw new TypeError(`"${node.name}" has no value: interpret only checked formulas`)
        return value
      }
      case "negate":
        return multiplyRatios(number(node.of), ratio(-1n))
      case "binary": {
        const left = number(node.left)
        const right = number(node.right)
        if (node.operator === "+") return addRatios(left, right)
        if (node.operator === "-") return addRatios(left, multiplyRatios(right, ratio(-1n)))
        return multiplyRatios(left, node.operator === "*" ? right : ratio(right.denominator, right.numerator))
      }
      case "compare": {
        const left = evaluate(node.left)
        const right = evaluate(node.right)
        if (typeof left === "string" || typeof right === "string") return node.operator === "==" ? left === right : left !== right
        const order = compareRatios(asNumber(left), asNumber(right))
        switch (node.operator) {
          case "<":
            return order < 0
          case "<=":
            return order <= 0
          case ">":
            return order > 0
          case ">=":
            return order >= 0
          case "==":
            return order === 0
          case "!=":
            return order !== 0
        }
      }
    }
    return evaluateCall(node)
  }
  const evaluateCall = (node: Formula & { readonly kind: "call" }): Ratio => {
    const at = (index: number): Formula => node.of[index] as Formula
    switch (node.name) {
      case "if":
        return evaluate(at(0)) === true ? number(at(1)) : number(at(2))
      case "min":
      case "max":
        return node.of.map(number).reduce((best, next) => {
          const order = compareRatios(next, best)
          return (node.name === "max" ? order > 0 : order < 0) ? next : best
        })
      case "ceil":
        return roundRatio(number(at(0)), 0n, "up")
      case "floor":
        return roundRatio(number(at(0)), 0n, "down")
      case "round":
        return roundRatio(number(at(0)), number(at(1)).numerator, "nearest")
      case "divide": {
        const left = number(at(0))
        const right = number(at(1))
        return roundRatio(multiplyRatios(left, ratio(right.denominator, right.numerator)), number(at(2)).numerator, "nearest")
      }
    }
  }
  return asNumber(evaluate(formula))
}

export const ratioOfText = (text: string): Ratio => {
  const value = parseDecimal(text)
  if (value === null) throw new RangeError(`${text} is not a decimal number`)
  return ratioOfDecimal(value)
}
