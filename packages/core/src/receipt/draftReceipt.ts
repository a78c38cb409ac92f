import type { Currency } from "../money/Currency.ts"
import type { Rounding } from "../money/divide.ts"
import { roundAndAllocate } from "../money/roundAndAllocate.ts"
import type { RatedLine } from "../rating/RatedLine.ts"
import { type Month, monthWindow } from "../time/Month.ts"
import { computeTax } from "./computeTax.ts"
import type { Issuer, Payer } from "./Payer.ts"
import type { Receipt, ReceiptLine } from "./Receipt.ts"
import { type TaxGroup, taxGroups } from "./taxGroups.ts"

export interface DraftReceiptInput {
  readonly tenant: string
  readonly month: Month
  readonly zone: string
  readonly issuer: Issuer
  readonly payer: Payer
  readonly currency: Currency
  /** Where and how amounts become minor units: once for the receipt and tax code, or on each line. */
  readonly rounding: { readonly scope: "receipt" | "line"; readonly mode: Rounding }
  /** 1 for the first receipt of the payer and month. */
  readonly sequence: number
  /** Any order; provisional lines are left out. Each is the payer's, in the currency. */
  readonly lines: readonly RatedLine[]
}

const roundedParts = (lines: readonly RatedLine[], exponent: number, { scope, mode }: DraftReceiptInput["rounding"]): readonly bigint[] => {
  const amounts = lines.map((line) => ({ key: line.id, amount: line.amount }))
  return scope === "receipt"
    ? roundAndAllocate(amounts, exponent, mode).partsMinor
    : amounts.map((amount) => roundAndAllocate([amount], exponent, mode).totalMinor)
}

/** Lines in their order, each with its part; those of no group cost nothing. */
const withParts = (
  rated: readonly RatedLine[],
  groups: readonly TaxGroup<RatedLine>[],
  partsMinor: readonly (readonly bigint[])[],
): readonly ReceiptLine[] => {
  const [all] = groups
  if (groups.length === 1 && all?.lines.length === rated.length) {
    return rated.map((line, index) => ({ ...line, billedMinor: partsMinor[0]?.[index] as bigint }))
  }
  const billed = new Map(groups.flatMap(({ lines }, at) => lines.map(({ id }, index) => [id, partsMinor[at]?.[index] as bigint] as const)))
  return rated.map((line) => ({ ...line, billedMinor: billed.get(line.id) ?? 0n }))
}

const sum = (amountsMinor: readonly bigint[]): bigint => amountsMinor.reduce((total, amount) => total + amount, 0n)

const compareText = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0)

/** The receipt of one payer and month. The same lines in any order give the same receipt. */
export const draftReceipt = (input: DraftReceiptInput): Receipt => {
  const { payer, currency, rounding } = input
  const rated = input.lines
    .filter((line) => !line.provisional)
    .sort((a, b) => a.window.startSeconds - b.window.startSeconds || compareText(a.id, b.id))
  const seen = new Set<string>()
  for (const line of rated) {
    if (line.payerId !== payer.id) throw new Error(`line ${line.id} belongs to payer ${line.payerId}, not ${payer.id}`)
    if (line.currency !== currency.code) throw new Error(`line ${line.id} is in ${line.currency}, not ${currency.code}`)
    if (seen.has(line.id)) throw new Error(`line ${line.id} stands twice`)
    seen.add(line.id)
  }
  const groups = taxGroups(rated, payer.taxTreatment)
  const partsMinor = groups.map(({ lines }) => roundedParts(lines, currency.exponent, rounding))
  const taxes = groups.map(({ rule }, index) => computeTax(sum(partsMinor[index] ?? []), rule))
  const netMinor = sum(taxes.map((tax) => tax.netMinor))
  const taxMinor = sum(taxes.map((tax) => tax.taxMinor))
  return {
    id: `${input.tenant}/${input.month}/${payer.id}/${input.sequence}`,
    tenant: input.tenant,
    month: input.month,
    zone: input.zone,
    window: monthWindow(input.month, input.zone),
    issuer: input.issuer,
    payer,
    currency,
    lines: withParts(rated, groups, partsMinor),
    taxes,
    netMinor,
    taxMinor,
    grossMinor: netMinor + taxMinor,
    status: { kind: "draft" },
  }
}
