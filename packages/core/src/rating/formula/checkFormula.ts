import { Result } from "effect"
import { nearestName } from "../nearestName.ts"
import { type Dimension, Dimensions, dimensionText, divideDimensions, multiplyDimensions } from "./Dimension.ts"
import { type Formula, type FormulaError, type FormulaErrorReason, formulaDecimalsMaximum } from "./Formula.ts"
import type { FormulaName, FormulaNames } from "./FormulaNames.ts"
import { interpretFormula, ratioOfText } from "./interpretFormula.ts"
import type { Ratio } from "./Ratio.ts"

/** What is known of a formula before it meets any usage. */
export interface FormulaFacts {
  /**
   * Whether a job may be cut at any instant without changing the sum: always; only when it was never suspended (its amounts
   * then all grow in step); or never, so that it is rated whole.
   */
  readonly additive: Additive
  /** More use never costs less. False may also mean: could not be shown. */
  readonly monotone: boolean
  readonly names: readonly string[]
}

export type Additive = "always" | "unless-suspended" | "never"

/** How a value moves with time: not at all, in proportion to it, in proportion while not suspended, or otherwise. */
type Growth = "still" | "even" | "even-unless-suspended" | "other"

type Sign = "positive" | "not-negative" | "any"

/** How a value moves with use: not at all, never down, never up, or unknown. */
type Trend = "flat" | "up" | "down" | "unknown"

interface Known {
  readonly type: "number" | "word" | "condition"
  readonly dimension: Dimension
  readonly growth: Growth
  readonly sign: Sign
  readonly trend: Trend
  /** The value when it needs no usage. */
  readonly constant: Ratio | null
  /** Made of literals alone: nothing else shares its dimension. */
  readonly free?: boolean
}

class Refusal extends Error {
  readonly error: FormulaError
  constructor(at: number, reason: FormulaErrorReason, message: string) {
    super(message)
    this.error = { at, reason, message: `${message} (column ${at}).` }
  }
}

/**
 * Checks names, types and units against the names a card knows and the unit its result must have. A formula that passes ends, divides
 * by nothing that may be zero, and gives a number for every usage.
 */
export const checkFormula = (formula: Formula, names: FormulaNames, wanted: Dimension): Result.Result<FormulaFacts, FormulaError> => {
  const checker = checkerOf(names)
  try {
    const known = checker.check(formula)
    if (known.type !== "number") throw new Refusal(formula.at, "type", "the formula gives no number: choose one with if(condition, a, b)")
    if (!checker.dimensions.equate(known.dimension, wanted)) {
      const given = dimensionText(checker.dimensions.resolve(known.dimension))
      throw new Refusal(
        formula.at,
        "unit",
        `the formula gives ${given} where ${dimensionText(wanted)} is needed: multiply by a price or a weight, or change the unit`,
      )
    }
    return Result.succeed({
      additive: additiveOf(known.growth),
      monotone: known.trend === "flat" || known.trend === "up",
      names: [...checker.used],
    })
  } catch (refusal) {
    if (refusal instanceof Refusal) return Result.fail(refusal.error)
    throw refusal
  }
}

const additiveOf = (growth: Growth): Additive =>
  growth === "even" ? "always" : growth === "even-unless-suspended" ? "unless-suspended" : "never"

const checkerOf = (names: FormulaNames) => {
  const dimensions = new Dimensions()
  const used = new Set<string>()
  const constants = new Map<string, Dimension>()

  const nameOf = (name: string, at: number): FormulaName => {
    const known = names.get(name)
    if (known === undefined) {
      const near = nearestName(name, names.keys())
      throw new Refusal(
        at,
        "unknown-name",
        `there is no "${name.slice(0, 80)}": ${near === null ? "use a name of the list, or declare a constant" : `did you mean "${near}"`}`,
      )
    }
    used.add(name)
    return known
  }

  const nameKnown = (name: string, at: number): Known => {
    const known = nameOf(name, at)
    switch (known.kind) {
      case "amount":
        return {
          type: "number",
          dimension: known.dimension,
          growth: known.grows ? "even" : "still",
          sign: known.positive ? "positive" : "not-negative",
          trend: "up",
          constant: null,
        }
      case "constant": {
        const dimension = constants.get(name) ?? dimensions.open()
        constants.set(name, dimension)
        return literal(ratioOfText(known.value), dimension)
      }
      case "word":
        return { type: "word", dimension: new Map(), growth: "still", sign: "any", trend: "flat", constant: null }
    }
  }

  const literal = (value: Ratio, dimension: Dimension): Known => ({
    type: "number",
    dimension,
    growth: "still",
    sign: value.numerator > 0n ? "positive" : value.numerator === 0n ? "not-negative" : "any",
    trend: "flat",
    constant: value,
  })

  const number = (formula: Formula): Known => {
    const known = check(formula)
    if (known.type !== "number") {
      const what = known.type === "word" ? "a word" : "a condition"
      throw new Refusal(formula.at, "type", `${what} stands where a number is needed`)
    }
    return known
  }

  const same = (what: string, at: number, left: Known, right: Known): void => {
    if (dimensions.equate(left.dimension, right.dimension)) return
    const text = (known: Known): string => dimensionText(dimensions.resolve(known.dimension))
    throw new Refusal(at, "unit", `cannot ${what} ${text(left)} and ${text(right)}`)
  }

  const decimalsOf = (formula: Formula, of: string): void => {
    const isCount = formula.kind === "number" && formula.value.scale === 0 && formula.value.units <= BigInt(formulaDecimalsMaximum)
    if (!isCount)
      throw new Refusal(formula.at, "arguments", `${of} takes its decimals as a plain number from 0 to ${formulaDecimalsMaximum}`)
  }

  /** The facts of a node whose operands are all constant: its value, by the interpreter, from theirs. */
  const folded = (formula: Formula, known: Known, operands: readonly Known[]): Known => {
    const values = operands.flatMap(({ constant }) => (constant === null ? [] : [constant]))
    if (values.length < operands.length) return known
    const names = values.map((_, index): Formula => ({ kind: "name", name: String(index), at: formula.at }))
    const value = interpretFormula(withOperands(formula, names), new Map(values.map((operand, index) => [String(index), operand])))
    const free = operands.every((operand) => operand.free === true)
    return { ...literal(value, free ? dimensions.open() : known.dimension), free }
  }

  /** A literal takes on any dimension, and so does a product with one. */
  const combined = (left: Known, right: Known, combine: (left: Dimension, right: Dimension) => Dimension): Dimension =>
    left.free === true || right.free === true ? dimensions.open() : combine(left.dimension, right.dimension)

  const checkBinary = (formula: Formula & { readonly kind: "binary" }): Known => {
    const left = number(formula.left)
    const right = number(formula.right)
    const base = { type: "number", constant: null } as const
    switch (formula.operator) {
      case "+":
      case "-": {
        const isSum = formula.operator === "+"
        same(isSum ? "add" : "subtract", formula.at, left, right)
        return folded(
          formula,
          {
            ...base,
            dimension: left.dimension,
            growth: sumGrowth(left, right),
            sign: isSum ? sumSign(left.sign, right.sign) : "any",
            trend: sumTrend(left.trend, isSum ? right.trend : turned(right.trend)),
          },
          [left, right],
        )
      }
      case "*":
        return folded(
          formula,
          {
            ...base,
            dimension: combined(left, right, multiplyDimensions),
            growth: left.constant?.numerator === 0n || right.constant?.numerator === 0n ? "even" : productGrowth(left.growth, right.growth),
            sign:
              left.sign === "any" || right.sign === "any"
                ? "any"
                : left.sign === "positive" && right.sign === "positive"
                  ? "positive"
                  : "not-negative",
            trend: productTrend(left, right),
          },
          [left, right],
        )
      case "/": {
        if (right.constant === null) {
          throw new Refusal(
            formula.at,
            "division",
            "a formula divides only by a number: write divide(a, b, decimals) to divide by a quantity",
          )
        }
        if (right.constant.numerator === 0n) throw new Refusal(formula.at, "division", "this divides by zero")
        const isNegative = right.constant.numerator < 0n
        return folded(
          formula,
          {
            ...base,
            dimension: combined(left, right, divideDimensions),
            growth: left.growth,
            sign: isNegative ? "any" : left.sign,
            trend: isNegative ? turned(left.trend) : left.trend,
          },
          [left, right],
        )
      }
    }
  }

  const checkCompare = (formula: Formula & { readonly kind: "compare" }): Known => {
    const left = check(formula.left)
    const right = check(formula.right)
    if (left.type !== right.type || left.type === "condition") {
      throw new Refusal(formula.at, "type", "a comparison takes two numbers or two words")
    }
    if (left.type === "word") {
      if (formula.operator !== "==" && formula.operator !== "!=") throw new Refusal(formula.at, "type", "words compare with == and != only")
    } else same("compare", formula.at, left, right)
    const growths = [left.growth, right.growth]
    const isScaleFree = (left.constant?.numerator === 0n || right.constant?.numerator === 0n) && !growths.includes("other")
    const growth: Growth =
      left.growth === "still" && right.growth === "still"
        ? "still"
        : isScaleFree || !(growths.includes("other") || growths.includes("still"))
          ? "even-unless-suspended"
          : "other"
    const isFlat = left.trend === "flat" && right.trend === "flat"
    return { type: "condition", dimension: new Map(), growth, sign: "any", trend: isFlat ? "flat" : "unknown", constant: null }
  }

  const checkCall = (formula: Formula & { readonly kind: "call" }): Known => {
    const at = (index: number): Formula => formula.of[index] as Formula
    switch (formula.name) {
      case "if": {
        const condition = check(at(0))
        if (condition.type !== "condition") throw new Refusal(at(0).at, "type", "if needs a comparison first, such as cpus > 4")
        const left = number(at(1))
        const right = number(at(2))
        same("choose between", formula.at, left, right)
        return {
          type: "number",
          dimension: left.dimension,
          growth:
            condition.growth === "other"
              ? "other"
              : condition.growth === "still"
                ? joinGrowth(left, right)
                : loosened(joinGrowth(left, right)),
          sign: leastSign([left, right]),
          trend: condition.trend === "flat" ? joinTrend([left, right]) : "unknown",
          constant: null,
        }
      }
      case "min":
      case "max": {
        const parts = formula.of.map(number)
        const first = parts[0] as Known
        for (const part of parts.slice(1)) same(`take the ${formula.name} of`, formula.at, first, part)
        const growth = parts.reduce<Growth>((joined, part) => joinGrowths(joined, part), growthOfZero(first))
        const isPositive = formula.name === "max" && parts.some((part) => part.sign === "positive")
        const isNotNegative = formula.name === "max" && parts.some((part) => part.sign !== "any")
        return folded(
          formula,
          {
            type: "number",
            dimension: first.dimension,
            growth: growth === "still" || growth === "other" ? growth : "even-unless-suspended",
            sign: isPositive ? "positive" : isNotNegative ? "not-negative" : leastSign(parts),
            trend: joinTrend(parts),
            constant: null,
          },
          parts,
        )
      }
      case "ceil":
      case "floor": {
        const of = number(at(0))
        const sign = formula.name === "floor" && of.sign === "positive" ? "not-negative" : of.sign
        return folded(formula, { ...of, growth: of.growth === "still" ? "still" : "other", sign, constant: null, free: false }, [of])
      }
      case "round": {
        const of = number(at(0))
        decimalsOf(at(1), "round")
        return folded(
          formula,
          { ...of, growth: of.growth === "still" ? "still" : "other", sign: of.sign === "any" ? "any" : "not-negative", constant: null },
          [of],
        )
      }
      case "divide": {
        const left = number(at(0))
        const right = number(at(1))
        decimalsOf(at(2), "divide")
        if (right.sign !== "positive") {
          throw new Refusal(at(1).at, "division", "this may be zero or less, and nothing divides by that: write max(..., 1)")
        }
        const isStill = left.growth === "still" && right.growth === "still"
        const trend: Trend =
          right.trend === "flat" ? left.trend : left.trend === "flat" && left.sign !== "any" ? turned(right.trend) : "unknown"
        return folded(
          formula,
          {
            type: "number",
            dimension: divideDimensions(left.dimension, right.dimension),
            growth: isStill ? "still" : "other",
            sign: left.sign === "any" ? "any" : "not-negative",
            trend,
            constant: null,
          },
          [left, right],
        )
      }
    }
  }

  const check = (formula: Formula): Known => {
    switch (formula.kind) {
      case "number":
        return {
          ...literal({ numerator: formula.value.units, denominator: 10n ** BigInt(formula.value.scale) }, dimensions.open()),
          free: true,
        }
      case "text":
        return { type: "word", dimension: new Map(), growth: "still", sign: "any", trend: "flat", constant: null }
      case "name":
        return nameKnown(formula.name, formula.at)
      case "negate": {
        const of = number(formula.of)
        return folded(formula, { ...of, sign: "any", trend: turned(of.trend), constant: null }, [of])
      }
      case "binary":
        return checkBinary(formula)
      case "compare":
        return checkCompare(formula)
      case "call":
        return checkCall(formula)
    }
  }
  return { check, dimensions, used }
}

/** The same operation on other operands; the decimals of round and divide stay. */
const withOperands = (formula: Formula, operands: readonly Formula[]): Formula => {
  const [first = formula, second = formula] = operands
  switch (formula.kind) {
    case "negate":
      return { ...formula, of: first }
    case "binary":
      return { ...formula, left: first, right: second }
    case "call":
      return { ...formula, of: [...operands, ...formula.of.slice(operands.length)] }
    default:
      return formula
  }
}

/** Zero grows evenly with everything; other constants do not grow. */
const growthOfZero = (known: Known): Growth => (known.constant?.numerator === 0n ? "even" : known.growth)

const joinGrowths = (growth: Growth, known: Known): Growth => {
  const other = growthOfZero(known)
  if (growth === other) return growth
  const both = [growth, other]
  return both.includes("other") || both.includes("still") ? "other" : "even-unless-suspended"
}

const joinGrowth = (left: Known, right: Known): Growth => joinGrowths(growthOfZero(left), right)

const sumGrowth = (left: Known, right: Known): Growth => joinGrowth(left, right)

const loosened = (growth: Growth): Growth => (growth === "even" ? "even-unless-suspended" : growth === "still" ? "other" : growth)

const productGrowth = (left: Growth, right: Growth): Growth => (left === "still" ? right : right === "still" ? left : "other")

const sumSign = (left: Sign, right: Sign): Sign =>
  left === "any" || right === "any" ? "any" : left === "positive" || right === "positive" ? "positive" : "not-negative"

const leastSign = (parts: readonly Known[]): Sign =>
  parts.some((part) => part.sign === "any") ? "any" : parts.every((part) => part.sign === "positive") ? "positive" : "not-negative"

const turned = (trend: Trend): Trend => (trend === "up" ? "down" : trend === "down" ? "up" : trend)

const sumTrend = (left: Trend, right: Trend): Trend =>
  left === right ? left : left === "flat" ? right : right === "flat" ? left : "unknown"

const joinTrend = (parts: readonly Known[]): Trend => parts.map((part) => part.trend).reduce(sumTrend)

const productTrend = (left: Known, right: Known): Trend => {
  if (left.trend === "flat" && right.trend === "flat") return "flat"
  if (left.sign !== "any" && right.sign !== "any") return sumTrend(left.trend, right.trend)
  const [factor, other] = left.constant === null ? [right, left] : [left, right]
  return factor.constant !== null && factor.constant.numerator < 0n ? turned(other.trend) : "unknown"
}
