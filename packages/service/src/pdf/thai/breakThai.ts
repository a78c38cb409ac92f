/** Marks where a line may break in Thai text, which has no spaces between words. */
export const zeroWidthSpace = "\u200B"

const thaiLetter = /[\u0E01-\u0E5B]/
const latinThenThai = /([A-Za-z0-9])(?=[\u0E01-\u0E5B])/g
const thaiThenLatin = /([\u0E01-\u0E5B])(?=[A-Za-z])/g
/** ๆ and ฯ belong to the word before them. */
const neverFirst = /^[ๆฯ]/
const words = new Intl.Segmenter("th", { granularity: "word" })

/** Puts a zero-width space between Thai words and at Thai/Latin seams; other text is returned as it is. */
export const breakThai = (text: string): string => {
  if (!thaiLetter.test(text)) return text
  const seamed = text.replace(latinThenThai, `$1${zeroWidthSpace}`).replace(thaiThenLatin, `$1${zeroWidthSpace}`)
  let broken = ""
  let previous = ""
  for (const { segment } of words.segment(seamed)) {
    const between = thaiLetter.test(previous.slice(-1)) && thaiLetter.test(segment.slice(0, 1)) && !neverFirst.test(segment)
    broken += between ? zeroWidthSpace + segment : segment
    previous = segment
  }
  return broken
}
