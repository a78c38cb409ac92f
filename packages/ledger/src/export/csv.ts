/** RFC 4180 with CRLF. `machine` is exact; `spreadsheet` starts with a byte order mark and disarms texts that would run as formulas. */
export type CsvProfile = "machine" | "spreadsheet"

export type CsvCell = string | { readonly exact: string }

export const exact = (text: string): CsvCell => ({ exact: text })

const needsQuotes = /[",\r\n]/
const startsFormula = /^(?:[\s\p{Cc}]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|[\t\r])/u

const quoted = (text: string): string => (needsQuotes.test(text) || text.trim() !== text ? `"${text.replaceAll('"', '""')}"` : text)

/** `exact` texts (amounts, dates, numbers) are never disarmed; others are in the spreadsheet profile, by a leading apostrophe. */
export const csvField = (text: string, form: "exact" | "text", profile: CsvProfile): string =>
  quoted(form === "text" && profile === "spreadsheet" && startsFormula.test(text) ? `'${text}` : text)

const cellText = (cell: CsvCell, profile: CsvProfile): string =>
  typeof cell === "string" ? csvField(cell, "text", profile) : csvField(cell.exact, "exact", profile)

export const byteOrderMark = "\uFEFF"

export const csvRow = (cells: readonly CsvCell[], profile: CsvProfile): string =>
  `${cells.map((cell) => cellText(cell, profile)).join(",")}\r\n`

export const csvText = (header: readonly string[], rows: Iterable<readonly CsvCell[]>, profile: CsvProfile): string => {
  const lines = [profile === "spreadsheet" ? byteOrderMark : "", csvRow(header, "machine")]
  for (const row of rows) lines.push(csvRow(row, profile))
  return lines.join("")
}

/** The rows of CRLF or LF text, quotes resolved; null when a quote is not closed or stands where none may. */
export const readCsv = (text: string): readonly (readonly string[])[] | null => {
  const rows: string[][] = []
  let row: string[] = []
  let at = text.startsWith(byteOrderMark) ? 1 : 0
  while (at < text.length) {
    let cell = ""
    if (text[at] === '"') {
      at += 1
      for (;;) {
        const end = text.indexOf('"', at)
        if (end === -1) return null
        cell += text.slice(at, end)
        at = end + 1
        if (text[at] !== '"') break
        cell += '"'
        at += 1
      }
    } else {
      const end = /[,\r\n]|$/g
      end.lastIndex = at
      const stop = end.exec(text)?.index ?? text.length
      cell = text.slice(at, stop)
      if (cell.includes('"')) return null
      at = stop
    }
    row.push(cell)
    if (text[at] === ",") {
      at += 1
      if (at === text.length) row.push("")
      continue
    }
    if (at < text.length && text[at] !== "\r" && text[at] !== "\n") return null
    at += text.startsWith("\r\n", at) ? 2 : 1
    rows.push(row)
    row = []
  }
  if (row.length > 0) rows.push(row)
  return rows
}
