import { zeroWidthSpace } from "./breakThai.ts"

const marksBeforeAm = /([\u0E31\u0E34-\u0E37\u0E47-\u0E4E]*)\u0E33/g

/**
 * Prepares one cut word for a font engine without a Thai shaper: the break marks go (Sarabun prints a box for them), and
 * SARA AM becomes its ring and its AA with the ring below the tone mark, so that marks stack and copied text keeps every AA.
 */
export const shapeThai = (word: string): string =>
  word.replaceAll(zeroWidthSpace, "").replace(marksBeforeAm, (_, marks: string) => `\u0E4D${marks}\u0E32`)
