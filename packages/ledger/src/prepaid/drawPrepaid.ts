import { Result } from "effect"
import { smallerMinor } from "../derive/smallerMinor.ts"
import { applyPrepaid } from "./applyPrepaid.ts"
import { openOf, type Prepaid, type PrepaidOperation, prepaidBalances } from "./Prepaid.ts"

export interface Drawn {
  readonly prepaid: Prepaid
  /** What led there, in order; empty when nothing was drawn or given back. */
  readonly operations: readonly PrepaidOperation[]
  readonly drawnMinor: bigint
}

/**
 * What a receipt takes from prepaid credit, at most what is owed of it: first the holds named as the jobs that it bills, which end
 * with it, then what nothing holds. Other holds stand, and the credit never goes below zero for it. A receipt draws once.
 */
export const drawPrepaid = (
  prepaid: Prepaid,
  draw: { readonly receiptId: string; readonly owedMinor: bigint; readonly jobIds: ReadonlySet<string>; readonly atSeconds: number },
): Drawn => {
  const { receiptId, owedMinor, jobIds, atSeconds } = draw
  const id = (what: string): string => `draw/${receiptId}/${what}`
  const none: Drawn = { prepaid, operations: [], drawnMinor: 0n }
  if (owedMinor <= 0n || prepaid.done.has(id("expire"))) return none
  const operations: PrepaidOperation[] = []
  let next = prepaid
  const apply = (operation: PrepaidOperation): void => {
    operations.push(operation)
    next = Result.getOrThrow(applyPrepaid(next, operation))
  }
  apply({ id: id("expire"), kind: "expire", atSeconds })
  const charge = (holdId: string, amountMinor: bigint): void =>
    apply({ id: id(`post/${holdId}`), kind: "post", holdId, amountMinor, isFinal: true, atSeconds })
  let leftMinor = owedMinor
  for (const [holdId, hold] of [...next.holds].sort(([one], [other]) => (one < other ? -1 : 1))) {
    const openMinor = openOf(hold)
    if (openMinor === 0n || !jobIds.has(holdId)) continue
    const amountMinor = smallerMinor(openMinor, leftMinor)
    charge(holdId, amountMinor)
    leftMinor -= amountMinor
  }
  const freeMinor = smallerMinor(prepaidBalances(next).committedMinor, leftMinor)
  if (freeMinor > 0n) {
    apply({ id: id("hold"), kind: "hold", holdId: receiptId, amountMinor: freeMinor, expiresAtSeconds: atSeconds + 1, atSeconds })
    charge(receiptId, freeMinor)
    leftMinor -= freeMinor
  }
  return operations.length === 1 ? none : { prepaid: next, operations, drawnMinor: owedMinor - leftMinor }
}
