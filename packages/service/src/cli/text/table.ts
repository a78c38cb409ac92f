/** Columns of text for a terminal: numbers right, words left, Thai counted by what it takes on the screen. */
export const table = (rows: readonly (readonly string[])[], alignRight: readonly boolean[]): string => {
  const widths = alignRight.map((_, column) => Math.max(0, ...rows.map((row) => screenWidth(row[column] ?? ""))))
  return rows
    .map((row) =>
      row
        .map((cell, column) => {
          const gap = " ".repeat((widths[column] ?? 0) - screenWidth(cell))
          return alignRight[column] ? gap + cell : cell + gap
        })
        .join("  ")
        .trimEnd(),
    )
    .join("\n")
}

/** Marks above and below a letter take no place of their own. */
const screenWidth = (text: string): number => [...text.replaceAll(/\p{Mn}/gu, "")].length
