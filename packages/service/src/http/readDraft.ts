import { checkRateBook, type RateBook } from "@hpc-billing/core"
import { Effect, Result } from "effect"
import type { DocumentProblem } from "../api/groups/rates.ts"
import { decodeStructured } from "../site/decodeStructured.ts"
import { type PayerBook, PayerBookSchema } from "../site/PayerBook.ts"
import { parseStructuredText, type StructuredFile } from "../site/readStructuredFile.ts"
import type { SiteError } from "../site/SiteError.ts"

type Read<Book> =
  | { readonly book: Book; readonly problems: readonly [] }
  | { readonly book: null; readonly problems: readonly DocumentProblem[] }

const ofSite = (error: SiteError): Read<never> => ({
  book: null,
  problems: error.problems.map((message) => {
    const path = message.split(": ")[0] ?? ""
    return { path, reason: error.reason, message, code: "book-syntax-detail", params: { detail: message.slice(path.length + 2) } }
  }),
})

const read = <Book>(name: string, text: string, decode: (file: StructuredFile) => Effect.Effect<Read<Book>, SiteError>) =>
  parseStructuredText(name, text).pipe(
    Effect.flatMap(decode),
    Effect.catch((error) => Effect.succeed<Read<Book>>(ofSite(error))),
  )

/** A rate book as an editor holds it, YAML or JSON: the book, or everything that is wrong with it and where. */
export const readRateBook = (text: string) =>
  read<RateBook>("rates", text, (file) =>
    Effect.sync(() => {
      const checked = checkRateBook(file.value)
      return Result.isSuccess(checked)
        ? { book: checked.success, problems: [] }
        : {
            book: null,
            problems: checked.failure.map(({ path, reason, message, code, values }) => ({ path, reason, message, code, params: values })),
          }
    }),
  )

export const readPayerBook = (text: string) =>
  read<PayerBook>("payers", text, (file) => Effect.map(decodeStructured(PayerBookSchema, file), (book) => ({ book, problems: [] })))
