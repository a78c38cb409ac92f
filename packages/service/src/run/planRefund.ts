import { drawnMinorOf, type ReceiptPosition, shareRefund } from "@hpc-billing/ledger"
import type { ProjectCredit } from "./PrepaidLog.ts"

export interface Refund {
  /** null: all that the receipt stands in credit. */
  readonly amountMinor: bigint | null
  /** `as-paid`: what was drawn from prepaid credit goes back to it, in its share; `bank`: all is paid out. */
  readonly to: "as-paid" | "bank"
}

/** Where a refund goes; `credits` are those that get a part of it. */
export interface PlannedRefund {
  readonly amountMinor: bigint
  readonly bankMinor: bigint
  readonly credits: readonly { readonly credit: ProjectCredit; readonly partMinor: bigint }[]
}

/** Divides a refund over the bank and the credit of the projects that the receipt was paid from; the amount is judged when it is booked. */
export const planRefund = (
  receiptId: string,
  position: ReceiptPosition,
  credits: readonly ProjectCredit[],
  refund: Refund,
): PlannedRefund => {
  const amountMinor = refund.amountMinor ?? -position.receivableMinor
  const drawn = credits.map((credit) => ({ project: credit.prepaid.project, drawnMinor: drawnMinorOf(credit.operations, receiptId) }))
  const drawnMinor = drawn.reduce((sum, each) => sum + each.drawnMinor, 0n)
  const paidMinor = position.receivedMinor + position.withheldMinor - position.refundedMinor
  const parts = refund.to === "bank" ? [] : shareRefund(amountMinor, { bankMinor: paidMinor - drawnMinor, credits: drawn })
  const planned = credits.map((credit, index) => ({ credit, partMinor: parts[index] ?? 0n })).filter(({ partMinor }) => partMinor > 0n)
  return { amountMinor, bankMinor: planned.reduce((left, { partMinor }) => left - partMinor, amountMinor), credits: planned }
}
