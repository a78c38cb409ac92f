import type { Content } from "pdfmake/interfaces.js"
import type { Fit } from "../PrintedDocument.ts"
import { breakThai } from "../thai/breakThai.ts"
import { shapeThai } from "../thai/shapeThai.ts"

/** How far the font moves on for a letter, as a part of its size; null when it has no such letter. */
export type FontAdvance = (codePoint: number) => number | null

const graphemes = new Intl.Segmenter("th", { granularity: "grapheme" })
const ellipsis = "…"
const missing = "?"

const covered = (text: string, advance: FontAdvance): string => {
  let result = ""
  for (const character of text) {
    result += character === "\n" || advance(character.codePointAt(0) as number) !== null ? character : missing
  }
  return result
}

/** Kerning left aside: it moves letters together, hardly ever apart. */
const fitted = (text: string, fit: Fit, advance: FontAdvance): string => {
  const widthOf = (candidate: string): number => {
    let ems = 0
    for (const character of shapeThai(candidate)) ems += advance(character.codePointAt(0) as number) ?? 0
    return ems * fit.fontSizePoints
  }
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

const prepareNode = (node: unknown, advance: FontAdvance): unknown => {
  if (typeof node === "string") return breakThai(covered(node, advance))
  if (Array.isArray(node)) return node.map((child) => prepareNode(child, advance))
  if (typeof node !== "object" || node === null) return node
  const { fitLine: fit, ...rest } = node as { readonly fitLine?: Fit; readonly text?: unknown }
  const prepared = Object.fromEntries(
    Object.entries(rest).map(([key, value]) => [key, printedKeys.has(key) ? prepareNode(value, advance) : value]),
  )
  if (fit !== undefined && typeof rest.text === "string") prepared.text = fitted(covered(rest.text, advance), fit, advance)
  return prepared
}

/**
 * Content as the layout engine can print it: new nodes throughout (the engine drops a node it meets twice), letters that the font
 * lacks as `?`, one-line texts cut to their column, break marks between Thai words.
 */
export const prepareContent = <Node extends Content>(content: readonly Node[], advance: FontAdvance): Node[] =>
  prepareNode(content, advance) as Node[]
