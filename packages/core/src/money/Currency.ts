import { type Decimal, formatDecimal } from "./Decimal.ts"

/**
 * The unit a card prices in: an ISO 4217 currency (`THB`, exponent 2) or a declared credit (`SU`, exponent 0 to 6).
 * Amounts in it are bigints of minor units: satang, cents, thousandths of an SU.
 */
export interface Currency {
  readonly code: string
  /** Decimals of the minor unit. */
  readonly exponent: number
}

/** Minor units as plain text with all decimals: 411764n in THB is `4117.64`. */
export const formatMinor = (amountMinor: bigint, currency: Currency): string =>
  formatDecimal({ units: amountMinor, scale: currency.exponent } satisfies Decimal)
