import type { RateBook, RateProblem } from "@hpc-billing/core"
import type { DocumentProblem } from "../../api/groups/rates.ts"
import type { PayerBook } from "../../site/PayerBook.ts"

/** What a text can be a draft of, by its name. */
export interface Books {
  readonly rates: RateBook
  readonly payers: PayerBook
}

/** A book as an editor holds it, YAML or JSON: the book, or everything that is wrong with it and where. */
export type Draft<Book> =
  | { readonly book: Book; readonly problems: readonly [] }
  | { readonly book: null; readonly problems: readonly DocumentProblem[] }

/** A text of which nothing was parsed, since it is larger than any book; with the limit that it passes. */
export interface Oversize {
  readonly oversize: RateProblem
}

export interface DraftQuestion {
  readonly kind: keyof Books
  readonly text: string
}
