const palette = ["#1f5493", "#c27c0e", "#0f766e", "#7b5ea7", "#5b8cc9", "#a8477a", "#6b8e23", "#0e7fb3", "#a0522d", "#e07a5f"] as const

const fixed: Readonly<Record<string, string>> = { cpu: "#8fb5e0", gpu: "#1f5493", mem: "#c3cedb" }

/** Of the others together, and of no name. */
export const othersColour = "#9aa5b1"

/**
 * A colour for each name of one chart, no two of ten alike: known resources have theirs, what else has a name
 * gets the one that its letters give, or the next that is free.
 */
export const coloursOf = (keys: readonly string[]): ReadonlyMap<string, string> => {
  const chosen = new Map(keys.flatMap((key) => (fixed[key] === undefined ? [] : [[key, fixed[key]]])))
  const taken = new Set(chosen.values())
  for (const key of [...keys].sort()) {
    if (chosen.has(key)) continue
    const start = sumOf(key) % palette.length
    const order = [...palette.slice(start), ...palette.slice(0, start)]
    const colour = order.find((one) => !taken.has(one)) ?? (order[0] as string)
    chosen.set(key, colour)
    taken.add(colour)
  }
  return chosen
}

const sumOf = (key: string): number => [...key].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 9973, 7)

/** Axis text of a figure: `฿12.3k`. The exact value stands in the tooltip and in the table. */
export const axisText = (value: number, currency: string): string =>
  `${currency === "THB" ? "฿" : ""}${new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 }).format(value).toLowerCase()}`
