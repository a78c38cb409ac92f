import type { RateProblem } from "../rating/RateProblem.ts"

/** Counted from 1. */
export interface TextPlace {
  readonly line: number
  readonly column: number
}

/** What is wrong with a text before anything is known of its meaning: a problem whose path is a place in the text. */
export interface TextProblem extends RateProblem {
  /** null: the text as a whole. */
  readonly place: TextPlace | null
}

export const placeText = (place: TextPlace | null): string => (place === null ? "" : `line ${place.line}, column ${place.column}`)
