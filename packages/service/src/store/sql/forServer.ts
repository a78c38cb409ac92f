const oldestVersion = 15

/** What a server says of itself. */
export interface ServerFacts {
  /** `version()`, in words. */
  readonly words: string
  /** The release of PostgreSQL that it is, or is compatible with. */
  readonly version: number
  readonly encoding: string
}

const isCockroach = (words: string): boolean => words.startsWith("CockroachDB")

/** Why the schema does not fit the server, with the next step; null when it does. */
export const whyUnfit = ({ words, version, encoding }: ServerFacts): string | null => {
  // it calls itself PostgreSQL 13 and has what the schema needs
  if (version < oldestVersion && !isCockroach(words))
    return `The database is PostgreSQL ${version}: use PostgreSQL ${oldestVersion} or newer.`
  if (encoding !== "UTF8") return `The database keeps text as ${encoding}: create it with ENCODING 'UTF8'.`
  return null
}

/** CockroachDB orders text by its bytes anyway, and refuses a column that asks for it. */
export const forServer = (statement: string, words: string): string =>
  isCockroach(words) ? statement.replaceAll(' COLLATE "C"', "") : statement
