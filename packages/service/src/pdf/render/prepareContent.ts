import type { Content } from "pdfmake/interfaces.js"
import type { Fit } from "../PrintedDocument.ts"
import { breakThai } from "../thai/breakThai.ts"
import { shapeThai } from "../thai/shapeThai.ts"

/** What the preparation asks of the font. */
export interface FontMeasure {
  readonly hasGlyph: (codePoint: number) => boolean
  /** Points, of shaped text. */
  readonly width: (text: string, fontSizePoints: number) => number
}

const graphemes = new Intl.Segmenter("th", { granularity: "grapheme" })
const ellipsis = "…"
const missing = "?"

const covered = (text: string, font: FontMeasure): string => {
  let result = ""
  for (const character of text) {
    const codePoint = character.codePointAt(0) as number
    result += character === "\n" || font.hasGlyph(codePoint) ? character : missing
  }
  return result
}

const fitted = (text: string, fit: Fit, font: FontMeasure): string => {
  const widthOf = (candidate: string): number => font.width(shapeThai(candidate), fit.fontSizePoints)
  if (widthOf(text) <= fit.widthPoints) return text
  const parts = [...graphemes.segment(text)].map((part) => part.segment)
  let low = 0
  let high = parts.length
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (widthOf(parts.slice(0, middle).join("") + ellipsis) <= fit.widthPoints) low = middle
    else high = middle
  }
  return parts.slice(0, low).join("").trimEnd() + ellipsis
}

/** The keys of a node under which text or further nodes stand. */
const printedKeys = new Set(["text", "stack", "columns", "table", "body"])

const prepareNode = (node: unknown, font: FontMeasure): unknown => {
  if (typeof node === "string") return breakThai(covered(node, font))
  if (Array.isArray(node)) return node.map((child) => prepareNode(child, font))
  if (typeof node !== "object" || node === null) return node
  const { fitLine: fit, ...rest } = node as { readonly fitLine?: Fit; readonly text?: unknown }
  const prepared = Object.fromEntries(
    Object.entries(rest).map(([key, value]) => [key, printedKeys.has(key) ? prepareNode(value, font) : value]),
  )
  if (fit !== undefined && typeof rest.text === "string") prepared.text = fitted(covered(rest.text, font), fit, font)
  return prepared
}

/**
 * Content as the layout engine can print it: new nodes throughout (the engine drops a node it meets twice), letters that the font
 * lacks as `?`, one-line texts cut to their column, break marks between Thai words.
 */
export const prepareContent = <Node extends Content>(content: readonly Node[], font: FontMeasure): Node[] =>
  prepareNode(content, font) as Node[]
