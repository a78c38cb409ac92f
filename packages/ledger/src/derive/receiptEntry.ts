import type { Receipt } from "@hpc-billing/core"
import type { Entry, EntrySource, Transfer } from "../Entry.ts"

/** A signed movement before it becomes a transfer: a negative amount swaps its legs, zero is none. */
export interface Movement {
  readonly debit: string
  readonly credit: string
  readonly amountMinor: bigint
  readonly memo: string
}

export const transfersOf = (movements: readonly Movement[], payerId: string): readonly Transfer[] =>
  movements.flatMap(({ debit, credit, amountMinor, memo }) => {
    if (amountMinor === 0n) return []
    return amountMinor > 0n
      ? [{ debitAccount: debit, creditAccount: credit, amountMinor, payerId, memo }]
      : [{ debitAccount: credit, creditAccount: debit, amountMinor: -amountMinor, payerId, memo }]
  })

/** The entry of a receipt event, or none when nothing moves. */
export const receiptEntry = (
  receipt: Receipt,
  entry: {
    readonly suffix: string
    readonly kind: EntrySource["kind"]
    readonly month: string
    readonly date: string
    readonly memo: string
    readonly movements: readonly Movement[]
    readonly reverses?: string
  },
): readonly Entry[] => {
  const transfers = transfersOf(entry.movements, receipt.payer.id)
  if (transfers.length === 0) return []
  return [
    {
      id: `${receipt.id}/${entry.suffix}`,
      tenant: receipt.tenant,
      effectiveDate: entry.date,
      month: entry.month,
      currency: receipt.currency.code,
      currencyExponent: receipt.currency.exponent,
      memo: entry.memo,
      source: {
        kind: entry.kind,
        receiptId: receipt.id,
        receiptNumber: receipt.status.kind === "draft" ? null : receipt.status.number,
      },
      transfers,
      reverses: entry.reverses ?? null,
    },
  ]
}
