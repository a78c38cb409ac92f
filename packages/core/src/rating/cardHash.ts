import { type CanonicalValue, canonicalJson } from "../canonicalJson.ts"
import type { Sha256 } from "../Sha256.ts"
import { utf8 } from "../utf8.ts"
import type { RateCard } from "./RateBook.ts"

/** SHA-256 (hex) of the card's canonical form: the same for JSON and YAML, for any order of its fields. */
export const cardHash = (card: RateCard, sha256: Sha256): string => sha256(utf8(canonicalJson(card as unknown as CanonicalValue)))
