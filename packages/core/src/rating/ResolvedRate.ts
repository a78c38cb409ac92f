import type { Decimal } from "../money/Decimal.ts"
import type { PreparedCard, PreparedMeter } from "./prepareRates.ts"
import type { RateOverride } from "./RateBook.ts"
import type { RateReference } from "./RatedLine.ts"

/** The price list that one subject pays at one instant: the card's meters with overrides and factors put in. */
export interface ResolvedRate {
  readonly card: PreparedCard
  readonly override: RateOverride | null
  readonly factors: readonly RateFactor[]
  /** Product of the factors. */
  readonly factor: Decimal
  readonly meters: readonly ResolvedMeter[]
  readonly reference: RateReference
}

export interface RateFactor {
  readonly by: "qos" | "partition" | "tier" | "override"
  readonly name: string
  readonly factor: Decimal
}

export interface ResolvedMeter {
  readonly prepared: PreparedMeter
  /** Before factors; from the override where it names the sku. */
  readonly listPrice: Decimal
  readonly overridden: boolean
  /** List price x factor: what a line shows. */
  readonly unitPrice: Decimal
}
