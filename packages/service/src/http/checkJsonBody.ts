import { type Sentence, say } from "../api/sentences.ts"

/** The bodies of this service have three levels. */
export const bodyDepthMaximum = 16
/** Prices by sku are the most that a body lists; books, scripts and records are texts, and each is one value. */
export const bodyValuesMaximum = 10_000

const [quote, comma, colon, openList, closeList, openObject, closeObject] = [...'",:[]{}'].map((mark) => mark.charCodeAt(0))

/** Why a JSON text is no body of this service, before it is parsed; null when it may be. One pass, whatever the text holds. */
export const checkJsonBody = (text: string): Sentence | null => {
  let [depth, values] = [0, 0]
  for (let at = 0; at < text.length; at += 1) {
    switch (text.charCodeAt(at)) {
      case quote:
        at = closingQuote(text, at)
        break
      case openList:
      case openObject:
        depth += 1
        if (depth > bodyDepthMaximum) return say("body-too-deep", { maximum: String(bodyDepthMaximum) })
        break
      case closeList:
      case closeObject:
        depth -= 1
        break
      case comma:
      case colon:
        values += 1
        if (values > bodyValuesMaximum) return say("body-too-many-values", { maximum: bodyValuesMaximum.toLocaleString("en-US") })
        break
    }
  }
  return null
}

/** Where a string ends that begins with the quote; the end of the text where it never does. */
const closingQuote = (text: string, from: number): number => {
  let end = text.indexOf('"', from + 1)
  while (end >= 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1)
  return end < 0 ? text.length : end
}

const isEscaped = (text: string, at: number): boolean => {
  let backslashes = 0
  while (text[at - 1 - backslashes] === "\\") backslashes += 1
  return backslashes % 2 === 1
}
