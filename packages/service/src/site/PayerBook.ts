import { type Payer, type PayerMapping, parseDecimal } from "@hpc-billing/core"
import { Schema } from "effect"

/** Who receives receipts and which accounts they pay for, as a document: read from `payers.yaml`, published in versions. */
export interface PayerBook {
  readonly format: 1
  readonly payers: readonly Payer[]
  readonly mappings: readonly PayerMapping[]
}

const Percent = Schema.String.check(
  Schema.makeFilter((text) => {
    const rate = parseDecimal(text)
    return (rate !== null && rate.units >= 0n) || `"${text}" is not a rate in percent such as "7"`
  }),
)

/** Thai tax ids end in a check digit: weights 13 to 2 over the first twelve, then (11 - sum mod 11) mod 10. */
const hasCheckDigit = (taxId: string): boolean => {
  const sum = [...taxId.slice(0, 12)].reduce((total, digit, index) => total + Number(digit) * (13 - index), 0)
  return Number(taxId[12]) === (11 - (sum % 11)) % 10
}

const TaxId = Schema.String.check(
  Schema.makeFilter((text) => {
    if (text === "") return true
    if (!/^\d{13}$/.test(text)) return `"${text}" is not a tax id: 13 digits in quotes, or "" when there is none`
    return hasCheckDigit(text) || `"${text}" is not a tax id: its last digit does not fit the others`
  }),
)

export const PayerBookSchema = Schema.Struct({
  format: Schema.Literal(1),
  payers: Schema.Array(
    Schema.Struct({
      id: Schema.String.check(
        Schema.isPattern(/^[a-z0-9][a-z0-9-]{0,62}$/, { expected: "an id of lower-case letters, digits and dashes" }),
      ),
      nameThai: Schema.NonEmptyString,
      nameEnglish: Schema.NonEmptyString,
      addressThai: Schema.String,
      addressEnglish: Schema.String,
      taxId: TaxId,
      branch: Schema.String.check(Schema.isPattern(/^(\d{5})?$/, { expected: 'a branch of 5 digits, or ""' })),
      tier: Schema.NonEmptyString,
      taxTreatment: Schema.Union([
        Schema.Struct({ kind: Schema.Literal("taxable"), code: Schema.NonEmptyString, ratePercent: Percent }),
        Schema.Struct({ kind: Schema.Literals(["exempt", "out-of-scope"]), code: Schema.NonEmptyString, basis: Schema.NonEmptyString }),
      ]),
    }),
  ),
  mappings: Schema.Array(
    Schema.Struct({
      cluster: Schema.NonEmptyString,
      account: Schema.NonEmptyString,
      user: Schema.NullOr(Schema.NonEmptyString),
      payerId: Schema.NonEmptyString,
      effectiveFrom: Schema.String,
      effectiveUntil: Schema.NullOr(Schema.String),
      sharePercent: Schema.optionalKey(Schema.String),
    }),
  ),
})
