import { type Currency, parseDecimal, rescaleExact } from "@hpc-billing/core"
import { Effect } from "effect"
import { type RunError, refuse } from "../run/RunError.ts"

/** Minor units of an amount as typed; refused when it has more decimals than the currency. */
export const minorOf = (text: string, currency: Currency): Effect.Effect<bigint, RunError> =>
  Effect.try({
    try: () => rescaleExact(parseDecimal(text) as NonNullable<ReturnType<typeof parseDecimal>>, currency.exponent).units,
    catch: () => refuse("receipt-refused", `${text} has more decimals than ${currency.code} has: write at most ${currency.exponent}.`),
  })
