const palette = ["#1f5493", "#d97706", "#0f766e", "#9d4edd", "#b45309", "#475569", "#be185d", "#4d7c0f", "#0369a1", "#7c2d12"] as const

const fixed: Readonly<Record<string, string>> = { cpu: "#8fb5e0", gpu: "#1f5493", mem: "#c3cedb", "": "#9aa5b1" }

/** One colour per thing on every page: known resources have theirs, what else has a name keeps the one its letters give. */
export const colourOf = (key: string): string => {
  const known = fixed[key]
  if (known !== undefined) return known
  if (key.startsWith("gpu")) return palette[sumOf(key) % 2 === 0 ? 0 : 8] as string
  return palette[sumOf(key) % palette.length] as string
}

const sumOf = (key: string): number => [...key].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 9973, 7)

/** Axis text of a figure: `฿12.3k`. The exact value stands in the tooltip and in the table. */
export const axisText = (value: number, currency: string): string =>
  `${currency === "THB" ? "฿" : ""}${new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 }).format(value).toLowerCase()}`
