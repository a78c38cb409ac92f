import { addMonths, lastDayOf, type Receipt } from "@hpc-billing/core"
import { Result } from "effect"
import { defaultPolicy, deriveEntries, type Entry, type ReceiptEvent } from "../src/index.ts"
import { issuedOf, payerOf } from "./receipts.ts"

/** A small generator of numbers, the same from the same seed: xorshift of 32 bits. */
export const seeded = (seed: number): ((below: number) => number) => {
  let state = seed === 0 ? 1 : seed | 0
  return (below) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % below
  }
}

/** Receipts of twelve months with payments, credit notes, refunds and voids: about `receipts` x 2.7 entries. */
export const yearOfEntries = (receipts: number, seed: number): { entries: Entry[]; receipts: Receipt[] } => {
  const random = seeded(seed)
  const entries: Entry[] = []
  const made: Receipt[] = []
  for (let index = 0; index < receipts; index += 1) {
    const month = addMonths("2026-01", Math.floor((index * 12) / receipts))
    const date = lastDayOf(month)
    const payer = payerOf(`p${index % 97}`, index % 5 !== 0)
    const receipt = issuedOf(payer, [BigInt(random(5_000_000)), BigInt(random(90_000)) - 20_000n], month, index)
    made.push(receipt)
    const posted: Entry[] = []
    const book = (event: ReceiptEvent): void => {
      posted.push(...Result.getOrThrow(deriveEntries(event, defaultPolicy)))
    }
    book({ kind: "accrued", receipt, month })
    book({ kind: "issued", receipt, month })
    const { grossMinor } = receipt
    const fate = random(10)
    if (fate < 6 && grossMinor > 0n) {
      const withheldMinor = fate < 2 ? receipt.netMinor / 33n : 0n
      book({
        kind: "paid",
        receipt,
        month,
        paymentId: "b1",
        date,
        from: "bank",
        receivedMinor: grossMinor - withheldMinor,
        withheldMinor,
        posted,
      })
    }
    if (fate === 3 && receipt.netMinor > 100n) {
      book({
        kind: "credited",
        receipt,
        month,
        creditNoteNumber: `CN-${index}`,
        date,
        netMinor: 100n,
        taxMinor: receipt.taxMinor > 7n ? 7n : 0n,
        posted,
      })
      book({ kind: "refunded", receipt, month, refundId: "r1", date, amountMinor: 50n, posted })
    }
    if (fate === 9 && grossMinor !== 0n) book({ kind: "voided", receipt, month, date, reason: "wrong payer", posted })
    entries.push(...posted)
  }
  return { entries, receipts: made }
}
