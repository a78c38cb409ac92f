import type { Currency } from "../money/Currency.ts"
import type { Rounding } from "../money/divide.ts"
import { roundAndAllocate } from "../money/roundAndAllocate.ts"
import type { RatedLine } from "../rating/RatedLine.ts"
import { type Month, monthWindow } from "../time/Month.ts"
import { computeTax } from "./computeTax.ts"
import type { Issuer, Payer } from "./Payer.ts"
import type { Receipt } from "./Receipt.ts"
import { taxGroups } from "./taxGroups.ts"

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
  const billed = new Map<string, bigint>()
  const taxes = taxGroups(rated, payer.taxTreatment).map(({ rule, lines }) => {
    const amounts = lines.map((line) => ({ key: line.id, amount: line.amount }))
    const partsMinor =
      rounding.scope === "receipt"
        ? roundAndAllocate(amounts, currency.exponent, rounding.mode).partsMinor
        : amounts.map((amount) => roundAndAllocate([amount], currency.exponent, rounding.mode).totalMinor)
    lines.forEach(({ id }, index) => {
      billed.set(id, partsMinor[index] as bigint)
    })
    return computeTax(sum(partsMinor), rule)
  })
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
    lines: rated.map((line) => ({ ...line, billedMinor: billed.get(line.id) ?? 0n })),
    taxes,
    netMinor,
    taxMinor,
    grossMinor: netMinor + taxMinor,
    status: { kind: "draft" },
  }
}
