import { allocate } from "@hpc-billing/core"
import { smallerMinor } from "../derive/smallerMinor.ts"

/** What a receipt was paid from and has not been paid back, in minor units. */
export interface PaidFrom {
  /** Money received and tax withheld. */
  readonly bankMinor: bigint
  readonly credits: readonly { readonly project: string; readonly drawnMinor: bigint }[]
}

/**
 * The part of a refund that goes back to the credit of each project, in their order: the refund is divided over all that the
 * receipt was paid from, by largest remainder, so that no credit gets back more than was drawn from it. The rest is the bank's.
 */
export const shareRefund = (amountMinor: bigint, paidFrom: PaidFrom): readonly bigint[] => {
  const bankMinor = paidFrom.bankMinor > 0n ? paidFrom.bankMinor : 0n
  const shares = paidFrom.credits.map(({ project, drawnMinor }) => ({ key: `credit/${project}`, weight: drawnMinor }))
  const paidMinor = shares.reduce((sum, { weight }) => sum + weight, bankMinor)
  const dividedMinor = amountMinor > 0n ? smallerMinor(amountMinor, paidMinor) : 0n
  return allocate(dividedMinor, [...shares, { key: "bank", weight: bankMinor }]).slice(0, -1)
}
