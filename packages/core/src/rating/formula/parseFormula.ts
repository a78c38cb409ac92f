import { Result } from "effect"
import { nearestName } from "../nearestName.ts"
import {
  type BinaryOperator,
  type CompareOperator,
  type Formula,
  type FormulaError,
  type FormulaErrorReason,
  formulaCharactersMaximum,
  formulaDepthMaximum,
  formulaDigitsMaximum,
  formulaDigitsTotalMaximum,
  formulaNodesMaximum,
  functionArity,
  isFunctionName,
} from "./Formula.ts"

interface Token {
  readonly kind: "number" | "name" | "text" | "symbol" | "end"
  readonly text: string
  readonly at: number
}

/** Refusals travel as one private exception inside this file: a parser that stops at its first error needs no other plumbing. */
class Refusal extends Error {
  readonly error: FormulaError
  constructor(at: number, reason: FormulaErrorReason, message: string) {
    super(message)
    this.error = { at, reason, message: `${message} (column ${at}).` }
  }
}

const space = /\s/
const digit = /[0-9]/
const nameStart = /[A-Za-z_]/
const namePart = /[A-Za-z0-9_]/
const symbols = ["<=", ">=", "==", "!=", "+", "-", "*", "/", "<", ">", "(", ")", ","]

const shown = (token: Token): string => (token.kind === "end" ? "the end" : `"${token.text.slice(0, 40)}"`)

const tokensOf = (source: string): readonly Token[] => {
  const tokens: Token[] = []
  let index = 0
  let digits = 0
  const takeWhile = (pattern: RegExp): string => {
    const from = index
    while (index < source.length && pattern.test(source[index] as string)) index += 1
    return source.slice(from, index)
  }
  while (index < source.length) {
    const at = index + 1
    const character = source[index] as string
    if (space.test(character)) index += 1
    else if (digit.test(character)) {
      const whole = takeWhile(digit)
      let text = whole
      if (source[index] === ".") {
        index += 1
        const fraction = takeWhile(digit)
        if (fraction === "") throw new Refusal(at, "syntax", `a number needs digits after its point: write ${whole}.0 or ${whole}`)
        text = `${whole}.${fraction}`
      }
      if (text.replace(".", "").length > formulaDigitsMaximum) {
        throw new Refusal(at, "too-many-digits", `a number has more than ${formulaDigitsMaximum} digits: shorten it`)
      }
      digits += text.length
      if (digits > formulaDigitsTotalMaximum) {
        throw new Refusal(
          at,
          "too-many-digits",
          `the numbers of the formula have more than ${formulaDigitsTotalMaximum} digits together: shorten them`,
        )
      }
      if (index < source.length && namePart.test(source[index] as string)) {
        throw new Refusal(index + 1, "syntax", `"${text}" runs into "${source[index]}": write a plain decimal number, and * to multiply`)
      }
      tokens.push({ kind: "number", text, at })
    } else if (nameStart.test(character)) tokens.push({ kind: "name", text: takeWhile(namePart), at })
    else if (character === '"' || character === "'") {
      const end = source.indexOf(character, index + 1)
      if (end < 0) throw new Refusal(at, "syntax", `the text that begins here has no closing ${character}`)
      tokens.push({ kind: "text", text: source.slice(index + 1, end), at })
      index = end + 1
    } else {
      const symbol = symbols.find((candidate) => source.startsWith(candidate, index))
      if (symbol === undefined) {
        const hint =
          character === "="
            ? ": compare with =="
            : character === "."
              ? ": write 0 before the point"
              : character === "^"
                ? ": there is no power"
                : ""
        throw new Refusal(at, "syntax", `"${character}" is not part of the language${hint}`)
      }
      tokens.push({ kind: "symbol", text: symbol, at })
      index += symbol.length
    }
  }
  return [...tokens, { kind: "end", text: "", at: source.length + 1 }]
}

const compareSymbols: readonly string[] = ["<", "<=", ">", ">=", "==", "!="]

const parseTokens = (tokens: readonly Token[]): Formula => {
  let position = 0
  let nodes = 0
  const peek = (): Token => tokens[position] as Token
  const take = (): Token => {
    const token = peek()
    position += 1
    return token
  }
  const isSymbol = (...texts: readonly string[]): boolean => peek().kind === "symbol" && texts.includes(peek().text)
  const expect = (symbol: string): void => {
    if (!isSymbol(symbol)) throw new Refusal(peek().at, "syntax", `"${symbol}" is expected here, not ${shown(peek())}`)
    take()
  }
  const made = (formula: Formula): Formula => {
    nodes += 1
    if (nodes > formulaNodesMaximum) {
      throw new Refusal(formula.at, "too-large", `the formula has more than ${formulaNodesMaximum} parts: split it into several meters`)
    }
    return formula
  }
  const deeper = (depth: number): number => {
    if (depth >= formulaDepthMaximum) {
      throw new Refusal(peek().at, "too-deep", `the formula nests deeper than ${formulaDepthMaximum}: split it into several meters`)
    }
    return depth + 1
  }
  const chain = (operators: readonly string[], next: (depth: number) => Formula, depth: number): Formula => {
    let left = next(depth)
    while (isSymbol(...operators)) {
      const { text, at } = take()
      left = made({ kind: "binary", operator: text as BinaryOperator, left, right: next(depth), at })
    }
    return left
  }
  const comparison = (depth: number): Formula => {
    const left = sum(depth)
    if (!isSymbol(...compareSymbols)) return left
    const { text, at } = take()
    const compared = made({ kind: "compare", operator: text as CompareOperator, left, right: sum(depth), at })
    if (isSymbol(...compareSymbols)) throw new Refusal(peek().at, "syntax", "one comparison at a time: nest if(...) for more")
    return compared
  }
  const sum = (depth: number): Formula => chain(["+", "-"], product, depth)
  const product = (depth: number): Formula => chain(["*", "/"], signed, depth)
  const signed = (depth: number): Formula => {
    if (!isSymbol("-")) return primary(depth)
    const { at } = take()
    return made({ kind: "negate", of: signed(deeper(depth)), at })
  }
  const primary = (depth: number): Formula => {
    const token = take()
    switch (token.kind) {
      case "number": {
        const [whole = "", fraction = ""] = token.text.split(".")
        return made({ kind: "number", value: { units: BigInt(whole + fraction), scale: fraction.length }, at: token.at })
      }
      case "text":
        return made({ kind: "text", value: token.text, at: token.at })
      case "name":
        return isSymbol("(") ? call(token, depth) : made({ kind: "name", name: token.text, at: token.at })
      case "symbol":
        if (token.text === "(") {
          const inner = comparison(deeper(depth))
          expect(")")
          return inner
        }
    }
    throw new Refusal(token.at, "syntax", `a number, a name or "(" is expected here, not ${shown(token)}`)
  }
  const call = (token: Token, depth: number): Formula => {
    if (!isFunctionName(token.text)) {
      const near = nearestName(token.text, Object.keys(functionArity))
      throw new Refusal(
        token.at,
        "unknown-function",
        `there is no function "${token.text.slice(0, 40)}": ${near === null ? `use one of ${Object.keys(functionArity).join(", ")}` : `did you mean "${near}"`}`,
      )
    }
    expect("(")
    const of: Formula[] = [comparison(deeper(depth))]
    while (isSymbol(",")) {
      take()
      of.push(comparison(deeper(depth)))
    }
    expect(")")
    const [least, most] = functionArity[token.text]
    if (of.length < least || of.length > most) {
      const wanted = least === most ? `${least}` : `${least} to ${most}`
      throw new Refusal(token.at, "arguments", `${token.text} takes ${wanted} values, not ${of.length}`)
    }
    return made({ kind: "call", name: token.text, of, at: token.at })
  }
  const formula = comparison(0)
  if (peek().kind !== "end")
    throw new Refusal(peek().at, "syntax", `the formula should end before ${shown(peek())}, or an operator is missing`)
  return formula
}

/** Reads a formula of language 1. Its cost is bounded by the limits of `Formula.ts`. */
export const parseFormula = (source: string): Result.Result<Formula, FormulaError> => {
  if (source.length > formulaCharactersMaximum) {
    const message = `the formula has ${source.length} characters, more than ${formulaCharactersMaximum}: split it into several meters.`
    return Result.fail({ at: formulaCharactersMaximum + 1, reason: "too-long", message })
  }
  try {
    return Result.succeed(parseTokens(tokensOf(source)))
  } catch (refusal) {
    if (refusal instanceof Refusal) return Result.fail(refusal.error)
    throw refusal
  }
}
