import { type Currency, parseDecimal, rescaleExact } from "@hpc-billing/core"
import { Effect } from "effect"
import { readBook } from "../run/Books.ts"
import { refuse } from "../run/RunError.ts"
import { amountText } from "./text/amountText.ts"

/** The currency of the tenant's published prices. */
const currencyOf = Effect.fnUntraced(function* (tenant: string) {
  const book = yield* readBook<{ readonly currency: Currency }>(tenant, "rate-book")
  return book === null
    ? yield* refuse("not-published", `${tenant} has no prices yet: publish them with "hpc-billing rates publish".`)
    : book.currency
})

/** Minor units of an amount as people write it, `1234.50`. */
export const amountMinor = Effect.fnUntraced(function* (tenant: string, text: string) {
  const currency = yield* currencyOf(tenant)
  const decimal = parseDecimal(text)
  if (decimal === null || decimal.scale > currency.exponent) {
    return yield* refuse(
      "receipt-refused",
      `"${text}" is no amount in ${currency.code}: write it with at most ${currency.exponent} decimals.`,
    )
  }
  return rescaleExact(decimal, currency.exponent).units
})

export const optionalAmountMinor = (tenant: string, text: string | null) =>
  text === null ? Effect.succeed(null) : amountMinor(tenant, text)

/** `1,234.50 THB`. */
export const moneyOf = Effect.fnUntraced(function* (tenant: string, minor: bigint) {
  const currency = yield* currencyOf(tenant)
  return `${amountText(minor, currency)} ${currency.code}`
})
