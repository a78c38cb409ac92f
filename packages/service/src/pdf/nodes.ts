import type { Alignment, Content } from "pdfmake/interfaces.js"
import type { Bilingual } from "./catalogue/say.ts"
import { palette } from "./palette.ts"

/** The house style in nodes: Thai as it is, English small and grey beside or beneath it. */
const englishSize = 7.5

/** English beneath Thai. */
export const stacked = (text: Bilingual, style: object = {}): Content => ({
  stack: [
    { ...style, text: text.thai },
    { text: text.english, color: palette.grey, fontSize: englishSize },
  ],
})

/** English beside Thai, on one line. */
export const beside = (text: Bilingual, style: object = {}): Content => ({
  ...style,
  text: [{ text: text.thai }, { text: `  ${text.english}`, color: palette.grey, fontSize: englishSize }],
})

/** A column head: Thai bold in the accent colour over English. */
export const head = (text: Bilingual, alignment: Alignment = "left"): Content => ({
  alignment,
  stack: [
    { text: text.thai, bold: true, color: palette.accent },
    { text: text.english, fontSize: 7, color: palette.grey },
  ],
})

/** A figure: right-aligned on one line. Sarabun's Arabic digits all have one width. */
export const figure = (text: string, style: object = {}): Content => ({ ...style, text, alignment: "right", noWrap: true })
