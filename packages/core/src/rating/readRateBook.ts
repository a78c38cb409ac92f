import { Result } from "effect"
import { readDocument } from "../document/readDocument.ts"
import { checkRateBook } from "./checkRateBook.ts"
import type { RateBook } from "./RateBook.ts"
import type { RateProblem } from "./RateProblem.ts"

/**
 * Reads a rate book from the text of a YAML or JSON file. Prices may stand without quotes: they are taken as written, digit by digit,
 * and never become floating-point numbers. Dates stay text. Every problem has its path, syntax errors their line.
 */
export const readRateBook = (text: string): Result.Result<RateBook, readonly RateProblem[]> =>
  Result.flatMap(readDocument(text), ({ value }) => checkRateBook(value))
