import { books } from "./0001_books.ts"
import { corrections } from "./0002_corrections.ts"

export interface Migration {
  /** From 1, dense. */
  readonly id: number
  readonly name: string
  /** One statement each, run in one transaction. */
  readonly statements: readonly string[]
}

/** A migration that was released is never edited: what changes is added at the end. */
export const migrations: readonly Migration[] = [
  { id: 1, name: "books", statements: books },
  { id: 2, name: "corrections", statements: corrections },
]
