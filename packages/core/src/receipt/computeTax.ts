import { parseDecimal } from "../money/Decimal.ts"
import { divideHalfUp } from "../money/divide.ts"
import type { TaxTreatment } from "./Payer.ts"
import type { ReceiptTax } from "./Receipt.ts"

/** Tax once on the net total of a receipt, half away from zero. Throws when the rate is not a plain percentage: payers are checked when read. */
export const computeTax = (netMinor: bigint, treatment: TaxTreatment): ReceiptTax => {
  if (treatment.kind !== "taxable") return { code: treatment.code, ratePercent: "0", basis: treatment.basis, netMinor, taxMinor: 0n }
  const rate = parseDecimal(treatment.ratePercent)
  if (rate === null || rate.units < 0n)
    throw new RangeError(`tax code ${treatment.code}: "${treatment.ratePercent}" is not a rate in percent`)
  return {
    code: treatment.code,
    ratePercent: treatment.ratePercent,
    basis: "",
    netMinor,
    taxMinor: divideHalfUp(netMinor * rate.units, 100n * 10n ** BigInt(rate.scale)),
  }
}
