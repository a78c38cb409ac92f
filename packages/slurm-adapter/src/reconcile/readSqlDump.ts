/** A row of a dumped table by column name; null stands for NULL. */
export type SqlRow = ReadonlyMap<string, string | null>

/**
 * The rows of some tables in a dump by mysqldump or mariadb-dump: the columns from `CREATE TABLE`, the values from `INSERT INTO`, one or
 * many to a statement. Tables that are not wanted are passed over.
 */
export const readSqlDump = (text: string, wanted: (table: string) => boolean): ReadonlyMap<string, readonly SqlRow[]> => {
  const columns = new Map<string, string[]>()
  const rows = new Map<string, SqlRow[]>()
  let created: string[] | null = null
  for (let at = 0; at < text.length; ) {
    const lineEnd = text.indexOf("\n", at)
    const end = lineEnd < 0 ? text.length : lineEnd
    if (text.startsWith("INSERT INTO `", at)) {
      const table = text.slice(at + 13, text.indexOf("`", at + 13))
      const values = text.indexOf("VALUES", at + 13 + table.length)
      if (!wanted(table) || values < 0) {
        at = end + 1
        continue
      }
      const list = rows.get(table) ?? []
      rows.set(table, list)
      at = readTuples(text, values + 6, (tuple) => {
        list.push(new Map((columns.get(table) ?? []).map((column, index) => [column, tuple[index] ?? null])))
      })
      continue
    }
    const line = text.slice(at, end)
    const table = /^CREATE TABLE `([^`]+)`/.exec(line)?.[1]
    if (table !== undefined) {
      created = []
      columns.set(table, created)
    } else if (created !== null) {
      const column = /^ {2}`([^`]+)`/.exec(line)?.[1]
      if (column !== undefined) created.push(column)
      else if (line.startsWith(")")) created = null
    }
    at = end + 1
  }
  return rows
}

const escapes: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", "0": "\u0000", Z: "\u001A", b: "\b" }

/** Reads `(1,'a',NULL),(2,'b',NULL);` and returns the place behind it. */
const readTuples = (text: string, from: number, take: (tuple: readonly (string | null)[]) => void): number => {
  let at = skipSpace(text, from)
  while (text[at] === "(") {
    const tuple: (string | null)[] = []
    do {
      at++
      if (text[at] === "'") {
        let value = ""
        for (at++; at < text.length && !(text[at] === "'" && text[at + 1] !== "'"); at++) {
          if (text[at] === "\\") {
            at++
            value += escapes[text[at] as string] ?? text[at]
          } else {
            if (text[at] === "'") at++
            value += text[at]
          }
        }
        tuple.push(value)
        at++
      } else {
        const start = at
        while (at < text.length && text[at] !== "," && text[at] !== ")") at++
        const value = text.slice(start, at)
        tuple.push(value === "NULL" ? null : value)
      }
    } while (text[at] === ",")
    take(tuple)
    at++
    if (text[at] !== ",") break
    // newer dumps begin a line for each row
    at = skipSpace(text, at + 1)
  }
  return at
}

const skipSpace = (text: string, from: number): number => {
  let at = from
  while (text[at] === " " || text[at] === "\n" || text[at] === "\r") at++
  return at
}
