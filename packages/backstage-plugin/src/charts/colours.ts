const palette = ["#1f5493", "#5b8cc9", "#0f766e", "#c27c0e", "#7b5ea7", "#5f7186", "#a8477a", "#6b8e23", "#0e7fb3", "#a0522d"] as const

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
