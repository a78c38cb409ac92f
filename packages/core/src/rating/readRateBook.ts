import { Result } from "effect"
import { isScalar, LineCounter, parseDocument, visit } from "yaml"
import { checkRateBook } from "./checkRateBook.ts"
import type { RateBook } from "./RateBook.ts"
import { type RateProblem, rateProblem } from "./RateProblem.ts"

const charactersMaximum = 4_000_000

/** Fields that hold whole numbers; a number anywhere else is a price or quantity, taken as the text that was written. */
const wholeNumberFields: ReadonlySet<string> = new Set(["format", "version", "lang", "exponent", "quantityDecimals", "minimumSeconds"])
const wholeNumberRecords: ReadonlySet<string> = new Set(["whenAtLeast", "perNode", "nodeShapes"])

/**
 * Reads a rate book from the text of a YAML or JSON file. Prices may stand without quotes: they are taken as written, digit by digit,
 * and never become floating-point numbers. Dates stay text. Every problem has its path, syntax errors their line.
 */
export const readRateBook = (text: string): Result.Result<RateBook, readonly RateProblem[]> => {
  if (text.length > charactersMaximum)
    return Result.fail([rateProblem("", "wrong-value", "book-too-long", { maximum: String(charactersMaximum) })])
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, version: "1.2" })
  const [error] = document.errors
  if (error !== undefined) {
    const { line, col } = lines.linePos(error.pos[0])
    const detail = `${error.message.split("\n")[0]?.replace(/ at line .*$/, "")}. Mend the YAML or JSON there.`
    return Result.fail([rateProblem(`line ${line}, column ${col}`, "wrong-value", "book-syntax-detail", { detail })])
  }
  visit(document, {
    Alias: () => visit.BREAK,
    Scalar: (key, node, path) => {
      if (key === "key" || typeof node.value !== "number" || node.source === undefined) return
      const names = path.flatMap((part) => ("key" in part && isScalar(part.key) ? [String(part.key.value)] : []))
      const isWhole = wholeNumberFields.has(names.at(-1) ?? "") || names.some((name) => wholeNumberRecords.has(name))
      if (!isWhole) node.value = node.source
    },
  })
  try {
    return checkRateBook(document.toJS({ maxAliasCount: 0 }))
  } catch {
    return Result.fail([rateProblem("", "wrong-value", "book-aliases")])
  }
}
