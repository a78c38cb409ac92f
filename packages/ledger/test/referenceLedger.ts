import type { PrepaidOperation } from "../src/index.ts"

/**
 * What the books must say, by rules written a second time in the plainest way: a map of balances and a few numbers per receipt.
 * It knows nothing of entries, transfers or accounts' roles; the model run compares the ledger with it after every operation.
 */
export interface ReferenceReceipt {
  readonly net: bigint
  readonly tax: bigint
  owed: bigint
  taxWaiting: bigint
  lost: bigint
  taxLost: bigint
  netCredited: bigint
  taxCredited: bigint
}

export interface ReferenceLedger {
  readonly accounts: Map<string, bigint>
  readonly receipts: Map<string, ReferenceReceipt>
}

export const makeReference = (): ReferenceLedger => ({ accounts: new Map(), receipts: new Map() })

const add = ({ accounts }: ReferenceLedger, account: string, amount: bigint): void => {
  accounts.set(account, (accounts.get(account) ?? 0n) + amount)
}

export const referenceIssue = (reference: ReferenceLedger, id: string, net: bigint, tax: bigint): void => {
  reference.receipts.set(id, { net, tax, owed: net + tax, taxWaiting: tax, lost: 0n, taxLost: 0n, netCredited: 0n, taxCredited: 0n })
  add(reference, "1100", net + tax)
  add(reference, "4000", -net)
  add(reference, "2110", -tax)
}

export const referenceVoid = (reference: ReferenceLedger, id: string): void => {
  const { net, tax } = reference.receipts.get(id) as ReferenceReceipt
  reference.receipts.delete(id)
  add(reference, "1100", -net - tax)
  add(reference, "4000", net)
  add(reference, "2110", tax)
}

export const referencePay = (reference: ReferenceLedger, id: string, received: bigint, withheld: bigint, prepaid: boolean): void => {
  const receipt = reference.receipts.get(id) as ReferenceReceipt
  const beyond = received + withheld - (receipt.owed > 0n ? receipt.owed : 0n)
  const back = beyond <= 0n ? 0n : beyond < receipt.lost ? beyond : receipt.lost
  const taxBack = back === 0n ? 0n : (2n * receipt.taxLost * back + receipt.lost) / (2n * receipt.lost)
  add(reference, "1100", back)
  add(reference, "1190", taxBack - back)
  add(reference, "2110", -taxBack)
  receipt.owed += back
  receipt.lost -= back
  receipt.taxWaiting += taxBack
  receipt.taxLost -= taxBack
  const owed = receipt.owed > 0n ? receipt.owed : 0n
  const settled = received + withheld > owed ? owed : received + withheld
  // half up of a fraction that is never below zero, when something is owed
  const taxNow = owed === 0n ? 0n : (2n * receipt.taxWaiting * settled + owed) / (2n * owed)
  add(reference, prepaid ? "2000" : "1000", received)
  add(reference, "1180", withheld)
  add(reference, "1100", -settled)
  add(reference, "2000", -(received + withheld - settled))
  add(reference, "2110", taxNow)
  add(reference, "2100", -taxNow)
  receipt.owed -= settled
  receipt.taxWaiting -= taxNow
}

export const referenceCredit = (reference: ReferenceLedger, id: string, net: bigint, tax: bigint): void => {
  const receipt = reference.receipts.get(id) as ReferenceReceipt
  const waiting = tax < receipt.taxWaiting ? tax : receipt.taxWaiting
  add(reference, "4000", net)
  add(reference, "2110", waiting)
  add(reference, "2100", tax - waiting)
  add(reference, "1100", -net - tax)
  receipt.owed -= net + tax
  receipt.taxWaiting -= waiting
  receipt.netCredited += net
  receipt.taxCredited += tax
}

export const referenceRefund = (reference: ReferenceLedger, id: string, amount: bigint): void => {
  const receipt = reference.receipts.get(id) as ReferenceReceipt
  receipt.owed += amount
  add(reference, "1100", amount)
  add(reference, "1000", -amount)
}

export const referenceWriteOff = (reference: ReferenceLedger, id: string): void => {
  const receipt = reference.receipts.get(id) as ReferenceReceipt
  const tax = receipt.taxWaiting < receipt.owed ? receipt.taxWaiting : receipt.owed
  add(reference, "2110", tax)
  add(reference, "1190", receipt.owed - tax)
  add(reference, "1100", -receipt.owed)
  receipt.lost += receipt.owed
  receipt.taxLost += tax
  receipt.owed = 0n
  receipt.taxWaiting -= tax
}

export const referenceTopUp = (reference: ReferenceLedger, amount: bigint): void => {
  add(reference, "1000", amount)
  add(reference, "2000", -amount)
}

export const referenceYearClose = (reference: ReferenceLedger): void => {
  for (const account of ["4000", "5000", "6100", "6900"]) {
    const balance = reference.accounts.get(account) ?? 0n
    add(reference, account, -balance)
    add(reference, "3000", balance)
  }
}

/** After an ageing run the allowance is a credit of five percent of each payer's debts that are issued in this month or before. */
export const referenceImpair = (reference: ReferenceLedger, needed: bigint): void => {
  const change = needed + (reference.accounts.get("1190") ?? 0n)
  add(reference, "6100", change)
  add(reference, "1190", -change)
}

/** A project's credit in the plainest way: what came in, what was charged, and what each hold still keeps. */
export interface ReferenceCredit {
  paid: bigint
  charged: bigint
  ended: bigint
  asked: bigint
  readonly open: Map<string, { left: bigint; readonly until: number }>
}

export const referencePrepaid = (credit: ReferenceCredit, operation: PrepaidOperation): void => {
  switch (operation.kind) {
    case "top-up":
    case "refund":
      credit.paid += operation.amountMinor
      break
    case "hold":
      credit.asked += operation.amountMinor
      credit.open.set(operation.holdId, { left: operation.amountMinor, until: operation.expiresAtSeconds })
      break
    case "post": {
      const hold = credit.open.get(operation.holdId)
      if (hold === undefined) throw new Error("I12: a charge of a hold that has ended")
      hold.left -= operation.amountMinor
      credit.charged += operation.amountMinor
      if (!operation.isFinal && hold.left > 0n) break
      credit.ended += hold.left
      credit.open.delete(operation.holdId)
      break
    }
    case "void":
      credit.ended += credit.open.get(operation.holdId)?.left ?? 0n
      credit.open.delete(operation.holdId)
      break
    case "expire":
      for (const [holdId, { left, until }] of credit.open) {
        if (until > operation.atSeconds) continue
        credit.ended += left
        credit.open.delete(holdId)
      }
  }
}
