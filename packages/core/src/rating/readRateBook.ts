import { Result } from "effect"
import { isScalar, visit } from "yaml"
import { parseDocumentText } from "../document/parseDocumentText.ts"
import { checkRateBook } from "./checkRateBook.ts"
import type { RateBook } from "./RateBook.ts"
import { type RateProblem, rateProblem } from "./RateProblem.ts"

/** Fields that hold whole numbers; a number anywhere else is a price or quantity, taken as the text that was written. */
const wholeNumberFields: ReadonlySet<string> = new Set(["format", "version", "lang", "exponent", "quantityDecimals", "minimumSeconds"])
const wholeNumberRecords: ReadonlySet<string> = new Set(["whenAtLeast", "perNode", "nodeShapes"])

/**
 * Reads a rate book from the text of a YAML or JSON file. Prices may stand without quotes: they are taken as written, digit by digit,
 * and never become floating-point numbers. Dates stay text. Every problem has its path, syntax errors their line.
 */
export const readRateBook = (text: string): Result.Result<RateBook, readonly RateProblem[]> => {
  const parsed = parseDocumentText(text)
  if (Result.isFailure(parsed)) return Result.fail(parsed.failure)
  const { document } = parsed.success
  visit(document, {
    Alias: () => visit.BREAK,
    Scalar: (key, node, path) => {
      if (key === "key" || typeof node.value !== "number" || node.source === undefined) return
      const names = path.flatMap((part) => ("key" in part && isScalar(part.key) ? [String(part.key.value)] : []))
      const isWhole = wholeNumberFields.has(names.at(-1) ?? "") || names.some((name) => wholeNumberRecords.has(name))
      if (!isWhole) node.value = node.source
    },
  })
  return Result.flatMap(
    Result.try({
      try: (): unknown => document.toJS({ maxAliasCount: 0 }),
      catch: () => [rateProblem("", "wrong-value", "book-aliases")],
    }),
    checkRateBook,
  )
}
