import type { Sentence } from "../api/sentences.ts"

/** A sentence as the members of a problem; `detail` may say more than the sentence can. */
export const said = ({ code, params, text }: Sentence, detail = text) => ({ code, params, detail })
