import { Result, Schema } from "effect"
import type { CanonicalValue } from "../canonicalJson.ts"
import { formatDecimal, parseDecimal } from "../money/Decimal.ts"
import type { Receipt, ReceiptLine } from "./Receipt.ts"

/**
 * A receipt as a document: money in minor units and decimals as text, keys as in `Receipt`. Reading back what was written
 * gives the same receipt; anything else is refused with the path.
 */
export const receiptToJson = (receipt: Receipt): CanonicalValue => ({
  format: "hpc-billing/receipt/1",
  ...receipt,
  currency: { ...receipt.currency },
  window: { ...receipt.window },
  issuer: { ...receipt.issuer },
  payer: { ...receipt.payer, taxTreatment: { ...receipt.payer.taxTreatment } },
  status:
    receipt.status.kind === "paid"
      ? { ...receipt.status, paidMinor: String(receipt.status.paidMinor), withheldMinor: String(receipt.status.withheldMinor) }
      : { ...receipt.status },
  netMinor: String(receipt.netMinor),
  taxMinor: String(receipt.taxMinor),
  grossMinor: String(receipt.grossMinor),
  taxes: receipt.taxes.map((tax) => ({ ...tax, netMinor: String(tax.netMinor), taxMinor: String(tax.taxMinor) })),
  lines: receipt.lines.map(lineToJson),
})

const lineToJson = ({ tax, ...line }: ReceiptLine): CanonicalValue => ({
  ...line,
  window: { ...line.window },
  quantity: formatDecimal(line.quantity),
  unitPrice: formatDecimal(line.unitPrice),
  amount: formatDecimal(line.amount),
  rate: { ...line.rate },
  ...(tax === undefined ? {} : { tax: { ...tax } }),
  corrects: line.corrects === null ? null : { ...line.corrects },
  flags: [...line.flags],
  billedMinor: String(line.billedMinor),
})

const Minor = Schema.BigIntFromString
const DecimalText = Schema.String.check(Schema.isPattern(/^-?\d{1,60}(?:\.\d{1,40})?$/))
const WindowJson = Schema.Struct({ startSeconds: Schema.Int, endSeconds: Schema.Int })
const Particulars = {
  nameThai: Schema.String,
  nameEnglish: Schema.String,
  addressThai: Schema.String,
  addressEnglish: Schema.String,
  taxId: Schema.String,
  branch: Schema.String,
}
const TaxRuleFields = {
  code: Schema.String,
  ratePercent: Schema.String,
  basis: Schema.String,
  basisThai: Schema.optionalKey(Schema.String),
}
const issued = { number: Schema.String, issuedAtSeconds: Schema.Int }

const ReceiptJson = Schema.Struct({
  format: Schema.Literal("hpc-billing/receipt/1"),
  id: Schema.String,
  tenant: Schema.String,
  month: Schema.String,
  zone: Schema.String,
  window: WindowJson,
  issuer: Schema.Struct(Particulars),
  payer: Schema.Struct({
    id: Schema.String,
    ...Particulars,
    tier: Schema.String,
    taxTreatment: Schema.Union([
      Schema.Struct({ kind: Schema.Literal("taxable"), code: Schema.String, ratePercent: Schema.String }),
      Schema.Struct({ kind: Schema.Literals(["exempt", "out-of-scope"]), code: Schema.String, basis: Schema.String }),
    ]),
  }),
  currency: Schema.Struct({ code: Schema.String, exponent: Schema.Int }),
  lines: Schema.Array(
    Schema.Struct({
      id: Schema.String,
      kind: Schema.Literals(["usage", "zero", "correction", "period"]),
      usageId: Schema.NullOr(Schema.String),
      payerId: Schema.String,
      cluster: Schema.String,
      account: Schema.String,
      user: Schema.String,
      jobId: Schema.String,
      jobName: Schema.String,
      partition: Schema.String,
      qos: Schema.String,
      state: Schema.String,
      window: WindowJson,
      sku: Schema.String,
      quantity: DecimalText,
      unit: Schema.String,
      unitPrice: DecimalText,
      amount: DecimalText,
      currency: Schema.String,
      rate: Schema.Struct({
        cardId: Schema.String,
        cardVersion: Schema.Int,
        cardHash: Schema.String,
        tier: Schema.String,
        overrideId: Schema.NullOr(Schema.String),
        basis: Schema.Literals(["allocated", "consumed", "dominant", "slurm-billing"]),
      }),
      tax: Schema.optionalKey(Schema.Struct(TaxRuleFields)),
      zeroReason: Schema.NullOr(Schema.String),
      corrects: Schema.NullOr(
        Schema.Struct({ month: Schema.String, lineId: Schema.NullOr(Schema.String), receiptNumber: Schema.NullOr(Schema.String) }),
      ),
      provisional: Schema.Boolean,
      flags: Schema.Array(Schema.String),
      billedMinor: Minor,
    }),
  ),
  taxes: Schema.Array(Schema.Struct({ ...TaxRuleFields, netMinor: Minor, taxMinor: Minor })),
  netMinor: Minor,
  taxMinor: Minor,
  grossMinor: Minor,
  status: Schema.Union([
    Schema.Struct({ kind: Schema.Literal("draft") }),
    Schema.Struct({ kind: Schema.Literal("issued"), ...issued }),
    Schema.Struct({ kind: Schema.Literal("paid"), ...issued, paidAtSeconds: Schema.Int, paidMinor: Minor, withheldMinor: Minor }),
    Schema.Struct({ kind: Schema.Literal("void"), ...issued, voidedAtSeconds: Schema.Int, reason: Schema.String }),
  ]),
})

const decode = Schema.decodeUnknownResult(ReceiptJson, { onExcessProperty: "error" })

/** The failure is a sentence with the path of what does not fit. */
export const receiptFromJson = (value: unknown): Result.Result<Receipt, string> =>
  Result.mapBoth(decode(value), {
    onFailure: (error) => `Not a receipt of format hpc-billing/receipt/1: ${String(error.message).replaceAll(/\s*\n\s*/g, " ")}`,
    onSuccess: ({ format: _, lines, ...receipt }) => ({
      ...receipt,
      lines: lines.map((line) => ({
        ...line,
        quantity: readDecimal(line.quantity),
        unitPrice: readDecimal(line.unitPrice),
        amount: readDecimal(line.amount),
      })),
    }),
  })

const readDecimal = (text: string): NonNullable<ReturnType<typeof parseDecimal>> => {
  const value = parseDecimal(text)
  if (value === null) throw new Error(`"${text}" passed the check of decimals but does not read`)
  return value
}
