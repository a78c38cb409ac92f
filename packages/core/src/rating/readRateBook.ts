import { Result } from "effect"
import { isScalar, LineCounter, parseDocument, visit } from "yaml"
import { checkRateBook } from "./checkRateBook.ts"
import type { RateBook } from "./RateBook.ts"
import type { RateProblem } from "./RateProblem.ts"

const charactersMaximum = 4_000_000

/** Fields that hold whole numbers; a number anywhere else is a price or quantity, taken as the text that was written. */
const wholeNumberFields: ReadonlySet<string> = new Set(["format", "version", "lang", "exponent", "quantityDecimals", "minimumSeconds"])
const wholeNumberRecords: ReadonlySet<string> = new Set(["whenAtLeast", "perNode", "nodeShapes"])

/**
 * Reads a rate book from the text of a YAML or JSON file. Prices may stand without quotes: they are taken as written, digit by digit,
 * and never become floating-point numbers. Dates stay text. Every problem has its path, syntax errors their line.
 */
export const readRateBook = (text: string): Result.Result<RateBook, readonly RateProblem[]> => {
  const problem = (path: string, message: string): Result.Result<never, readonly RateProblem[]> =>
    Result.fail([{ path, reason: "wrong-value", message: `${path}: ${message}` }])
  if (text.length > charactersMaximum) return problem("the document", `it has more than ${charactersMaximum} characters: split the book.`)
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, version: "1.2" })
  const [error] = document.errors
  if (error !== undefined) {
    const { line, col } = lines.linePos(error.pos[0])
    return problem(
      `line ${line}, column ${col}`,
      `${error.message.split("\n")[0]?.replace(/ at line .*$/, "")}. Mend the YAML or JSON there.`,
    )
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
    return problem("the document", "it uses YAML aliases: write the values out.")
  }
}
