import { compareDecimals, formatDecimal, multiplyDecimals } from "../money/Decimal.ts"
import { computeTax } from "./computeTax.ts"
import type { Receipt, ReceiptTax } from "./Receipt.ts"
import { taxGroups } from "./taxGroups.ts"

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
  const taxes = taxGroups(receipt.lines, receipt.payer.taxTreatment).map(({ rule, lines }) =>
    computeTax(
      lines.reduce((sum, line) => sum + line.billedMinor, 0n),
      rule,
    ),
  )
  let taxMinor = 0n
  taxes.forEach((tax, index) => {
    const stated = receipt.taxes[index]
    if (stated === undefined || !sameTax(tax, stated)) {
      findings.push(`tax ${saysTax(tax)} by the lines, the receipt says ${stated === undefined ? "nothing" : saysTax(stated)}`)
    }
    taxMinor += tax.taxMinor
  })
  for (const more of receipt.taxes.slice(taxes.length)) findings.push(`tax ${saysTax(more)}, but no line is taxed so`)
  if (receipt.taxMinor !== taxMinor) findings.push(`the taxes sum to ${taxMinor} minor units, the tax total says ${receipt.taxMinor}`)
  if (receipt.netMinor + receipt.taxMinor !== receipt.grossMinor) {
    findings.push(`net and tax are ${receipt.netMinor + receipt.taxMinor} minor units, the gross total says ${receipt.grossMinor}`)
  }
  return findings
}

const sameTax = (left: ReceiptTax, right: ReceiptTax): boolean =>
  left.code === right.code &&
  left.ratePercent === right.ratePercent &&
  left.basis === right.basis &&
  left.basisThai === right.basisThai &&
  left.netMinor === right.netMinor &&
  left.taxMinor === right.taxMinor

const saysTax = ({ code, ratePercent, basis, netMinor, taxMinor }: ReceiptTax): string =>
  `${code} (${basis === "" ? `${ratePercent} %` : basis}) on ${netMinor} is ${taxMinor} minor units`
