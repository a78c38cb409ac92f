import { parseDecimal } from "../../money/Decimal.ts"
import type { FormulaSlot } from "./compileFormula.ts"
import type { Formula } from "./Formula.ts"

/** A formula over columns of whole numbers: the value of a row is `numerators[row] / denominator`, exactly. */
export interface ColumnFormula {
  readonly denominator: number
  /** Reads `count` rows of each amount's column and writes their numerators. */
  readonly numerators: (columns: readonly Float64Array[], count: number, into: Float64Array) => void
}

/** Rows worked on at a time: what a part of the formula needs stays in the processor's nearest cache. */
const blockRows = 1_024

const exactMaximum = BigInt(Number.MAX_SAFE_INTEGER)

/** One part of the formula: fills its block from row `from` on. */
interface Part {
  readonly denominator: bigint
  /** No value lies further from zero. */
  readonly bound: bigint
  readonly fill: (columns: readonly Float64Array[], from: number, count: number) => Float64Array
  /** The value of a part that is the same in every row. */
  readonly constant?: bigint
  /** What this part is a whole multiple of, so that two multiplications become one. */
  readonly multipleOf?: { readonly part: Part; readonly factor: bigint }
}

const gcd = (left: bigint, right: bigint): bigint => (right === 0n ? left : gcd(right, left % right))

const magnitude = (value: bigint): bigint => (value < 0n ? -value : value)

/**
 * Compiles a checked formula to loops over columns of doubles that hold integers. Every intermediate value is shown to stay below 2^53,
 * given the largest magnitude of each amount, so that the doubles are exact. null where that cannot be shown or the formula
 * uses more than + - * / min max: `compileFormula` takes those.
 */
export const compileColumns = (
  formula: Formula,
  slots: ReadonlyMap<string, FormulaSlot>,
  amountMaxima: readonly bigint[],
): ColumnFormula | null => {
  const constant = (units: bigint, denominator: bigint): Part => {
    const block = new Float64Array(blockRows).fill(Number(units))
    return { denominator, bound: magnitude(units), fill: () => block, constant: units }
  }

  /** The numerators of a part times a number; its denominator stays. */
  const times = (part: Part, factor: bigint): Part => {
    if (factor === 1n) return part
    if (part.constant !== undefined) return constant(part.constant * factor, part.denominator)
    if (part.multipleOf !== undefined)
      return { ...times(part.multipleOf.part, part.multipleOf.factor * factor), denominator: part.denominator }
    const by = Number(factor)
    const block = new Float64Array(blockRows)
    return {
      denominator: part.denominator,
      bound: part.bound * magnitude(factor),
      multipleOf: { part, factor },
      fill: (columns, from, count) => {
        const of = part.fill(columns, from, count)
        for (let row = 0; row < count; row += 1) block[row] = (of[row] as number) * by
        return block
      },
    }
  }

  const scaled = (part: Part, denominator: bigint): Part => ({ ...times(part, denominator / part.denominator), denominator })

  const aligned = (left: Part, right: Part): readonly [Part, Part] => {
    const common = (left.denominator / gcd(left.denominator, right.denominator)) * right.denominator
    return [scaled(left, common), scaled(right, common)]
  }

  const joined = (
    left: Part,
    right: Part,
    bound: bigint,
    join: (into: Float64Array, a: Float64Array, b: Float64Array, count: number) => void,
  ): Part => {
    const block = new Float64Array(blockRows)
    return {
      denominator: left.denominator,
      bound,
      fill: (columns, from, count) => {
        join(block, left.fill(columns, from, count), right.fill(columns, from, count), count)
        return block
      },
    }
  }

  const compile = (node: Formula): Part | null => {
    const part = compileNode(node)
    return part === null || part.bound > exactMaximum || part.denominator > exactMaximum ? null : part
  }

  const compileNode = (node: Formula): Part | null => {
    switch (node.kind) {
      case "number":
        return constant(node.value.units, 10n ** BigInt(node.value.scale))
      case "name": {
        const slot = slots.get(node.name)
        if (slot?.kind === "constant") {
          const value = parseDecimal(slot.value)
          return value === null ? null : constant(value.units, 10n ** BigInt(value.scale))
        }
        if (slot?.kind !== "amount") return null
        const { index, denominator } = slot
        return {
          denominator,
          bound: amountMaxima[index] ?? exactMaximum + 1n,
          fill: (columns, from, count) => (columns[index] as Float64Array).subarray(from, from + count),
        }
      }
      case "negate": {
        const of = compile(node.of)
        return of === null ? null : joined(of, of, of.bound, negateRows)
      }
      case "binary": {
        const left = compile(node.left)
        const right = compile(node.right)
        if (left === null || right === null) return null
        if (node.operator === "*") {
          const denominator = left.denominator * right.denominator
          if (right.constant !== undefined) return { ...times(left, right.constant), denominator }
          if (left.constant !== undefined) return { ...times(right, left.constant), denominator }
          return { ...joined(left, right, left.bound * right.bound, multiplyRows), denominator }
        }
        if (node.operator === "/") {
          if (right.constant === undefined || right.constant <= 0n) return null
          return { ...times(left, right.denominator), denominator: left.denominator * right.constant }
        }
        const [one, other] = aligned(left, right)
        return joined(one, other, one.bound + other.bound, node.operator === "+" ? addRows : subtractRows)
      }
      case "call": {
        if (node.name !== "min" && node.name !== "max") return null
        const parts = node.of.map(compile)
        return parts.reduce((left, right) => {
          if (left === null || right === null) return null
          const [one, other] = aligned(left, right)
          const bound = one.bound > other.bound ? one.bound : other.bound
          return joined(one, other, bound, node.name === "max" ? largerRows : smallerRows)
        })
      }
      default:
        return null
    }
  }

  const whole = compile(formula)
  if (whole === null) return null
  return {
    denominator: Number(whole.denominator),
    numerators: (columns, count, into) => {
      for (let from = 0; from < count; from += blockRows) {
        const rows = Math.min(blockRows, count - from)
        const block = whole.fill(columns, from, rows)
        into.set(block.length === rows ? block : block.subarray(0, rows), from)
      }
    },
  }
}

const addRows = (into: Float64Array, a: Float64Array, b: Float64Array, count: number): void => {
  for (let row = 0; row < count; row += 1) into[row] = (a[row] as number) + (b[row] as number)
}

const subtractRows = (into: Float64Array, a: Float64Array, b: Float64Array, count: number): void => {
  for (let row = 0; row < count; row += 1) into[row] = (a[row] as number) - (b[row] as number)
}

const multiplyRows = (into: Float64Array, a: Float64Array, b: Float64Array, count: number): void => {
  for (let row = 0; row < count; row += 1) into[row] = (a[row] as number) * (b[row] as number)
}

const negateRows = (into: Float64Array, a: Float64Array, _: Float64Array, count: number): void => {
  for (let row = 0; row < count; row += 1) into[row] = -(a[row] as number)
}

const largerRows = (into: Float64Array, a: Float64Array, b: Float64Array, count: number): void => {
  for (let row = 0; row < count; row += 1) {
    const one = a[row] as number
    const other = b[row] as number
    into[row] = one > other ? one : other
  }
}

const smallerRows = (into: Float64Array, a: Float64Array, b: Float64Array, count: number): void => {
  for (let row = 0; row < count; row += 1) {
    const one = a[row] as number
    const other = b[row] as number
    into[row] = one < other ? one : other
  }
}

/** Numerators to minor units, half away from zero: exact while `2 x |numerator| x 10^exponent + denominator` stays below 2^53; asserted. */
export const roundColumn = (numerators: Float64Array, denominator: number, exponent: number, count: number, into: Float64Array): void => {
  const common = Number(gcd(BigInt(denominator), 10n ** BigInt(exponent)))
  const times = 10 ** exponent / common
  const divisor = denominator / common
  const largest = (Number.MAX_SAFE_INTEGER - divisor) / (2 * times)
  for (let row = 0; row < count; row += 1) {
    const numerator = numerators[row] as number
    const size = numerator < 0 ? -numerator : numerator
    if (size > largest) throw new RangeError(`numerator ${numerator} is too large to be rounded in doubles`)
    const minor = Math.floor((2 * size * times + divisor) / (2 * divisor))
    into[row] = numerator < 0 ? -minor : minor
  }
}
