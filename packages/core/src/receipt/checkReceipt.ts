import { compareDecimals, formatDecimal, multiplyDecimals } from "../money/Decimal.ts"
import { computeTax } from "./computeTax.ts"
import type { Receipt } from "./Receipt.ts"

/** Recomputes what a receipt states of itself, from itself: each finding is one sentence; none means that it is true. */
export const checkReceipt = (receipt: Receipt): readonly string[] => {
  const findings: string[] = []
  const seen = new Set<string>()
  let netMinor = 0n
  for (const line of receipt.lines) {
    if (seen.has(line.id)) findings.push(`line ${line.id} stands twice`)
    seen.add(line.id)
    const product = multiplyDecimals(line.quantity, line.unitPrice)
    if (compareDecimals(product, line.amount) !== 0) {
      findings.push(
        `line ${line.id}: ${formatDecimal(line.quantity)} x ${formatDecimal(line.unitPrice)} is not the amount ${formatDecimal(line.amount)}`,
      )
    }
    if (line.payerId !== receipt.payer.id) findings.push(`line ${line.id} belongs to payer ${line.payerId}`)
    netMinor += line.billedMinor
  }
  if (netMinor !== receipt.netMinor) findings.push(`the lines sum to ${netMinor} minor units, the net total says ${receipt.netMinor}`)
  const tax = computeTax(receipt.netMinor, receipt.payer.taxTreatment)
  if (receipt.taxes.length !== 1 || receipt.taxes[0]?.taxMinor !== tax.taxMinor || receipt.taxMinor !== tax.taxMinor) {
    findings.push(`tax ${tax.code} on the net total is ${tax.taxMinor} minor units, the receipt says ${receipt.taxMinor}`)
  }
  if (receipt.netMinor + receipt.taxMinor !== receipt.grossMinor) {
    findings.push(`net and tax are ${receipt.netMinor + receipt.taxMinor} minor units, the gross total says ${receipt.grossMinor}`)
  }
  return findings
}
