import { Result } from "effect"
import { formatMinor } from "../money/Currency.ts"
import { addDecimals, decimalZero, rescaleExact } from "../money/Decimal.ts"
import { divide } from "../money/divide.ts"
import { preparePayers } from "../payer/preparePayers.ts"
import type { Payer } from "../receipt/Payer.ts"
import type { JobRecord } from "../usage/JobRecord.ts"
import { normalise } from "../usage/normalise.ts"
import { checkRateBook } from "./checkRateBook.ts"
import { prepareRates } from "./prepareRates.ts"
import type { RatedLine } from "./RatedLine.ts"
import type { RateProblem } from "./RateProblem.ts"
import { rateUsage } from "./rateUsage.ts"

export type JobPrice =
  | { readonly priced: true; readonly lines: readonly RatedLine[]; readonly amount: string; readonly currency: string }
  | { readonly priced: false; readonly problems: readonly RateProblem[] }

const decimalsOfExactAmount = 30

/**
 * What one ended job costs a payer of the tier, in one call: for scripts, try-outs and tests. The book is the parsed document.
 * The amount is rounded once, half away from zero. Months, receipts and many jobs go through `rateUsage`.
 */
export const priceJob = (record: JobRecord, book: unknown, tier: string | null): JobPrice => {
  const checked = checkRateBook(book)
  if (Result.isFailure(checked)) return { priced: false, problems: checked.failure }
  const rates = prepareRates(checked.success, () => "")
  const mapping = {
    cluster: record.cluster,
    account: record.account,
    user: null,
    payerId: payerOfTier.id,
    effectiveFrom: "1970-01-01",
    effectiveUntil: null,
  }
  const payers = tier === null ? preparePayers([], [], rates.zone) : preparePayers([{ ...payerOfTier, tier }], [mapping], rates.zone)
  const { usages } = normalise([record], { asOfSeconds: record.endSeconds ?? record.submitSeconds })
  const windows = [{ startSeconds: Number.NEGATIVE_INFINITY, endSeconds: Number.POSITIVE_INFINITY }]
  const lines = usages.flatMap((usage) => rateUsage(usage, { rates, payers: Result.getOrThrow(payers), windows }))
  const exact = rescaleExact(
    lines.reduce((sum, line) => addDecimals(sum, line.amount), decimalZero),
    decimalsOfExactAmount,
  )
  const amountMinor = divide(exact.units, 10n ** BigInt(decimalsOfExactAmount - rates.currency.exponent), "half-up")
  return { priced: true, lines, amount: formatMinor(amountMinor, rates.currency), currency: rates.currency.code }
}

const payerOfTier: Payer = {
  id: "payer",
  nameThai: "",
  nameEnglish: "",
  addressThai: "",
  addressEnglish: "",
  taxId: "",
  branch: "00000",
  tier: "",
  taxTreatment: { kind: "out-of-scope", code: "none", basis: "price of one job" },
}
