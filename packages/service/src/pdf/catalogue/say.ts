import i18next from "i18next"
import { english } from "./english.ts"
import { thai } from "./thai.ts"

export type Phrase = keyof typeof thai
export type Language = "th" | "en"

const catalogues = i18next.createInstance()
catalogues.init({
  resources: { th: { translation: thai }, en: { translation: english } },
  lng: "th",
  fallbackLng: false,
  keySeparator: false,
  nsSeparator: false,
  initAsync: false,
  interpolation: { escapeValue: false },
})

export type PhraseValues = Readonly<Record<string, string | number>>

/** A phrase of the catalogues in one language. */
export const say = (language: Language, phrase: Phrase, values: PhraseValues = {}): string =>
  catalogues.t(phrase, { ...values, lng: language })

/** A text in both languages of the documents. */
export interface Bilingual {
  readonly thai: string
  readonly english: string
}

export const sayBoth = (phrase: Phrase, values: PhraseValues = {}): Bilingual => ({
  thai: say("th", phrase, values),
  english: say("en", phrase, values),
})
