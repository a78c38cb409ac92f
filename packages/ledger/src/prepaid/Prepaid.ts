import type { Currency } from "@hpc-billing/core"

/**
 * Credit that a project paid for ahead, and the holds that running jobs have on it. Money itself moves by entries (a top-up, a
 * payment from prepaid credit); this is the state that decides whether a new hold fits. One currency per account.
 */
export interface Prepaid {
  readonly project: string
  readonly currency: Currency
  /** Topped up and come back, less charged. */
  readonly settledMinor: bigint
  /** How far charges may go below zero; 0 for plain prepayment. */
  readonly limitMinor: bigint
  readonly holds: ReadonlyMap<string, Hold>
  /** Operations done, by id, with their canonical text: the same again changes nothing, another under the same id is refused. */
  readonly done: ReadonlyMap<string, string>
}

/** An amount set aside. It ends exactly: posted + voided + expired + open = amount. */
export interface Hold {
  readonly amountMinor: bigint
  readonly postedMinor: bigint
  readonly voidedMinor: bigint
  readonly expiredMinor: bigint
  readonly expiresAtSeconds: number
}

export type PrepaidOperation = { readonly id: string } & (
  | { readonly kind: "top-up"; readonly amountMinor: bigint }
  /** What a receipt took comes back, after a credit note on it. */
  | { readonly kind: "refund"; readonly receiptId: string; readonly amountMinor: bigint }
  | {
      readonly kind: "hold"
      readonly holdId: string
      readonly amountMinor: bigint
      readonly expiresAtSeconds: number
      readonly atSeconds: number
    }
  /** Charges a part of a hold; `isFinal` gives the rest back. */
  | { readonly kind: "post"; readonly holdId: string; readonly amountMinor: bigint; readonly isFinal: boolean; readonly atSeconds: number }
  | { readonly kind: "void"; readonly holdId: string }
  | { readonly kind: "expire"; readonly atSeconds: number }
)

export const emptyPrepaid = (project: string, currency: Currency, limitMinor = 0n): Prepaid => ({
  project,
  currency,
  settledMinor: 0n,
  limitMinor,
  holds: new Map(),
  done: new Map(),
})

export const openOf = (hold: Hold): bigint => hold.amountMinor - hold.postedMinor - hold.voidedMinor - hold.expiredMinor

/** Settled, in flight (held by running jobs), and what a new hold may take. */
export const prepaidBalances = (
  prepaid: Prepaid,
): { readonly settledMinor: bigint; readonly inFlightMinor: bigint; readonly committedMinor: bigint; readonly availableMinor: bigint } => {
  let inFlightMinor = 0n
  for (const hold of prepaid.holds.values()) inFlightMinor += openOf(hold)
  const committedMinor = prepaid.settledMinor - inFlightMinor
  return { settledMinor: prepaid.settledMinor, inFlightMinor, committedMinor, availableMinor: committedMinor + prepaid.limitMinor }
}
