import { checkRateBook, type RateBook, type RateProblem, readDocument } from "@hpc-billing/core"
import { Effect, Result } from "effect"
import type { DocumentProblem } from "../../api/groups/rates.ts"
import { decodeStructured } from "../../site/decodeStructured.ts"
import { PayerBookSchema } from "../../site/PayerBook.ts"
import { type StructuredFile, structuredFile } from "../../site/readStructuredFile.ts"
import type { Books, Draft, DraftQuestion, Oversize } from "./Draft.ts"

const problemView = ({ path, reason, message, code, values }: RateProblem): DocumentProblem => ({
  path,
  reason,
  message,
  code,
  params: values,
})

/** A rate book from parsed JSON or YAML. */
export const checkRates = (value: unknown): Draft<RateBook> =>
  Result.match(checkRateBook(value), {
    onSuccess: (book) => ({ book, problems: [] }),
    onFailure: (problems) => ({ book: null, problems: problems.map(problemView) }),
  })

const checkPayers = (file: StructuredFile): Draft<Books["payers"]> =>
  Effect.runSync(
    Effect.match(decodeStructured(PayerBookSchema, file), {
      onSuccess: (book): Draft<Books["payers"]> => ({ book, problems: [] }),
      onFailure: ({ reason, problems }) => ({
        book: null,
        problems: problems.map((message) => {
          const path = message.split(": ")[0] ?? ""
          return { path, reason, message, code: "book-syntax-detail", params: { detail: message.slice(path.length + 2) } }
        }),
      }),
    }),
  )

/** Reads a text and checks what it says. It may take seconds on a large book: `readDraft` has it done in a worker thread. */
export const checkDraft = ({ kind, text }: DraftQuestion): Draft<Books[keyof Books]> | Oversize => {
  const parsed = readDocument(text)
  if (Result.isFailure(parsed)) {
    const oversize = parsed.failure.find(({ reason }) => reason === "too-large")
    return oversize === undefined ? { book: null, problems: parsed.failure.map(problemView) } : { oversize }
  }
  const file = structuredFile(kind, parsed.success)
  return kind === "rates" ? checkRates(file.value) : checkPayers(file)
}
