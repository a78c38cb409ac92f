import type { Entry } from "../src/index.ts"

export type Move = readonly [debitAccount: string, creditAccount: string, amountMinor: bigint, payerId?: string]

/** An entry in baht by what it moves; of payer p1, unless a move names another. */
export const entryOf = (id: string, date: string, moves: readonly Move[], change: Partial<Entry> = {}): Entry => ({
  id,
  tenant: "mu",
  effectiveDate: date,
  month: date.slice(0, 7),
  currency: "THB",
  currencyExponent: 2,
  memo: `memo of ${id}`,
  source: { kind: "adjustment", receiptId: null, receiptNumber: null },
  transfers: moves.map(([debitAccount, creditAccount, amountMinor, payerId = "p1"]) => ({
    debitAccount,
    creditAccount,
    amountMinor,
    payerId,
    memo: "",
  })),
  reverses: null,
  ...change,
})
