import { type Currency, parseDecimal, rescaleExact } from "@hpc-billing/core"
import { Effect } from "effect"
import { say } from "../api/sentences.ts"
import { type RunError, refuse } from "../run/RunError.ts"

/** Minor units of an amount as typed; refused when it has more decimals than the currency. */
export const minorOf = (text: string, currency: Currency): Effect.Effect<bigint, RunError> =>
  Effect.try({
    try: () => rescaleExact(parseDecimal(text) as NonNullable<ReturnType<typeof parseDecimal>>, currency.exponent).units,
    catch: () =>
      refuse("receipt-refused", say("amount-decimals", { amount: text, currency: currency.code, decimals: String(currency.exponent) })),
  })
