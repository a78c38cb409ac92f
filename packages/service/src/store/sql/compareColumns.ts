import type { Contradiction } from "../BillingStore.ts"
import { storableText } from "./columns.ts"

type Pairs = Readonly<Record<string, readonly [stored: unknown, said: unknown]>>

const same = (stored: unknown, said: unknown): boolean =>
  stored === said || (typeof said === "string" && stored === storableText(said)) || (stored === null && said === undefined)

/** The columns that do not say what the body says. */
export const compareColumns = (row: string, pairs: Pairs): readonly Contradiction[] => {
  const wrong = Object.entries(pairs).filter(([, [stored, said]]) => !same(stored, said))
  return wrong.length === 0
    ? []
    : [{ row, finding: wrong.map(([column, [stored, said]]) => `column ${column} holds ${stored}, its body says ${said}`).join("; ") }]
}

/** A body that cannot be read is a contradiction too. */
export const readingBody = (row: string, read: () => readonly Contradiction[]): readonly Contradiction[] => {
  try {
    return read()
  } catch (error) {
    return [{ row, finding: `its body cannot be read (${error instanceof Error ? error.message : error})` }]
  }
}
